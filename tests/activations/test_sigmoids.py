import jax
import numpy as np
import pytest

from lamina import activations


@pytest.mark.parametrize(
    ("activation", "expected"),
    [
        (activations.sigmoid, [0.1192029, 0.5, 0.6224593]),
        (activations.hard_sigmoid, [1 / 6, 0.5, 3.5 / 6]),
        (activations.sparse_sigmoid, [0.0, 0.5, 0.75]),
        (activations.log_sigmoid, [-2.126928, -0.6931472, -0.4740770]),
        (activations.tanh, [-0.9640276, 0.0, 0.4621172]),
        (activations.hard_tanh, [-1.0, 0.0, 0.5]),
        (activations.softsign, [-2 / 3, 0.0, 1 / 3]),
    ],
    ids=lambda item: getattr(item, "__name__", ""),
)
def test_sigmoids_at_minus_two_zero_and_a_half(activation, expected):
    x = np.array([-2.0, 0.0, 0.5], "float32")

    np.testing.assert_allclose(activation(x), expected, rtol=1e-6)


@pytest.mark.parametrize(
    ("activation", "ends"),
    [
        (activations.sigmoid, (0.0, 1.0)),
        (activations.hard_sigmoid, (0.0, 1.0)),
        (activations.sparse_sigmoid, (0.0, 1.0)),
        (activations.log_sigmoid, (-np.inf, 0.0)),
        (activations.tanh, (-1.0, 1.0)),
        (activations.hard_tanh, (-1.0, 1.0)),
    ],
    ids=lambda item: getattr(item, "__name__", ""),
)
def test_infinity_is_led_to_the_ends_of_the_range(activation, ends):
    values = activation(np.array([-np.inf, np.inf], "float32"))

    np.testing.assert_array_equal(values, ends)


@pytest.mark.parametrize(
    ("activation", "slope"),
    [
        (activations.sigmoid, 0.25),
        (activations.hard_sigmoid, 1 / 6),
        (activations.sparse_sigmoid, 0.5),
        (activations.log_sigmoid, 0.5),
        (activations.tanh, 1.0),
        (activations.hard_tanh, 1.0),
        (activations.softsign, 1.0),
    ],
    ids=lambda item: getattr(item, "__name__", ""),
)
def test_the_slope_at_zero(activation, slope):
    gradient = jax.grad(activation)(np.float32(0.0))

    np.testing.assert_allclose(gradient, slope, rtol=1e-6)
