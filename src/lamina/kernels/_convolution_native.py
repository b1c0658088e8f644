"""Convolution by the native kernels."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
from jax import Array

from lamina.kernels._activations import FUSED
from lamina.kernels._library import call, floats
from lamina.kernels._window import Sizes, Window

CODES = {name: code for code, name in enumerate(FUSED)}


def forward(x: Array, kernel: Array, bias: Array | None, window: Window, activation: str) -> Array:
    """Return ``activation(convolution + bias)``."""
    shape = (x.shape[0], *window.stops(x.shape[1:3], kernel.shape[:2]), kernel.shape[3])
    bias = jnp.zeros(kernel.shape[3], np.float32) if bias is None else bias
    y: Array = call("convolve", floats(shape), x, kernel, bias, window=numbers(window), activation=CODES[activation])
    return y


def input_gradient(dy: Array, kernel: Array, window: Window, x_shape: Sizes) -> Array:
    """Return the gradient of the input, of shape `x_shape`."""
    dx: Array = call("convolve_input_gradient", floats(x_shape), dy, kernel, window=numbers(window))
    return dx


def kernel_gradient(x: Array, dy: Array, window: Window, kernel_shape: Sizes) -> Array:
    """Return the gradient of the kernel, of shape `kernel_shape`."""
    gradient: Array = call("convolve_kernel_gradient", floats(kernel_shape), x, dy, window=numbers(window))
    return gradient


def numbers(window: Window) -> Sizes:
    """Return a window as the kernels read it."""
    (top, bottom), (left, right) = window.padding
    return (*window.strides, top, bottom, left, right, *window.dilation, window.groups)
