"""Pixels at places between those of a picture, and beyond its edges."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from lamina import ops
from lamina.ops import Array

FOLDS: dict[str, Callable[[Array, int], Array]] = {
    "constant": lambda places, size: ops.clip(places, 0, size - 1),
    "nearest": lambda places, size: ops.clip(places, 0, size - 1),
    "reflect": lambda places, size: ops.minimum(places % (2 * size), (-1 - places) % (2 * size)),
    "wrap": lambda places, size: places % size,
}
"""Which pixel stands for one beyond the edge."""

INTERPOLATIONS = ("bilinear", "nearest")


class Sampling(NamedTuple):
    """What is made up where there is no pixel.

    Args:
        fill_mode: what lies beyond the edges: "reflect" (d c b a | a b c d | d c b a), "wrap" (a b c d | a b c d),
            "nearest" (a a a a | a b c d), or "constant", the `fill_value`.
        interpolation: "bilinear" between the four pixels around a place, or that of the "nearest".
        fill_value: what lies beyond the edges for "constant".
    """

    fill_mode: str
    interpolation: str
    fill_value: float | Array


def sampled(images: Array, rows: Array, columns: Array, how: Sampling) -> Array:
    """Return the pixels of pictures at some places.

    Args:
        images: of shape (batch, height, width, channels).
        rows: where, counted in pixels from the top, of a shape like (batch, new height, new width).
        columns: where, counted in pixels from the left.
        how: what lies between and beyond the pixels.

    Shape:
        (batch, new height, new width, channels).
    """
    rows, columns = ops.broadcast_arrays(rows, columns)
    if how.interpolation == "nearest":
        return _pixels(images, ops.floor(rows + 0.5), ops.floor(columns + 0.5), how)
    top, left = ops.floor(rows), ops.floor(columns)
    down, right = (rows - top)[..., None], (columns - left)[..., None]
    upper = (1 - right) * _pixels(images, top, left, how) + right * _pixels(images, top, left + 1, how)
    lower = (1 - right) * _pixels(images, top + 1, left, how) + right * _pixels(images, top + 1, left + 1, how)
    return (1 - down) * upper + down * lower


def _pixels(images: Array, rows: Array, columns: Array, how: Sampling) -> Array:
    """Return the pixels at whole-numbered places."""
    batch, height, width, channels = images.shape
    fold = FOLDS[how.fill_mode]
    places = fold(rows, height) * width + fold(columns, width)
    flat = images.reshape(batch, height * width, channels)
    found = ops.take_along_axis(flat, places.reshape(batch, -1, 1).astype("int32"), axis=1)
    found = found.reshape(*rows.shape, channels)
    if how.fill_mode != "constant":
        return found
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    return ops.where(inside[..., None], found, how.fill_value)
