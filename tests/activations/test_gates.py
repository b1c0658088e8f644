import jax
import numpy as np
import pytest

from lamina import activations


@pytest.mark.parametrize(
    ("activation", "expected"),
    [
        (activations.silu, [-0.238406, 0.0, 1.761594]),
        (activations.hard_silu, [-1 / 3, 0.0, 5 / 3]),
        (activations.gelu, [-0.045500, 0.0, 1.954500]),
        (activations.mish, [-0.252501, 0.0, 1.943959]),
    ],
    ids=lambda item: getattr(item, "__name__", ""),
)
def test_gates_at_minus_two_zero_and_two(activation, expected):
    x = np.array([-2.0, 0.0, 2.0], "float32")

    np.testing.assert_allclose(activation(x), expected, atol=1e-6)


@pytest.mark.parametrize("x", [-5.0, -9.0])
def test_gelu_keeps_its_digits_far_below_zero(x):
    exact = {-5.0: -1.433257859e-06, -9.0: -1.015720e-18}[x]

    np.testing.assert_allclose(activations.gelu(np.float32(x)), exact, rtol=1e-4)


def test_the_two_forms_of_gelu_are_close_but_not_the_same():
    x = np.linspace(-4, 4, 101, dtype="float32")

    difference = np.abs(activations.gelu(x) - activations.gelu(x, approximate=True))

    assert 1e-4 < difference.max() < 1e-3


@pytest.mark.parametrize("approximate", [False, True])
@pytest.mark.parametrize(("x", "slope"), [(-1e20, 0.0), (0.0, 0.5), (1e20, 1.0)])
def test_the_slope_of_gelu_is_right_where_cubes_overflow(approximate, x, slope):
    gradient = jax.grad(lambda x: activations.gelu(x, approximate=approximate))(np.float32(x))

    assert gradient == slope
