import numpy as np
import pytest

from lamina import metrics
from lamina.errors import ArgumentError, ShapeError


def test_accuracy_compares_answers():
    value = metrics.Accuracy()([[1], [2], [3], [4]], [[0], [2], [3], [4]])

    assert value == 0.75


@pytest.mark.parametrize("y_true", [[1, 1, 0, 0], [[1], [1], [0], [0]], [True, True, False, False], [1, 1, -1, -1]])
def test_yes_is_what_lies_above_the_threshold(y_true):
    value = metrics.BinaryAccuracy()(np.array(y_true), np.array([[0.51], [0.5], [0.5], [0.6]]))

    assert value == 0.5


def test_a_threshold_of_zero_judges_signs():
    value = metrics.BinaryAccuracy(threshold=0.0)([-1, -1, 1, 1], [-0.2, 0.3, 0.1, 7.0])

    assert value == 0.75


def test_the_likeliest_class_is_the_answer():
    y_pred = np.array([[0.1, 0.9, 0.8], [0.05, 0.95, 0.0]])

    one_hot = metrics.CategoricalAccuracy()([[0, 0, 1], [0, 1, 0]], y_pred)
    numbers = metrics.SparseCategoricalAccuracy()([[2], [1]], y_pred)

    assert one_hot == numbers == 0.5


def test_a_network_that_says_the_same_of_all_classes_is_right_for_the_first_alone():
    value = metrics.SparseCategoricalAccuracy()([0, 1, 2, 3], np.full((4, 4), 0.25))

    assert value == 0.25


def test_pixels_count_one_by_one(rng):
    y_true, y_pred = rng.integers(3, size=(2, 5, 5)), rng.random((2, 5, 5, 3))

    value = metrics.SparseCategoricalAccuracy()(y_true, y_pred)

    assert value == pytest.approx((y_true == y_pred.argmax(-1)).mean())


@pytest.mark.parametrize(
    ("metric", "y_true"),
    [
        (metrics.Accuracy(), (4, 2)),
        (metrics.BinaryAccuracy(), (4, 2)),
        (metrics.CategoricalAccuracy(), (4,)),
        (metrics.SparseCategoricalAccuracy(), (4, 3)),
    ],
    ids=repr,
)
def test_targets_of_another_shape_are_refused(metric, y_true):
    with pytest.raises(ShapeError, match=f"{type(metric).__name__}: expected one .*, got targets of shape"):
        metric(np.ones(y_true), np.ones((4, 3)))


def test_a_threshold_must_be_a_number():
    with pytest.raises(ArgumentError, match=r"BinaryAccuracy\(threshold\): expected a finite number, got '0.5'"):
        metrics.BinaryAccuracy(threshold="0.5")
