"""Numbers that are drawn for each picture of a batch, from a range that an argument says."""

from __future__ import annotations

from lamina import ops
from lamina._core import checks
from lamina._core.config import Setting
from lamina.errors import ArgumentError
from lamina.layers._layer import Layer
from lamina.ops import Array


def check_range(
    layer: Layer, field: str, value: Setting | tuple[float, float], *, low: float, high: float, open_low: bool = False
) -> None:
    """Check an argument that is a number, for a range around 0, or the two ends of a range."""
    ends = value if isinstance(value, tuple) else (value,)
    if isinstance(value, tuple) and len(value) != 2:
        raise checks.problem(
            ArgumentError,
            layer.place(field),
            expected="a number, or the two ends of a range",
            got=checks.plain(value),
            fix="write one number, or a tuple such as (-0.1, 0.2).",
        )
    for number in ends:
        checks.number(layer.place(field), number, low=low, high=high, open_low=open_low)


def drawn(value: Setting | tuple[float, float], x: Array, key: Array) -> Array:
    """Return a number from the range for each picture of a batch, of shape (batch, 1, 1).

    Args:
        value: the two ends of the range, or one number for the range around 0.
        x: the pictures.
        key: a random key.
    """
    low, high = value if isinstance(value, tuple) else (-value, value)
    share = ops.random.uniform(key, (x.shape[0], 1, 1), x.dtype)
    return low + (high - low) * share
