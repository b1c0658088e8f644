import numpy as np
import pytest

from lamina import metrics
from lamina.errors import ShapeError

Y_TRUE = np.array([[1.0], [2.0], [4.0]])
Y_PRED = np.array([[1.0], [4.0], [0.0]])


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        (metrics.MeanSquaredError(), (0 + 4 + 16) / 3),
        (metrics.RootMeanSquaredError(), np.sqrt((0 + 4 + 16) / 3)),
        (metrics.MeanAbsoluteError(), (0 + 2 + 4) / 3),
        (metrics.MeanAbsolutePercentageError(), (0 + 100 + 100) / 3),
        (metrics.MeanSquaredLogarithmicError(), (np.log(3 / 5) ** 2 + np.log(5) ** 2) / 3),
        (metrics.LogCoshError(), (np.log(np.cosh(2)) + np.log(np.cosh(4))) / 3),
        (metrics.CosineSimilarity(), (1 + 1 + 0) / 3),
    ],
    ids=repr,
)
def test_by_hand(metric, expected):
    value = metric(Y_TRUE, Y_PRED)

    assert value == pytest.approx(expected, rel=1e-6)


def test_the_root_is_taken_of_the_mean_over_all_batches():
    metric = metrics.RootMeanSquaredError()
    sums = metric.update(metric.init(), Y_TRUE[:1], Y_PRED[:1], np.ones(1))

    sums = metric.update(sums, Y_TRUE[1:], Y_PRED[1:], np.ones(2))

    assert metric.compute(sums) == pytest.approx(np.sqrt(20 / 3))


def test_a_cosine_needs_no_length():
    y_true = np.array([[3.0, 4.0], [0.0, 1.0], [1.0, 1.0], [0.0, 0.0]])

    value = metrics.CosineSimilarity()(y_true, [[3e20, 4e20], [0.0, -1e-3], [1.0, -1.0], [1.0, 2.0]])

    assert value == pytest.approx((1 - 1 + 0 + 0) / 4, abs=1e-6)


@pytest.mark.parametrize(
    "metric",
    [
        metrics.MeanSquaredError(),
        metrics.RootMeanSquaredError(),
        metrics.MeanAbsoluteError(),
        metrics.MeanAbsolutePercentageError(),
        metrics.MeanSquaredLogarithmicError(),
        metrics.LogCoshError(),
        metrics.CosineSimilarity(),
    ],
    ids=repr,
)
def test_two_targets_against_one_output_are_refused(metric):
    with pytest.raises(ShapeError, match=rf"{type(metric).__name__}: expected one target .* of shape \(3, 2\)"):
        metric(np.ones((3, 2)), np.ones((3, 1)))
