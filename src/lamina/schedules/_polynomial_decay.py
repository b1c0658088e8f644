"""Lead the rate from one value to another along a power of the time left."""

from __future__ import annotations

from lamina import ops
from lamina._core import checks
from lamina._core.registry import register
from lamina.ops import Array
from lamina.schedules._schedule import Schedule


@register("schedule")
class PolynomialDecay(Schedule):
    """Lead the rate to its end within some steps, in a straight line by default.

    (initial_learning_rate - end_learning_rate) · (1 - step / decay_steps) ^ power + end_learning_rate

    Args:
        initial_learning_rate: value at step 0, at least 0.
        decay_steps: number of steps until the end, above 0.
        end_learning_rate: value at the end, at least 0.
        power: 1 for a straight line, above 1 to fall fast first, below 1 to fall fast last; above 0.
        cycle: False to stay at the end; True to start again there, from a lower value and more slowly each time: the
            end is then the next multiple of `decay_steps`.

    Raises:
        ArgumentError: for a number outside its range.

    Example:
        >>> from lamina import schedules
        >>> schedule = schedules.PolynomialDecay(1.0, decay_steps=100, end_learning_rate=0.5)
        >>> [float(schedule(step)) for step in (0, 50, 100, 200)]
        [1.0, 0.75, 0.5, 0.5]
    """

    initial_learning_rate: float
    decay_steps: float
    end_learning_rate: float = 0.0001
    power: float = 1.0
    cycle: bool = False

    def check(self) -> None:
        """Check each argument."""
        self.check_decay()
        checks.number(self.place("end_learning_rate"), self.end_learning_rate, low=0.0)
        checks.number(self.place("power"), self.power, low=0.0, open_low=True)
        checks.boolean(self.place("cycle"), self.cycle)

    def __call__(self, step: Array | int) -> Array:
        """Return the value at `step`."""
        periods = ops.asarray(step, dtype=float) / self.decay_steps
        end = ops.maximum(ops.ceil(periods), 1.0) if self.cycle else 1.0
        left = 1.0 - ops.minimum(periods / end, 1.0)
        span = self.initial_learning_rate - self.end_learning_rate
        return span * ops.power(left, self.power) + self.end_learning_rate
