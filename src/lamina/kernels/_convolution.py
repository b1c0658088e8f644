"""Convolution of images, and its gradients.

``y[r, c] = activation(Σ x[r·stride + i·dilation, c·stride + j·dilation] · kernel[i, j] + bias)``, channels last.

Three functions do the work: `forward`, `input_gradient` and `kernel_gradient`. Without its activation a convolution is
linear in the input and in the kernel, so that the gradients of each of the three are the other two; that is all which
the rules below say, and why a convolution can be differentiated any number of times.
"""

from __future__ import annotations

import functools
from types import ModuleType
from typing import TypeAlias

import jax
import jax.numpy as jnp
from jax import Array

from lamina.kernels import _convolution_native, _convolution_twin, _convolution_xla
from lamina.kernels._activations import slope
from lamina.kernels._halves import in_float32
from lamina.kernels._library import is_native
from lamina.kernels._window import Pair, Sizes, Window

Both: TypeAlias = tuple[Array, Array]
Saved: TypeAlias = tuple[Array, Array, Array | None, Array]


@in_float32
def convolve(
    x: Array, kernel: Array, bias: Array | None = None, *, window: Window, activation: str = "linear"
) -> Array:
    """Return the convolution of images with a kernel, plus a bias, under an activation.

    Args:
        x: images, (batch, height, width, channels).
        kernel: (kernel height, kernel width, channels / groups, outputs).
        bias: (outputs,); None for none.
        window: how the kernel moves.
        activation: "linear", "relu", "sigmoid" or "tanh".
    """
    return _convolve(x, kernel, bias, window, activation)


@in_float32
def convolve_transpose(x: Array, kernel: Array, *, window: Window, image: Pair) -> Array:
    """Return what the convolution of larger images with `kernel` would send back to them from `x`.

    Args:
        x: (batch, height, width, channels), of the size that the convolution of the larger images has.
        kernel: (kernel height, kernel width, outputs / groups, channels).
        window: how the kernel moves over the larger images.
        image: the height and width of the larger images.
    """
    outputs = kernel.shape[2] * window.groups
    return _spread(x, kernel, window, (x.shape[0], *image, outputs))


def forward(x: Array, kernel: Array, bias: Array | None, window: Window, activation: str) -> Array:
    """Return ``activation(convolution + bias)``."""
    y: Array = _engine(x, kernel).forward(x, kernel, bias, window, activation)
    return y


def input_gradient(dy: Array, kernel: Array, window: Window, x_shape: Sizes) -> Array:
    """Return the gradient of the input, of shape `x_shape`."""
    dx: Array = _engine(dy, kernel).input_gradient(dy, kernel, window, x_shape)
    return dx


def kernel_gradient(x: Array, dy: Array, window: Window, kernel_shape: Sizes) -> Array:
    """Return the gradient of the kernel, of shape `kernel_shape`."""
    gradient: Array = _engine(x, dy).kernel_gradient(x, dy, window, kernel_shape)
    return gradient


def _engine(*arrays: Array) -> ModuleType:
    if is_native(*arrays):
        return _convolution_native
    return _convolution_twin if jax.default_backend() == "cpu" else _convolution_xla


@functools.partial(jax.custom_vjp, nondiff_argnums=(3, 4))
def _convolve(x: Array, kernel: Array, bias: Array | None, window: Window, activation: str) -> Array:
    return forward(x, kernel, bias, window, activation)


def _convolve_forward(
    x: Array, kernel: Array, bias: Array | None, window: Window, activation: str
) -> tuple[Array, Saved]:
    y = _convolve(x, kernel, bias, window, activation)
    return y, (x, kernel, bias, y)


def _convolve_backward(window: Window, activation: str, saved: Saved, dy: Array) -> tuple[Array, Array, Array | None]:
    x, kernel, bias, y = saved
    dy = dy * slope(activation, y)
    dx, dkernel = _spread(dy, kernel, window, x.shape), _correlate(x, dy, window, kernel.shape)
    return dx, dkernel, None if bias is None else jnp.sum(dy, axis=(0, 1, 2))


@functools.partial(jax.custom_vjp, nondiff_argnums=(2, 3))
def _spread(dy: Array, kernel: Array, window: Window, x_shape: Sizes) -> Array:
    return input_gradient(dy, kernel, window, x_shape)


def _spread_forward(dy: Array, kernel: Array, window: Window, x_shape: Sizes) -> tuple[Array, Both]:
    return _spread(dy, kernel, window, x_shape), (dy, kernel)


def _spread_backward(window: Window, x_shape: Sizes, saved: Both, slopes: Array) -> Both:
    dy, kernel = saved
    return _convolve(slopes, kernel, None, window, "linear"), _correlate(slopes, dy, window, kernel.shape)


@functools.partial(jax.custom_vjp, nondiff_argnums=(2, 3))
def _correlate(x: Array, dy: Array, window: Window, kernel_shape: Sizes) -> Array:
    return kernel_gradient(x, dy, window, kernel_shape)


def _correlate_forward(x: Array, dy: Array, window: Window, kernel_shape: Sizes) -> tuple[Array, Both]:
    return _correlate(x, dy, window, kernel_shape), (x, dy)


def _correlate_backward(window: Window, kernel_shape: Sizes, saved: Both, slopes: Array) -> Both:
    x, dy = saved
    return _spread(dy, slopes, window, x.shape), _convolve(x, slopes, None, window, "linear")


_convolve.defvjp(_convolve_forward, _convolve_backward)
_spread.defvjp(_spread_forward, _spread_backward)
_correlate.defvjp(_correlate_forward, _correlate_backward)
