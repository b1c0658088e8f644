"""Constraints on the length of weight vectors."""

from __future__ import annotations

from lamina import ops
from lamina._core import checks
from lamina._core.config import Setting
from lamina._core.registry import register
from lamina.constraints._constraint import Constraint
from lamina.errors import ArgumentError
from lamina.ops import Array

EPSILON = 1e-7
"""Least length to divide by, so that zero vectors stay 0; Keras' value."""


@register("constraint")
class MaxNorm(Constraint):
    """Shorten vectors that are longer than allowed.

    w · min(1, max_value / ‖w‖)

    Args:
        max_value: the greatest length, at least 0.
        axis: the dimensions along which a vector lies: 0 for a dense kernel, so that each unit has one; (0, 1, 2) for
            the kernel of a 2-D convolution.

    Shape:
        Output: that of the input.

    Raises:
        ArgumentError: for a negative length or an axis that is not an integer or several.

    Example:
        >>> import numpy as np
        >>> from lamina import constraints
        >>> constraints.MaxNorm(2.0)(np.array([[3.0, 0.0], [4.0, 1.0]]))
        Array([[1.2, 0. ],
               [1.6, 1. ]], dtype=float32)

    Reference:
        [Srivastava et al., 2014](https://jmlr.org/papers/v15/srivastava14a.html)
    """

    max_value: Setting = 2.0
    axis: int | tuple[int, ...] = 0

    def check(self) -> None:
        """Check both arguments."""
        checks.number(self.place("max_value"), self.max_value, low=0.0)
        _check_axis(self.place("axis"), self.axis)

    def __call__(self, values: Array) -> Array:
        """Return the vectors, none longer than `max_value`."""
        return values * ops.minimum(1.0, self.max_value / _length(values, self.axis))


@register("constraint")
class UnitNorm(Constraint):
    """Give every vector length 1; a zero vector stays 0.

    w / ‖w‖

    Args:
        axis: the dimensions along which a vector lies: 0 for a dense kernel, so that each unit has one; (0, 1, 2) for
            the kernel of a 2-D convolution.

    Shape:
        Output: that of the input.

    Raises:
        ArgumentError: for an axis that is not an integer or several.

    Example:
        >>> import numpy as np
        >>> from lamina import constraints
        >>> constraints.UnitNorm()(np.array([[3.0, 0.0], [4.0, 0.0]]))
        Array([[0.6, 0. ],
               [0.8, 0. ]], dtype=float32)
    """

    axis: int | tuple[int, ...] = 0

    def check(self) -> None:
        """Check the axis."""
        _check_axis(self.place("axis"), self.axis)

    def __call__(self, values: Array) -> Array:
        """Return the vectors with length 1."""
        return values / _length(values, self.axis)


@register("constraint")
class MinMaxNorm(Constraint):
    """Lead the length of vectors between two bounds.

    w · (rate · min(max(‖w‖, min_value), max_value) + (1 - rate) · ‖w‖) / ‖w‖

    Args:
        min_value: the least length, at least 0. A zero vector has no direction and stays 0.
        max_value: the greatest length, at least `min_value`.
        rate: share of the way that is gone at each step, between 0 and 1; 1 keeps the bounds strictly.
        axis: the dimensions along which a vector lies: 0 for a dense kernel, so that each unit has one; (0, 1, 2) for
            the kernel of a 2-D convolution.

    Shape:
        Output: that of the input.

    Raises:
        ArgumentError: for bounds that are negative or in the wrong order, a rate outside 0 to 1, or an axis that is not
            an integer or several.

    Example:
        >>> import numpy as np
        >>> from lamina import constraints
        >>> constraints.MinMaxNorm(1.0, 2.0)(np.array([[3.0, 0.3], [4.0, 0.4]]))
        Array([[1.2, 0.6],
               [1.6, 0.8]], dtype=float32)
    """

    min_value: Setting = 0.0
    max_value: Setting = 1.0
    rate: Setting = 1.0
    axis: int | tuple[int, ...] = 0

    def check(self) -> None:
        """Check each argument."""
        checks.number(self.place("min_value"), self.min_value, low=0.0)
        checks.number(self.place("max_value"), self.max_value, low=0.0)
        checks.number(self.place("rate"), self.rate, low=0.0, high=1.0)
        _check_axis(self.place("axis"), self.axis)
        if self.max_value < self.min_value:
            raise checks.problem(
                ArgumentError,
                self.place("max_value"),
                expected=f"a number of at least min_value ({self.min_value:g})",
                got=checks.plain(self.max_value),
                fix="give the smaller number first.",
            )

    def __call__(self, values: Array) -> Array:
        """Return the vectors, nearer to the allowed lengths by `rate`."""
        length = _length(values, self.axis)
        allowed = ops.clip(length, self.min_value, self.max_value)
        wanted = self.rate * allowed + (1.0 - self.rate) * length
        return values * (wanted / length)


def _length(values: Array, axis: int | tuple[int, ...]) -> Array:
    return ops.maximum(ops.sqrt(ops.sum(ops.square(values), axis=axis, keepdims=True)), EPSILON)


def _check_axis(place: str, axis: object) -> None:
    items = axis if isinstance(axis, tuple) else (axis,)
    if not items or not all(isinstance(item, int) and not isinstance(item, bool) for item in items):
        raise checks.problem(
            ArgumentError,
            place,
            expected="an integer or several",
            got=checks.plain(axis),
            fix="write 0 for a dense kernel, (0, 1, 2) for a 2-D convolution.",
        )
