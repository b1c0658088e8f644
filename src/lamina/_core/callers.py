"""Where in the user's own code something was asked for."""

from __future__ import annotations

import sys
from types import FrameType

BETWEEN = (__name__.partition(".")[0], "jax", "contextlib")
"""Packages whose lines lie between the user's and a warning: the last two call back into the first."""


def levels_up() -> int:
    """Return the ``stacklevel`` with which a warning points to the line that called Lamina.

    It counts from the function that calls this one, and warns.
    """
    frame: FrameType | None = sys._getframe(1)
    level = 1
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] in BETWEEN:
        frame = frame.f_back
        level += 1
    return level
