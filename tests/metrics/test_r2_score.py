import numpy as np
import pytest

from lamina import metrics, ops
from lamina.errors import ArgumentError


def test_the_explained_share_by_hand():
    value = metrics.R2Score()([1.0, 2.0, 3.0], [1.0, 2.0, 4.0])

    assert value == 0.5


def test_always_saying_the_mean_explains_nothing():
    assert metrics.R2Score()([1.0, 2.0, 3.0], [2.0, 2.0, 2.0]) == 0


@pytest.mark.parametrize(("y_pred", "expected"), [([5.0, 5.0], 1), ([5.0, 6.0], 0)])
def test_equal_targets_are_explained_fully_or_not_at_all(y_pred, expected):
    assert metrics.R2Score()([5.0, 5.0], y_pred) == expected


def test_large_targets_that_hardly_differ_keep_their_digits(rng):
    deviations = rng.normal(size=5000)
    y_true = np.float32(10_000 + deviations)
    y_pred = np.float32(y_true + rng.normal(size=5000) / 2)
    metric = metrics.R2Score()
    sums = metric.init()

    for start in range(0, 5000, 1000):
        part = slice(start, start + 1000)
        sums = metric.update(sums, ops.asarray(y_true[part]), ops.asarray(y_pred[part]), ops.ones(1000))

    exact = 1 - ((y_true - y_pred.astype(float)) ** 2).sum() / (len(y_true) * y_true.astype(float).var())
    assert metric.compute(sums) == pytest.approx(exact, abs=1e-4)


def test_outputs_can_be_looked_at_one_by_one():
    y_true, y_pred = [[1.0, 0.0], [2.0, 10.0], [3.0, 20.0]], [[1.0, 0.0], [2.0, 10.0], [4.0, 20.0]]

    np.testing.assert_allclose(metrics.R2Score(None)(y_true, y_pred), [0.5, 1], rtol=1e-6)
    assert metrics.R2Score()(y_true, y_pred) == 0.75
    assert metrics.R2Score("variance_weighted_average")(y_true, y_pred) == pytest.approx(1 - 1 / 202)


def test_another_average_is_refused():
    with pytest.raises(ArgumentError, match=r"R2Score\(class_aggregation\): expected 'uniform_average' .* got 'mean'"):
        metrics.R2Score("mean")
