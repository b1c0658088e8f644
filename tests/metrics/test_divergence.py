import numpy as np
import pytest

from lamina import metrics
from lamina.errors import ShapeError


def test_divergence_by_hand():
    value = metrics.KLDivergence()([[0.0, 1.0], [0.5, 0.5]], [[0.5, 0.5], [0.5, 0.5]])

    assert value == pytest.approx(np.log(2) / 2)


def test_equal_distributions_do_not_diverge(rng):
    shares = rng.dirichlet(np.ones(4), size=10)

    assert metrics.KLDivergence()(shares, shares) == pytest.approx(0, abs=1e-6)


def test_counts_under_rates_by_hand():
    value = metrics.Poisson()([2.0, 0.0], [1.0, 3.0])

    assert value == pytest.approx((1 + 3) / 2, rel=1e-6)


@pytest.mark.parametrize("metric", [metrics.KLDivergence(), metrics.Poisson()], ids=repr)
def test_targets_of_another_shape_are_refused(metric):
    with pytest.raises(ShapeError, match=f"{type(metric).__name__}: expected one target for each prediction"):
        metric(np.ones((3, 2)), np.ones((3, 3)))
