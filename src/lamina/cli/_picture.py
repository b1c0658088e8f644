"""Draw grey images in the terminal, two pixels to a character."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from itertools import groupby
from typing import Literal

import numpy as np

from lamina._core import checks
from lamina.errors import ArgumentError, ShapeError

Style = Literal["truecolor", "256color", "blocks", "ascii"]

STYLES = ("truecolor", "256color", "blocks", "ascii")
BLOCKS = " ▀▄█"
SHADES = " .:-=+*#%@"
RESET = "\x1b[0m"
COLOUR_CODE = re.compile(r"\x1b\[[0-9;]*m")


def picture(image: np.ndarray, *, width: int = 28, style: Style | None = None) -> str:
    r"""Return a grey image as lines of text, each character showing an upper and a lower pixel.

    The darkest shade stands for the smallest value (or 0, if all are above), the lightest for the largest.

    Args:
        image: values in rows and columns.
        width: number of characters in a line; the height follows from the shape of the image.
        style: ``"truecolor"`` for 256 greys, ``"256color"`` for the 26 greys of older terminals, ``"blocks"`` for black
            and white without colour codes, ``"ascii"`` for letters; None for the best that standard output can show.

    Shape:
        image (height, width) or (height, width, 1).

    Raises:
        ShapeError: the image has other axes, or no pixels.
        ArgumentError: the image holds NaN or infinity, or an argument is out of range.

    Example:
        >>> import numpy as np
        >>> from lamina.cli._picture import picture
        >>> print(picture(np.eye(4), width=4, style="blocks"))
        ▀▄
          ▀▄
    """
    checks.integer("picture(width)", width)
    style = terminal_style() if style is None else style
    checks.choice("picture(style)", style, STYLES)
    pixels = _resized(_checked(image), width)
    uppers, lowers = pixels[::2], pixels[1::2]
    return "\n".join(_line(upper, lower, style) for upper, lower in zip(uppers, lowers, strict=True))


def side_by_side(pictures: Sequence[str], captions: Sequence[str], *, gap: int = 2) -> str:
    """Return pictures next to each other, each with its caption centred below.

    Args:
        pictures: what `picture` returned, of any heights.
        captions: one line of text for each picture.
        gap: number of spaces between two columns, 0 or more.

    Raises:
        ArgumentError: there are not as many captions as pictures, or `gap` is negative.

    Example:
        >>> from lamina.cli._picture import side_by_side
        >>> print(side_by_side(["##", "@@"], ["a 2", "b 3"]))
        ##   @@
        a 2  b 3
    """
    checks.integer("side_by_side(gap)", gap, least=0)
    if len(pictures) != len(captions):
        expected, got = f"{len(pictures)} captions, one for each picture", str(len(captions))
        raise checks.problem(
            ArgumentError,
            "side_by_side(captions)",
            expected=expected,
            got=got,
            fix="give one caption for each picture.",
        )
    columns = [drawing.split("\n") for drawing in pictures]
    height = max(map(len, columns), default=0)
    widths = [max(map(_visible, [*lines, caption])) for lines, caption in zip(columns, captions, strict=True)]
    rows = [[lines[row] if row < len(lines) else "" for lines in columns] for row in range(height)]
    rows.append([f"{caption:^{width}}" for caption, width in zip(captions, widths, strict=True)])
    padded = ([cell + " " * (width - _visible(cell)) for cell, width in zip(row, widths, strict=True)] for row in rows)
    return "\n".join((" " * gap).join(row).rstrip() for row in padded)


def terminal_style() -> Style:
    """Return the best style that standard output can show."""
    try:
        BLOCKS.encode(sys.stdout.encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return "ascii"
    # https://no-color.org; and escape codes have no business in a file or pipe.
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not sys.stdout.isatty():
        return "blocks"
    return "truecolor" if os.environ.get("COLORTERM") in ("truecolor", "24bit") else "256color"


def _checked(image: np.ndarray) -> np.ndarray:
    """Return the image with two axes and values between 0 and 1."""
    values = np.asarray(image, np.float64)
    if values.ndim == 3 and values.shape[-1] == 1:
        values = values[..., 0]
    if values.ndim != 2 or not values.size:
        fix = "give one grey image, such as x_test[0]."
        expected = "an image of shape (height, width)"
        raise checks.problem(ShapeError, "picture(image)", expected=expected, got=str(np.shape(image)), fix=fix)
    if not np.isfinite(values).all():
        fix = "replace the values that are not finite, for example with np.nan_to_num(image)."
        raise checks.problem(ArgumentError, "picture(image)", expected="finite values", got="NaN or infinity", fix=fix)
    low, high = min(values.min(), 0.0), values.max()
    return (values - low) / (high - low) if high > low else np.zeros_like(values)


def _resized(image: np.ndarray, width: int) -> np.ndarray:
    """Return the image `width` pixels wide and an even number high, each pixel the mean of the area it covers."""
    height = max(2 * round(image.shape[0] * width / image.shape[1] / 2), 2)
    resized: np.ndarray = _areas(image.shape[0], height) @ image @ _areas(image.shape[1], width).T
    return resized


def _areas(old: int, new: int) -> np.ndarray:
    """Return which part of each new pixel each old one covers, of shape (new, old); every row sums to 1."""
    new_edges, old_edges = np.linspace(0, old, new + 1), np.arange(old + 1)
    ends = np.minimum(new_edges[1:, None], old_edges[1:])
    starts = np.maximum(new_edges[:-1, None], old_edges[:-1])
    covered: np.ndarray = np.maximum(ends - starts, 0) * new / old
    return covered


def _line(upper: np.ndarray, lower: np.ndarray, style: Style) -> str:
    if style == "ascii":
        levels = np.rint((upper + lower) / 2 * (len(SHADES) - 1)).astype(int)
        return "".join(SHADES[level] for level in levels)
    if style == "blocks":
        return "".join(BLOCKS[index] for index in (upper >= 0.5) + 2 * (lower >= 0.5))
    code = _truecolor if style == "truecolor" else _256color
    pairs = zip(map(code, upper), map(code, lower), strict=True)
    runs = ((pair, len(list(run))) for pair, run in groupby(pairs))
    return "".join(f"\x1b[38;{top};48;{bottom}m{'▀' * length}" for (top, bottom), length in runs) + RESET


def _truecolor(value: float) -> str:
    grey = round(value * 255)
    return f"2;{grey};{grey};{grey}"


def _256color(value: float) -> str:
    # Colour 16 is black, 232 to 255 are 24 greys from dark to light, 231 is white.
    level = round(value * 25)
    return f"5;{16 if level == 0 else 231 if level == 25 else 231 + level}"


def _visible(line: str) -> int:
    """Return how many columns a line takes on the screen."""
    return len(COLOUR_CODE.sub("", line))
