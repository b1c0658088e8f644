"""Pooling as the layers call it: differentiable, and the same on every kind of device."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from lamina.kernels import average_pool, max_pool

MOVES = {"window_size": (3, 2), "strides": (2, 1), "padding": ((1, 0), (0, 1))}

each_kind = pytest.mark.parametrize("pool", [max_pool, average_pool])


def on_a_graphics_processor(pool, monkeypatch):
    """Return the pooling that is computed there."""

    def elsewhere(x):
        with monkeypatch.context() as patched:
            patched.setattr(jax, "default_backend", lambda: "gpu")
            return pool(x, **MOVES)

    return elsewhere


@each_kind
def test_values_and_derivatives_are_those_of_xla(pool, rng, monkeypatch):
    x = rng.normal(size=(2, 5, 4, 3)).astype("float32")
    reference = on_a_graphics_processor(pool, monkeypatch)

    def derivatives(function):
        def slopes(x):
            return jax.grad(lambda x: jnp.sum(jnp.sin(function(x))))(x)

        return function(x), slopes(x), jax.grad(lambda x: jnp.sum(slopes(x) ** 2))(x)

    found, wanted = derivatives(lambda x: pool(x, **MOVES)), derivatives(reference)

    for a, b in zip(found, wanted, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)


def test_the_gradient_goes_to_the_first_of_equal_numbers():
    x = np.ones((1, 2, 2, 1), "float32")

    slope = jax.grad(lambda x: jnp.sum(max_pool(x, window_size=(2, 2), strides=(2, 2), padding=((0, 0), (0, 0)))))(x)

    assert slope.ravel().tolist() == [1, 0, 0, 0]


@each_kind
def test_several_batches_can_be_pooled_at_once(pool, rng):
    x = rng.normal(size=(2, 3, 5, 4, 2)).astype("float32")

    found = jax.vmap(jax.grad(lambda x: jnp.sum(pool(x, **MOVES) ** 2)))(x)

    np.testing.assert_allclose(found[1], jax.grad(lambda x: jnp.sum(pool(x, **MOVES) ** 2))(x[1]), rtol=1e-5)


@each_kind
def test_no_images_have_no_output(pool):
    x = np.ones((0, 5, 4, 3), "float32")

    y, slopes = jax.vjp(lambda x: pool(x, **MOVES), x)

    assert y.shape == (0, 2, 4, 3)
    assert slopes(y)[0].shape == x.shape
