"""Pooling of images: the largest number, or the mean, of what a window meets at each of its stops.

On a CPU the place of each maximum in its window is remembered, and the gradient goes back there. Elsewhere
XLA's own windowed reductions are used.
"""

from __future__ import annotations

import functools
import math
from types import ModuleType
from typing import TypeAlias

import jax
from jax import Array, lax

from lamina.kernels import _pooling_native, _pooling_twin
from lamina.kernels._halves import in_float32
from lamina.kernels._library import is_native
from lamina.kernels._window import Pair, Sizes, Window

Both: TypeAlias = tuple[Array, Array]
Padding: TypeAlias = tuple[Pair, Pair]


@in_float32
def max_pool(x: Array, *, window_size: Pair, strides: Pair, padding: Padding) -> Array:
    """Return the largest number that a window meets at each stop; the gradient goes to the first one of several.

    Args:
        x: images, (batch, height, width, channels).
        window_size: the height and width of the window.
        strides: how far it moves at a time, along rows and columns.
        padding: how many places are added before and after the rows, and the columns; they are never the largest.
    """
    window = Window(strides, padding)
    if jax.default_backend() == "cpu":
        return _largest(x, window_size, window, x.shape[1:3])
    return _reduced(x, -math.inf, window_size, window)


@in_float32
def average_pool(x: Array, *, window_size: Pair, strides: Pair, padding: Padding) -> Array:
    """Return the mean of what a window meets at each stop, padded places not counted.

    Args:
        x: images, (batch, height, width, channels).
        window_size: the height and width of the window.
        strides: how far it moves at a time, along rows and columns.
        padding: how many places are added before and after the rows, and the columns.
    """
    window = Window(strides, padding)
    if jax.default_backend() == "cpu":
        return _average_pool(x, window_size, window, x.shape[1:3])
    return _reduced(x, 0.0, window_size, window) / _pooling_twin.counts(x.shape[1:3], window_size, window)


def largest(x: Array, size: Sizes, window: Window) -> Array:
    """Return the maxima alone, which is all that a prediction needs."""
    y: Array = _engine(x).largest(x, size, window)
    return y


def maximum(x: Array, size: Sizes, window: Window) -> Both:
    """Return the maxima, and the place of each in its window, counted row by row."""
    found: Both = _engine(x).maximum(x, size, window)
    return found


def maximum_gradient(dy: Array, places: Array, size: Sizes, window: Window, image: Sizes) -> Array:
    """Return the gradient of images of the size `image`, whose maxima were at `places`."""
    gradient: Array = _engine(dy).maximum_gradient(dy, places, size, window, image)
    return gradient


def average(x: Array, size: Sizes, window: Window) -> Array:
    """Return the means."""
    y: Array = _engine(x).average(x, size, window)
    return y


def average_gradient(dy: Array, size: Sizes, window: Window, image: Sizes) -> Array:
    """Return the gradient of images of the size `image`, of which means were taken."""
    gradient: Array = _engine(dy).average_gradient(dy, size, window, image)
    return gradient


def _engine(x: Array) -> ModuleType:
    return _pooling_native if is_native(x) else _pooling_twin


def _reduced(x: Array, start: float, size: Sizes, window: Window) -> Array:
    padding = ((0, 0), *window.padding, (0, 0))
    join = lax.max if start else lax.add
    y: Array = lax.reduce_window(x, x.dtype.type(start), join, (1, *size, 1), (1, *window.strides, 1), padding)
    return y


@functools.partial(jax.custom_vjp, nondiff_argnums=(1, 2, 3))
def _largest(x: Array, size: Sizes, window: Window, image: Sizes) -> Array:
    return largest(x, size, window)


def _largest_forward(x: Array, size: Sizes, window: Window, image: Sizes) -> Both:
    return _max_pool(x, size, window, image)


def _largest_backward(size: Sizes, window: Window, image: Sizes, places: Array, dy: Array) -> tuple[Array]:
    return (_put_back(dy, places, size, window, image),)


@functools.partial(jax.custom_vjp, nondiff_argnums=(1, 2, 3))
def _max_pool(x: Array, size: Sizes, window: Window, image: Sizes) -> Both:
    return maximum(x, size, window)


def _max_pool_forward(x: Array, size: Sizes, window: Window, image: Sizes) -> tuple[Both, Array]:
    y, places = _max_pool(x, size, window, image)
    return (y, places), places


def _max_pool_backward(size: Sizes, window: Window, image: Sizes, places: Array, slopes: Both) -> tuple[Array]:
    return (_put_back(slopes[0], places, size, window, image),)


@functools.partial(jax.custom_vjp, nondiff_argnums=(2, 3, 4))
def _put_back(dy: Array, places: Array, size: Sizes, window: Window, image: Sizes) -> Array:
    return maximum_gradient(dy, places, size, window, image)


def _put_back_forward(dy: Array, places: Array, size: Sizes, window: Window, image: Sizes) -> Both:
    return _put_back(dy, places, size, window, image), places


def _put_back_backward(size: Sizes, window: Window, image: Sizes, places: Array, slopes: Array) -> tuple[Array, None]:
    return _pooling_twin.chosen(slopes, places, size, window), None


@functools.partial(jax.custom_vjp, nondiff_argnums=(1, 2, 3))
def _average_pool(x: Array, size: Sizes, window: Window, image: Sizes) -> Array:
    return average(x, size, window)


def _average_pool_forward(x: Array, size: Sizes, window: Window, image: Sizes) -> tuple[Array, None]:
    return _average_pool(x, size, window, image), None


def _average_pool_backward(size: Sizes, window: Window, image: Sizes, saved: None, dy: Array) -> tuple[Array]:
    return (_share_out(dy, size, window, image),)


@functools.partial(jax.custom_vjp, nondiff_argnums=(1, 2, 3))
def _share_out(dy: Array, size: Sizes, window: Window, image: Sizes) -> Array:
    return average_gradient(dy, size, window, image)


def _share_out_forward(dy: Array, size: Sizes, window: Window, image: Sizes) -> tuple[Array, None]:
    return _share_out(dy, size, window, image), None


def _share_out_backward(size: Sizes, window: Window, image: Sizes, saved: None, slopes: Array) -> tuple[Array]:
    return (_average_pool(slopes, size, window, image),)


_largest.defvjp(_largest_forward, _largest_backward)
_max_pool.defvjp(_max_pool_forward, _max_pool_backward)
_put_back.defvjp(_put_back_forward, _put_back_backward)
_average_pool.defvjp(_average_pool_forward, _average_pool_backward)
_share_out.defvjp(_share_out_forward, _share_out_backward)
