import numpy as np
import pytest
from scipy import stats

from lamina import initializers
from lamina.errors import ArgumentError

SHAPE = (100, 200)


@pytest.mark.parametrize(
    ("initializer", "distribution"),
    [
        (initializers.RandomUniform(-1.0, 3.0, seed=1), stats.uniform(-1.0, 4.0)),
        (initializers.RandomNormal(1.0, 0.5, seed=1), stats.norm(1.0, 0.5)),
        (initializers.TruncatedNormal(1.0, 0.5, seed=1), stats.truncnorm(-2, 2, loc=1.0, scale=0.5)),
    ],
    ids=["uniform", "normal", "truncated"],
)
def test_the_distribution_is_the_one_named(initializer, distribution):
    values = initializer(SHAPE).ravel()

    assert stats.kstest(values, distribution.cdf).pvalue > 0.01


def test_values_do_not_depend_on_each_other():
    values = initializers.RandomNormal(seed=1)(SHAPE)

    neighbours = np.corrcoef(values[:, :-1].ravel(), values[:, 1:].ravel())[0, 1]

    assert abs(neighbours) < 0.03


def test_no_deviation_gives_the_mean_everywhere():
    np.testing.assert_array_equal(initializers.RandomNormal(2.0, 0.0)((3,)), [2.0, 2.0, 2.0])
    np.testing.assert_array_equal(initializers.TruncatedNormal(2.0, 0.0)((3,)), [2.0, 2.0, 2.0])


@pytest.mark.parametrize("maxval", [0.5, 0.4])
def test_bounds_in_the_wrong_order_are_refused(maxval):
    with pytest.raises(ArgumentError, match=r"RandomUniform\(maxval\): expected a number above minval \(0.5\), got 0"):
        initializers.RandomUniform(0.5, maxval)


@pytest.mark.parametrize("kind", [initializers.RandomNormal, initializers.TruncatedNormal])
def test_a_negative_deviation_is_refused(kind):
    with pytest.raises(
        ArgumentError, match=rf"{kind.__name__}\(stddev\): expected a finite number of at least 0, got -0.1"
    ):
        kind(stddev=-0.1)


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        (initializers.RandomNormal, "mean"),
        (initializers.TruncatedNormal, "mean"),
        (initializers.RandomUniform, "minval"),
        (initializers.RandomUniform, "maxval"),
    ],
)
def test_infinite_numbers_are_refused(kind, field):
    with pytest.raises(ArgumentError, match=rf"{kind.__name__}\({field}\): expected a finite number, got inf"):
        kind(**{field: np.inf})
