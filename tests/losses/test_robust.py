import numpy as np
import pytest

from lamina import losses, ops
from lamina.errors import ArgumentError


@pytest.mark.parametrize(
    ("error", "expected"), [(0.0, 0.0), (1.0, 0.5), (2.0, 2.0), (-2.0, 2.0), (5.0, 8.0), (1e30, 2e30)]
)
def test_huber_by_hand(error, expected):
    value = losses.huber([[0.0]], [[error]], delta=2.0)

    np.testing.assert_allclose(value, [expected], rtol=1e-6)


@pytest.mark.parametrize(("error", "slope"), [(0.0, 0.0), (1.0, 1.0), (2.0, 2.0), (7.0, 2.0), (-7.0, -2.0)])
def test_the_slope_of_huber_grows_up_to_delta(error, slope):
    gradient = ops.grad(lambda p: losses.huber([[0.0]], p, delta=2.0)[0])(ops.full((1, 1), error))

    assert gradient == slope


@pytest.mark.parametrize("delta", [0, -1.0, float("nan"), True, "1"])
def test_a_delta_that_is_not_positive_is_refused(delta):
    with pytest.raises(ArgumentError, match=r"Huber\(delta\): expected a finite number above 0, got"):
        losses.Huber(delta=delta)


@pytest.mark.parametrize("error", [1e-4, 1e-3, 0.1, 0.999, 1.0, 1.001, 10.0, 80.0, -0.1, -10.0])
def test_log_cosh_is_exact_near_zero_and_far_out(error):
    value = losses.log_cosh([[0.0]], [[error]])

    wide = np.longdouble(np.float32(error))
    np.testing.assert_allclose(value, [float(np.log1p(2 * np.sinh(wide / 2) ** 2))], rtol=1e-5)


@pytest.mark.parametrize("error", [-20.0, -1.0, -1e-3, 0.0, 1e-3, 1.0, 20.0])
def test_the_slope_of_log_cosh_is_tanh(error):
    gradient = ops.grad(lambda p: losses.log_cosh([[0.0]], p)[0])(ops.full((1, 1), error))

    np.testing.assert_allclose(gradient, [[np.tanh(error)]], rtol=1e-5)
