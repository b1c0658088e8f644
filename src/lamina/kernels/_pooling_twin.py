"""Pooling in pure JAX: what the native kernels must equal, and what runs where there are none.

XLA's windowed reductions, and their gradients above all, are slow on a CPU. A maximum of a handful of shifted views of
the images is one pass over them.
"""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Iterator
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import Array

from lamina.kernels._window import Sizes, Window, taps, type_of_places, untaps


def maximum(x: Array, size: Sizes, window: Window) -> tuple[Array, Array]:
    """Return the largest number that the window meets at each stop, and which of its places held it first."""
    parts = taps(x, size, window, fill=-math.inf)
    y, places = parts[0], jnp.zeros(parts[0].shape, type_of_places(size))
    for place, part in enumerate(parts[1:], start=1):
        is_larger = (part > y) | jnp.isnan(part)
        y, places = jnp.where(is_larger, part, y), jnp.where(is_larger, places.dtype.type(place), places)
    return y, places


def largest(x: Array, size: Sizes, window: Window) -> Array:
    """Return the largest number alone; XLA leaves out what makes the places."""
    return maximum(x, size, window)[0]


def maximum_gradient(dy: Array, places: Array, size: Sizes, window: Window, image: Sizes) -> Array:
    """Return images of the size `image` with `dy` put back at `places`, from where it had come."""
    parts = [jnp.where(places == place, dy, 0) for place in range(math.prod(size))]
    return untaps(parts, size, window, image)


def chosen(x: Array, places: Array, size: Sizes, window: Window) -> Array:
    """Return what stands at `places` of the window at each stop: the transpose of `maximum_gradient`."""
    parts = taps(x, size, window)
    return functools.reduce(operator.add, [jnp.where(places == place, part, 0) for place, part in enumerate(parts)])


def average(x: Array, size: Sizes, window: Window) -> Array:
    """Return the mean of what the window meets at each stop, padded places not counted."""
    total = functools.reduce(operator.add, taps(x, size, window))
    return total / counts(x.shape[1:3], size, window)


def average_gradient(dy: Array, size: Sizes, window: Window, image: Sizes) -> Array:
    """Return images of the size `image` with `dy` shared out evenly over the places each mean was taken of."""
    share = dy / counts(image, size, window)
    return untaps([share] * math.prod(size), size, window, image)


def counts(image: Sizes, size: Sizes, window: Window) -> np.ndarray[Any, Any]:
    """Return how many places of an image of the size `image` the window covers at each stop, (height, width, 1)."""
    stops = window.stops(image, size)
    rows, columns = (
        [sum(0 <= at + place < image[axis] for place in range(size[axis])) for at in _starts(window, axis, stops)]
        for axis in (0, 1)
    )
    return np.outer(rows, columns)[..., None]


def _starts(window: Window, axis: int, stops: Sizes) -> Iterator[int]:
    """Yield where the window begins at each stop; before the image, in its padding, the numbers are negative."""
    return (stop * window.strides[axis] - window.padding[axis][0] for stop in range(stops[axis]))
