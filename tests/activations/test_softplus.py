import jax
import numpy as np
import pytest

from lamina import activations

FAMILY = [activations.softplus, activations.squareplus, activations.sparse_plus]
each_one = pytest.mark.parametrize("activation", FAMILY, ids=lambda item: item.__name__)


@pytest.mark.parametrize(
    ("activation", "expected"),
    [
        (activations.softplus, [0.1269280, 0.6931472, 0.9740770]),
        (activations.squareplus, [0.4142136, 1.0, 1.2807764]),
        (activations.sparse_plus, [0.0, 0.25, 0.5625]),
    ],
    ids=lambda item: getattr(item, "__name__", ""),
)
def test_the_corner_is_round(activation, expected):
    x = np.array([-2.0, 0.0, 0.5], "float32")

    np.testing.assert_allclose(activation(x), expected, rtol=1e-6)


@each_one
def test_far_away_it_is_the_rectifier(activation):
    x = np.array([-3e38, -1e20, -1e10, 1e10, 1e20, 3e38], "float32")

    np.testing.assert_allclose(activation(x), np.maximum(x, 0), rtol=1e-6)


@each_one
def test_the_slope_grows_from_nothing_to_one(activation):
    x = np.array([-1e20, 0.0, 1e20], "float32")

    gradient = jax.vmap(jax.grad(activation))(x)

    np.testing.assert_array_equal(gradient, [0.0, 0.5, 1.0])


def test_the_slope_of_sparse_plus_is_sparse_sigmoid():
    x = np.linspace(-2, 2, 42, dtype="float32")

    gradient = jax.vmap(jax.grad(activations.sparse_plus))(x)

    np.testing.assert_allclose(gradient, activations.sparse_sigmoid(x), atol=1e-6)
