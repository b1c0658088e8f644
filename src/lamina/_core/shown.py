"""Numbers as people read them."""

from __future__ import annotations

import math


def number(value: float) -> str:
    """Write a number with four digits after the point where that shows something, else with an exponent."""
    if value == 0 or 1e-3 <= abs(value) < 1e5 or not math.isfinite(value):
        return f"{value:.4f}"
    return f"{value:.2e}"
