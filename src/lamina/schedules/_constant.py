"""Schedules that stay at one value, or at a few in turn."""

from __future__ import annotations

from lamina import ops
from lamina._core import checks
from lamina._core.registry import register
from lamina.errors import ArgumentError
from lamina.ops import Array
from lamina.schedules._schedule import Schedule


@register("schedule")
class Constant(Schedule):
    """Stay at one value.

    Args:
        value: the value, at least 0.

    Raises:
        ArgumentError: for a value that is negative or not finite.

    Example:
        >>> from lamina import schedules
        >>> float(schedules.Constant(0.25)(1000))
        0.25
    """

    value: float

    def check(self) -> None:
        """Check the value."""
        checks.number(self.place("value"), self.value, low=0.0)

    def __call__(self, step: Array | int) -> Array:
        """Return the value, whatever the step."""
        return ops.full_like(step, self.value, dtype=float)


@register("schedule")
class PiecewiseConstantDecay(Schedule):
    """Stay at one value up to each boundary, and go to the next value after it.

    ``values[0]`` while step ≤ ``boundaries[0]``, then ``values[1]`` while step ≤ ``boundaries[1]``, and so on.

    Args:
        boundaries: the last step of each value but the last one, in growing order.
        values: the values, each at least 0, one more than there are boundaries.

    Raises:
        ArgumentError: for boundaries that do not grow, or another number of values.

    Example:
        >>> from lamina import schedules
        >>> schedule = schedules.PiecewiseConstantDecay([100, 200], [1.0, 0.5, 0.25])
        >>> [float(schedule(step)) for step in (0, 100, 101, 500)]
        [1.0, 1.0, 0.5, 0.25]
    """

    boundaries: tuple[float, ...]
    values: tuple[float, ...]

    def check(self) -> None:
        """Check that the boundaries grow and each piece has its value."""
        for field in ("boundaries", "values"):
            _check_numbers(self.place(field), getattr(self, field))
        if any(right <= left for left, right in zip(self.boundaries, self.boundaries[1:], strict=False)):
            raise checks.problem(
                ArgumentError,
                self.place("boundaries"),
                expected="numbers in growing order",
                got=checks.plain(self.boundaries),
                fix="sort them, and give each only once.",
            )
        if len(self.values) != len(self.boundaries) + 1:
            raise checks.problem(
                ArgumentError,
                self.place("values"),
                expected=f"{len(self.boundaries) + 1} values for {len(self.boundaries)} boundaries",
                got=f"{len(self.values)}",
                fix="give one value before each boundary and one after the last.",
            )

    def __call__(self, step: Array | int) -> Array:
        """Return the value at `step`."""
        piece = ops.searchsorted(ops.asarray(self.boundaries), ops.asarray(step), method="compare_all")
        return ops.asarray(self.values, dtype=float)[piece]


def _check_numbers(place: str, numbers: object) -> None:
    if not isinstance(numbers, tuple):
        raise checks.problem(
            ArgumentError,
            place,
            expected="a list of numbers",
            got=checks.plain(numbers),
            fix="write it as in [1000, 2000].",
        )
    for number in numbers:
        checks.number(place, number, low=0.0)
