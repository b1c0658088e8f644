"""Times and numbers as people read them."""

from __future__ import annotations

from collections.abc import Mapping

from lamina._core.shown import number
from lamina.training import Logs


def duration(seconds: float) -> str:
    """Write a time as people read it: ``0.2 s``, ``41 s``, ``3 min 20 s``, ``2 h 05 min``."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def numbers(logs: Logs) -> dict[str, str]:
    """Write each loss and metric that is a single number; tables, such as a confusion matrix, are left out."""
    return {name: number(value) for name, value in logs.items() if isinstance(value, float)}


def listed(texts: Mapping[str, str]) -> str:
    """Join names and what stands for them: ``loss 0.2946  accuracy 0.9144``."""
    return "  ".join(f"{name} {text}" for name, text in texts.items())
