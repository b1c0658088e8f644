import numpy as np
import pytest

from lamina import metrics
from lamina.errors import ArgumentError

Y_PRED = np.array([[0.1, 0.6, 0.3], [0.1, 0.6, 0.3]])


@pytest.mark.parametrize(("k", "expected"), [(1, 0.0), (2, 0.5), (3, 1.0), (50, 1.0)])
def test_the_true_class_is_among_the_first_k(k, expected):
    one_hot = metrics.TopKCategoricalAccuracy(k=k)([[0, 0, 1], [1, 0, 0]], Y_PRED)
    numbers = metrics.SparseTopKCategoricalAccuracy(k=k)([2, 0], Y_PRED)

    assert one_hot == numbers == expected


def test_of_equal_predictions_the_first_ranks_highest():
    value = metrics.SparseTopKCategoricalAccuracy(k=2)([0, 1, 2, 3], np.zeros((4, 4)))

    assert value == 0.5


def test_a_prediction_that_is_not_a_number_is_never_among_the_first():
    value = metrics.SparseTopKCategoricalAccuracy(k=2)([0], [[np.nan, 0.5, 0.2]])

    assert value == 0


def test_one_guess_is_plain_accuracy(rng):
    y_true, y_pred = rng.integers(5, size=50), rng.integers(3, size=(50, 5)) / 3

    value = metrics.SparseTopKCategoricalAccuracy(k=1)(y_true, y_pred)

    assert value == metrics.SparseCategoricalAccuracy()(y_true, y_pred)


@pytest.mark.parametrize("metric", [metrics.TopKCategoricalAccuracy, metrics.SparseTopKCategoricalAccuracy])
def test_there_is_at_least_one_guess(metric):
    with pytest.raises(ArgumentError, match=r"CategoricalAccuracy\(k\): expected a positive integer, got 0"):
        metric(k=0)
