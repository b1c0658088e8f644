"""Pooling by the native kernels."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
from jax import Array

from lamina.kernels._convolution_native import numbers
from lamina.kernels._library import call, floats
from lamina.kernels._window import Sizes, Window, type_of_places

NO_PLACES = jax.ShapeDtypeStruct((0,), np.uint8)


def maximum(x: Array, size: Sizes, window: Window) -> tuple[Array, Array]:
    """Return the largest number that the window meets at each stop, and which of its places held it first."""
    y = floats(_pooled(x, size, window))
    places = jax.ShapeDtypeStruct(y.shape, type_of_places(size))
    found: Any = call("max_pool", (y, places), x, size=size, window=numbers(window))
    return found[0], found[1]


def largest(x: Array, size: Sizes, window: Window) -> Array:
    """Return the largest number alone."""
    found: Any = call("max_pool", (floats(_pooled(x, size, window)), NO_PLACES), x, size=size, window=numbers(window))
    y: Array = found[0]
    return y


def maximum_gradient(dy: Array, places: Array, size: Sizes, window: Window, image: Sizes) -> Array:
    """Return images of the size `image` with `dy` put back at `places`, from where it had come."""
    x = floats((dy.shape[0], *image, dy.shape[3]))
    gradient: Array = call("max_pool_gradient", x, dy, places, size=size, window=numbers(window))
    return gradient


def average(x: Array, size: Sizes, window: Window) -> Array:
    """Return the mean of what the window meets at each stop, padded places not counted."""
    y: Array = call("average_pool", floats(_pooled(x, size, window)), x, size=size, window=numbers(window))
    return y


def average_gradient(dy: Array, size: Sizes, window: Window, image: Sizes) -> Array:
    """Return images of the size `image` with `dy` shared out evenly over the places each mean was taken of."""
    x = floats((dy.shape[0], *image, dy.shape[3]))
    gradient: Array = call("average_pool_gradient", x, dy, size=size, window=numbers(window))
    return gradient


def _pooled(x: Array, size: Sizes, window: Window) -> Sizes:
    return (x.shape[0], *window.stops(x.shape[1:3], size), x.shape[3])
