"""How a kernel moves over images, and what it meets there."""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from jax import Array, lax

Pair: TypeAlias = tuple[int, int]
Sizes: TypeAlias = tuple[int, ...]


FEW_PLACES = 256


class Window(NamedTuple):
    """How the kernel of a convolution, or the window of a pooling, moves over the rows and columns of images.

    Args:
        strides: how far it moves at a time, along rows and columns.
        padding: how many places are added before and after the rows, and the columns.
        dilation: the distance between neighbouring numbers of the kernel.
        groups: into how many groups the channels are divided, each with its own part of the kernel.
    """

    strides: Pair = (1, 1)
    padding: tuple[Pair, Pair] = ((0, 0), (0, 0))
    dilation: Pair = (1, 1)
    groups: int = 1

    def reach(self, size: Sizes) -> Sizes:
        """Return how far the last number of a kernel lies behind the first, along rows and columns."""
        return (size[0] - 1) * self.dilation[0], (size[1] - 1) * self.dilation[1]

    def stops(self, image: Sizes, size: Sizes) -> Sizes:
        """Return at how many places along its rows and columns a kernel stops: the size of the output."""
        return tuple(
            (along + low + high - reach - 1) // stride + 1
            for along, (low, high), reach, stride in zip(
                image, self.padding, self.reach(size), self.strides, strict=True
            )
        )

    def offsets(self, size: Sizes) -> Iterator[Pair]:
        """Yield how far each number of a kernel lies behind the first, row by row."""
        for row in range(size[0]):
            for column in range(size[1]):
                yield row * self.dilation[0], column * self.dilation[1]


def type_of_places(size: Sizes) -> str:
    """Return the type that counts the places of a window of this size."""
    return "uint8" if math.prod(size) <= FEW_PLACES else "int32"


def taps(x: Array, size: Sizes, window: Window, fill: float = 0.0) -> list[Array]:
    """Return what each number of a kernel meets at all stops, one array of the size of the output for each.

    Args:
        x: images, (batch, height, width, channels).
        size: the height and width of the kernel.
        window: how it moves.
        fill: what stands in padded places.
    """
    stops = window.stops(x.shape[1:3], size)
    rows, columns = ((count - 1) * stride + 1 for count, stride in zip(stops, window.strides, strict=True))
    x = lax.pad(x, x.dtype.type(fill), ((0, 0, 0), *((low, high, 0) for low, high in window.padding), (0, 0, 0)))
    batch, _, _, channels = x.shape
    return [
        lax.slice(x, (0, row, column, 0), (batch, row + rows, column + columns, channels), (1, *window.strides, 1))
        for row, column in window.offsets(size)
    ]


def untaps(parts: list[Array], size: Sizes, window: Window, image: Sizes) -> Array:
    """Return images with the sum of all parts, each put where `taps` would take it from: the transpose of `taps`.

    Args:
        parts: one array for each number of the kernel.
        size: the height and width of the kernel.
        window: how it moves.
        image: the height and width of the images.
    """
    placed = [_placed(part, offset, window, image) for part, offset in zip(parts, window.offsets(size), strict=True)]
    return functools.reduce(operator.add, placed)


def _placed(part: Array, offset: Pair, window: Window, image: Sizes) -> Array:
    edges = []
    for axis in (0, 1):
        low = offset[axis] - window.padding[axis][0]
        reach = (part.shape[1 + axis] - 1) * window.strides[axis] + 1
        edges.append((low, image[axis] - low - reach, window.strides[axis] - 1))
    placed: Array = lax.pad(part, part.dtype.type(0), ((0, 0, 0), *edges, (0, 0, 0)))
    return placed
