"""Pooling along one, two or three axes, each as pooling of images."""

from __future__ import annotations

from collections.abc import Callable

from jax import Array

from lamina import kernels
from lamina._core import checks, windows
from lamina._core.windows import Sizes, plane
from lamina.errors import ShapeError

__all__ = ["average_pool", "max_pool"]


def max_pool(x: Array, size: Sizes, *, strides: Sizes | None = None, padding: str = "valid") -> Array:
    """Return the largest number that a window meets at each of its stops.

    Args:
        x: of shape (batch, ..., channels), with one, two or three axes between.
        size: the size of the window, one number or one for each axis.
        strides: how far it moves at a time, one number or one for each axis; its own size by default.
        padding: "valid" for none, "same" for an output of size ⌈size / stride⌉; padded places are never the largest.

    Shape:
        (batch, ..., channels).

    Raises:
        ShapeError: for a window that is larger than what it moves over.
    """
    return _pooled(kernels.max_pool, x, size, strides, padding)


def average_pool(x: Array, size: Sizes, *, strides: Sizes | None = None, padding: str = "valid") -> Array:
    """Return the mean of what a window meets at each of its stops.

    Args:
        x: of shape (batch, ..., channels), with one, two or three axes between.
        size: the size of the window, one number or one for each axis.
        strides: how far it moves at a time, one number or one for each axis; its own size by default.
        padding: "valid" for none, "same" for an output of size ⌈size / stride⌉; padded places are not counted.

    Shape:
        (batch, ..., channels).

    Raises:
        ShapeError: for a window that is larger than what it moves over.
    """
    return _pooled(kernels.average_pool, x, size, strides, padding)


def _pooled(pool: Callable[..., Array], x: Array, size: Sizes, strides: Sizes | None, padding: str) -> Array:
    batch, *lengths, channels = x.shape
    sizes = windows.per_axis(size, len(lengths))
    steps = sizes if strides is None else windows.per_axis(strides, len(lengths))
    moves = list(zip(lengths, sizes, steps, strict=True))
    stops = [windows.stops(length, covered, stride=stride, padding=padding) for length, covered, stride in moves]
    if min(stops) < 1:
        raise checks.problem(
            ShapeError,
            f"ops.{pool.__name__}",
            expected=f"a window that fits into {tuple(lengths)}",
            got=f"one of size {sizes}",
            fix='give a smaller window, or padding="same".',
        )
    edges = [windows.edges(length, covered, stride=stride, padding=padding) for length, covered, stride in moves]
    if len(lengths) == 1:
        x = x[:, None]
    if len(lengths) == 3:
        x = x.reshape(batch * lengths[0], *lengths[1:], channels)
    last_two = {"window_size": plane(sizes, 1), "strides": plane(steps, 1), "padding": plane(edges, (0, 0))}
    y = pool(x, **last_two)
    if len(lengths) == 3:  # a maximum of maxima; and each mean that is averaged is of as many places as the others
        y = y.reshape(batch, lengths[0], stops[1] * stops[2], channels)
        y = pool(y, window_size=(sizes[0], 1), strides=(steps[0], 1), padding=(edges[0], (0, 0)))
    return y.reshape(batch, *stops, channels)
