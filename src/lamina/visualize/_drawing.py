"""Small pictures side by side, each with a title and nothing else around it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from lamina._core.optional import require

WEIGHTS = "RdBu_r"
"""Colours for numbers of both signs: blue below zero, white at zero, red above."""

AMOUNTS = "viridis"
"""Colours for numbers of one sign, or of unknown: the same order for every eye, and in grey."""

HEAT = "inferno"
"""Colours for what matters little (black) or much (bright)."""

GREYS = {"cmap": "gray", "vmin": 0, "vmax": 1}
"""From black to white."""

BAR = "#3b6fb6"


def figure(width: float, height: float, *, purpose: str) -> Any:
    """Return an empty matplotlib figure.

    Args:
        width: in inches.
        height: in inches.
        purpose: who asks, for the error where matplotlib is missing.

    Raises:
        MissingDependencyError: where matplotlib is not installed (extra ``plot``).
    """
    figures = require("matplotlib.figure", extra="plot", purpose=purpose)
    return figures.Figure(figsize=(width, height), layout="constrained")


def title(axis: Any, text: str) -> None:
    """Write a title above the left edge."""
    axis.set_title(text, loc="left", fontsize="medium")


def counted(number: int, of: int, noun: str) -> str:
    """Return how many of a noun's things are shown: ``16 of 32 maps``, ``1 map``."""
    return f"{number}{f' of {of}' if of > number else ''} {noun}{'' if of == 1 else 's'}"


def show(axis: Any, picture: np.ndarray, **colours: Any) -> Any:
    """Draw one picture of shape (rows, columns) in colours, or (rows, columns, 3) as it is, without a frame."""
    axis.set_axis_off()
    return axis.imshow(picture, interpolation="nearest", **colours)


def drawable(image: np.ndarray) -> np.ndarray:
    """Return what a model was given as it can be drawn, its least number being 0 and its largest 1.

    Args:
        image: of shape (rows, columns) or (rows, columns, channels); three channels stay, of others the mean is taken.
    """
    picture = image.mean(axis=-1) if image.ndim == 3 and image.shape[-1] != 3 else image
    scaled: np.ndarray = (picture - picture.min()) / max(float(np.ptp(picture)), 1e-12)
    return scaled


def beside(image: np.ndarray, *, purpose: str) -> tuple[Any, Any]:
    """Return a figure that shows an image, and the empty axis beside it.

    Args:
        image: of shape (rows, columns) or (rows, columns, channels).
        purpose: who asks, for the error where matplotlib is missing.
    """
    rows, columns = image.shape[:2]
    made = figure(6.6, 0.35 + min(8.0, 2.9 * max(rows / columns, 0.3)), purpose=purpose)
    left, right = made.subplots(1, 2)
    show(left, drawable(image), **GREYS)
    title(left, "image")
    return made, right


def show_tiles(axis: Any, pictures: Sequence[np.ndarray], *, columns: int, **colours: Any) -> Any:
    """Draw pictures of one size into one axis, row by row, with a small gap between them.

    Args:
        axis: where to draw.
        pictures: arrays of shape (rows, columns) or (rows, columns, 3), at least one.
        columns: how many stand side by side.
        **colours: what numbers look like, as for ``imshow``.
    """
    height, width = pictures[0].shape[:2]
    lines = math.ceil(len(pictures) / columns)
    gap = max(0.25, 0.06 * max(height, width))
    axis.set_axis_off()
    for index, picture in enumerate(pictures):
        line, column = divmod(index, columns)
        left, top = column * (width + gap), line * (height + gap)
        drawn = axis.imshow(picture, interpolation="nearest", extent=(left, left + width, top + height, top), **colours)
    axis.set_xlim(0, columns * (width + gap) - gap)
    axis.set_ylim(lines * (height + gap) - gap, 0)
    return drawn
