"""Convolution as the layers call it: with an activation, and differentiable any number of times."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from lamina.kernels import Window, _convolution, _convolution_twin, _convolution_xla, convolve, convolve_transpose

WINDOW = Window((2, 1), ((1, 0), (0, 1)), (1, 2), 2)


def drawn(rng):
    shapes = (3, 5, 6, 4), (2, 3, 2, 6), (6,)
    return [rng.normal(size=shape).astype("float32") for shape in shapes]


def plain(x, kernel, bias, window, activation):
    """Return the same in operations whose derivatives JAX knows."""
    return _convolution_xla.forward(x, kernel, bias, window, activation)


@pytest.mark.parametrize("activation", ["linear", "relu", "sigmoid", "tanh"])
def test_the_gradients_are_right(activation, rng):
    arrays = drawn(rng)

    def gradients(function):
        return jax.grad(lambda *each: jnp.sum(jnp.sin(function(*each))), argnums=(0, 1, 2))(*arrays)

    found = gradients(lambda *each: convolve(*each, window=WINDOW, activation=activation))
    wanted = gradients(lambda *each: plain(*each, WINDOW, activation))
    for a, b in zip(found, wanted, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-4)


def test_the_gradients_have_gradients(rng):
    arrays = drawn(rng)[:2]

    def second(function):
        def slopes(*each):
            return sum(
                jnp.sum(slope**2) for slope in jax.grad(lambda *a: jnp.sum(jnp.tanh(function(*a))), (0, 1))(*each)
            )

        return jax.grad(slopes, argnums=(0, 1))(*arrays)

    found = second(lambda x, kernel: convolve(x, kernel, window=WINDOW, activation="sigmoid"))
    wanted = second(lambda x, kernel: plain(x, kernel, None, WINDOW, "sigmoid"))
    for a, b in zip(found, wanted, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-4)


def test_the_transpose_is_the_transpose(rng):
    x, kernel, _ = drawn(rng)
    y = convolve(x, kernel, window=WINDOW)
    other = rng.normal(size=y.shape).astype("float32")

    back = convolve_transpose(other, kernel, window=WINDOW, image=x.shape[1:3])

    assert back.shape == x.shape
    np.testing.assert_allclose(jnp.vdot(back, x), jnp.vdot(other, y), rtol=1e-4)


def test_no_images_have_no_output_and_move_no_kernel():
    x, kernel, bias = np.ones((0, 5, 6, 4), "float32"), np.ones((2, 3, 2, 6), "float32"), np.ones(6, "float32")

    y, slopes = jax.vjp(lambda *each: convolve(*each, window=WINDOW, activation="relu"), x, kernel, bias)

    assert y.shape == (0, 3, 3, 6)
    assert [slope.shape for slope in slopes(y)] == [x.shape, kernel.shape, bias.shape]
    assert not any(np.any(slope) for slope in slopes(y))


def test_several_kernels_can_be_tried_at_once(rng):
    x, kernel, bias = drawn(rng)
    kernels = np.stack([kernel, 2 * kernel])

    def slope(kernel):
        return jax.grad(lambda k: jnp.sum(convolve(x, k, bias, window=WINDOW, activation="tanh")))(kernel)

    found = jax.vmap(slope)(kernels)

    np.testing.assert_allclose(found, [slope(kernel) for kernel in kernels], rtol=1e-4, atol=1e-5)


def test_the_gradient_of_an_input_that_nothing_needs_is_not_computed(rng, monkeypatch):
    x, kernel, _ = drawn(rng)
    monkeypatch.setattr(_convolution, "is_native", lambda *arrays: False)  # XLA cannot count what native kernels do

    def work(argument_numbers):
        slopes = jax.grad(lambda *each: jnp.sum(convolve(*each, window=WINDOW) ** 2), argument_numbers)
        return jax.jit(slopes).lower(x, kernel).compile().cost_analysis()["flops"]

    assert work(1) < 0.9 * work((0, 1))


def test_a_graphics_processor_uses_what_xla_has(monkeypatch, rng):
    monkeypatch.setattr(jax, "default_backend", lambda: "gpu")

    assert _convolution._engine(*drawn(rng)) is _convolution_xla


def test_numbers_of_other_sizes_are_left_to_the_twin(rng):
    with jax.enable_x64(True):
        assert _convolution._engine(jnp.asarray(rng.normal(size=(2, 2)))) is _convolution_twin
