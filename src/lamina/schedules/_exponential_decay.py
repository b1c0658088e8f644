"""Schedules that multiply the rate by the same factor again and again."""

from __future__ import annotations

from lamina import ops
from lamina._core import checks
from lamina._core.registry import register
from lamina.ops import Array
from lamina.schedules._schedule import Schedule


@register("schedule")
class ExponentialDecay(Schedule):
    """Multiply the rate by `decay_rate` over every `decay_steps` steps.

    initial_learning_rate · decay_rate ^ (step / decay_steps)

    Args:
        initial_learning_rate: value at step 0, at least 0.
        decay_steps: number of steps over which one factor is spread, above 0.
        decay_rate: the factor, above 0.
        staircase: True to change only after each `decay_steps` steps, all at once.

    Raises:
        ArgumentError: for a number outside its range.

    Example:
        >>> from lamina import schedules
        >>> schedule = schedules.ExponentialDecay(1.0, decay_steps=100, decay_rate=0.25)
        >>> [float(schedule(step)) for step in (0, 50, 100)]
        [1.0, 0.5, 0.25]
    """

    initial_learning_rate: float
    decay_steps: float
    decay_rate: float
    staircase: bool = False

    def check(self) -> None:
        """Check each argument."""
        self.check_decay()
        checks.number(self.place("decay_rate"), self.decay_rate, low=0.0, open_low=True)
        checks.boolean(self.place("staircase"), self.staircase)

    def __call__(self, step: Array | int) -> Array:
        """Return the value at `step`."""
        periods = ops.asarray(step, dtype=float) / self.decay_steps
        if self.staircase:
            periods = ops.floor(periods)
        return self.initial_learning_rate * ops.power(self.decay_rate, periods)


@register("schedule")
class StepDecay(Schedule):
    """Multiply the rate by `factor` after every `decay_steps` steps.

    initial_learning_rate · factor ^ ⌊step / decay_steps⌋

    Args:
        initial_learning_rate: value at step 0, at least 0.
        decay_steps: number of steps between two changes, above 0.
        factor: what the rate is multiplied by, above 0.

    Raises:
        ArgumentError: for a number outside its range.

    Example:
        >>> from lamina import schedules
        >>> schedule = schedules.StepDecay(1.0, decay_steps=100, factor=0.5)
        >>> [float(schedule(step)) for step in (0, 99, 100, 200)]
        [1.0, 1.0, 0.5, 0.25]
    """

    initial_learning_rate: float
    decay_steps: float
    factor: float = 0.1

    def check(self) -> None:
        """Check each argument."""
        self.check_decay()
        checks.number(self.place("factor"), self.factor, low=0.0, open_low=True)

    def __call__(self, step: Array | int) -> Array:
        """Return the value at `step`."""
        changes = ops.floor(ops.asarray(step, dtype=float) / self.decay_steps)
        return self.initial_learning_rate * ops.power(self.factor, changes)
