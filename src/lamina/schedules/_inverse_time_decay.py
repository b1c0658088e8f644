"""Let the rate fall like one over the time."""

from __future__ import annotations

from lamina import ops
from lamina._core import checks
from lamina._core.registry import register
from lamina.ops import Array
from lamina.schedules._schedule import Schedule


@register("schedule")
class InverseTimeDecay(Schedule):
    """Divide the rate by a number that grows evenly with the steps.

    initial_learning_rate / (1 + decay_rate · step / decay_steps)

    Args:
        initial_learning_rate: value at step 0, at least 0.
        decay_steps: number of steps in which the divisor grows by `decay_rate`, above 0.
        decay_rate: growth of the divisor, at least 0.
        staircase: True to change only after each `decay_steps` steps, all at once.

    Raises:
        ArgumentError: for a number outside its range.

    Example:
        >>> from lamina import schedules
        >>> schedule = schedules.InverseTimeDecay(1.0, decay_steps=100, decay_rate=1.0)
        >>> [float(schedule(step)) for step in (0, 100, 300)]
        [1.0, 0.5, 0.25]

    Reference:
        [Robbins and Monro, 1951](https://doi.org/10.1214/aoms/1177729586)
    """

    initial_learning_rate: float
    decay_steps: float
    decay_rate: float
    staircase: bool = False

    def check(self) -> None:
        """Check each argument."""
        self.check_decay()
        checks.number(self.place("decay_rate"), self.decay_rate, low=0.0)
        checks.boolean(self.place("staircase"), self.staircase)

    def __call__(self, step: Array | int) -> Array:
        """Return the value at `step`."""
        periods = ops.asarray(step, dtype=float) / self.decay_steps
        if self.staircase:
            periods = ops.floor(periods)
        return self.initial_learning_rate / (1.0 + self.decay_rate * periods)
