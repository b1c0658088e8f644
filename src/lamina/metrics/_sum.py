"""A running sum that does not stop growing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from lamina import ops
from lamina.ops import Array


@ops.register_dataclass
@dataclass(frozen=True)
class Sum:
    """Add up float32 numbers without losing the small ones.

    A single float32 stops counting at 2**24: 16,777,216 + 1 is 16,777,216 again. Here what rounding takes from `high`
    is kept in `low`, so whole numbers add exactly up to 2**48. It is a pytree, and lives in the state of a compiled
    loop.

    Args:
        high: the sum, rounded to float32.
        low: what the rounding left over, at most half of the last digit of `high`.

    Example:
        >>> from lamina.metrics import Sum
        >>> total = Sum.zero() + 2.0**24 + 1.0 + 1.0
        >>> float(total.value)
        16777218.0

    Reference:
        T. J. Dekker, "A floating-point technique for extending the available precision",
        https://doi.org/10.1007/BF01397083
    """

    high: Array
    low: Array

    @classmethod
    def zero(cls, shape: tuple[int, ...] = ()) -> Sum:
        """Return the sum of nothing; `shape` where several sums run side by side."""
        nothing: Any = np.broadcast_to(np.float32(0), shape)  # NumPy's: nothing to compile, and no memory either
        return cls(nothing, nothing)

    @property
    def value(self) -> Array:
        """The sum as one float32 array."""
        return self.high

    def __add__(self, other: Array | float | Sum) -> Sum:
        """Return the sum with an array, or all that another sum has seen, added."""
        amount, rest = (other.high, other.low) if isinstance(other, Sum) else (other, 0.0)
        total = self.high + amount
        added = total - self.high
        lost = (self.high - (total - added)) + (amount - added)  # what rounding `total` took away
        low = self.low + rest + lost
        high = total + low
        return Sum(high, low - (high - total))
