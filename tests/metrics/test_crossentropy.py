import numpy as np
import pytest

from lamina import metrics
from lamina.errors import ArgumentError, ShapeError

LOGITS = np.log([[0.25, 0.5, 0.25], [0.7, 0.2, 0.1]])


def test_yes_and_no_by_hand():
    value = metrics.BinaryCrossentropy()([1, 0], [0.25, 0.5])

    assert value == pytest.approx((np.log(4) + np.log(2)) / 2)


@pytest.mark.parametrize("from_logits", [False, True])
def test_classes_by_hand(from_logits):
    y_pred = LOGITS + 3 if from_logits else np.exp(LOGITS)

    one_hot = metrics.CategoricalCrossentropy(from_logits=from_logits)(np.eye(3)[[1, 0]], y_pred)
    numbers = metrics.SparseCategoricalCrossentropy(from_logits=from_logits)([1, 0], y_pred)

    assert one_hot == pytest.approx(-np.log(0.5 * 0.7) / 2, rel=1e-6)
    assert numbers == pytest.approx(float(one_hot), rel=1e-6)


def test_the_ignored_class_has_no_weight():
    value = metrics.SparseCategoricalCrossentropy(ignore_class=-1)([1, -1, -1], np.full((3, 2), 0.5))

    assert value == pytest.approx(np.log(2))


def test_probabilities_of_zero_and_one_stay_finite():
    value = metrics.BinaryCrossentropy()([1, 0], [0.0, 1.0])

    assert value == pytest.approx(-np.log(1e-7), rel=1e-2)


@pytest.mark.parametrize(
    ("metric", "arguments", "message"),
    [
        (metrics.BinaryCrossentropy, {"from_logits": 1}, r"\(from_logits\): expected True or False, got 1"),
        (metrics.BinaryCrossentropy, {"label_smoothing": 2}, r"\(label_smoothing\): expected .* at most 1, got 2"),
        (metrics.CategoricalCrossentropy, {"from_logits": 1}, r"\(from_logits\): expected True or False, got 1"),
        (metrics.CategoricalCrossentropy, {"label_smoothing": -1}, r"\(label_smoothing\): expected .* at least 0"),
        (metrics.SparseCategoricalCrossentropy, {"from_logits": 1}, r"\(from_logits\): expected True or False, got 1"),
        (metrics.SparseCategoricalCrossentropy, {"ignore_class": "none"}, r"\(ignore_class\): expected an integer"),
    ],
)
def test_arguments_out_of_range_are_refused(metric, arguments, message):
    with pytest.raises(ArgumentError, match=metric.__name__ + message):
        metric(**arguments)


def test_one_hot_targets_are_refused_where_class_numbers_belong():
    with pytest.raises(ShapeError, match=r"SparseCategoricalCrossentropy: expected one class number for each row"):
        metrics.SparseCategoricalCrossentropy()(np.eye(3), np.eye(3))
