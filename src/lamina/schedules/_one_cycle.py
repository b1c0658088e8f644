"""One rise and one fall over a whole training."""

from __future__ import annotations

from lamina import ops
from lamina._core import checks
from lamina._core.registry import register
from lamina.ops import Array
from lamina.schedules._cosine_decay import half_wave
from lamina.schedules._schedule import Schedule


@register("schedule")
class OneCycle(Schedule):
    """Rise to a large rate, then fall to a very small one.

    Each goes along half a wave of the cosine.

    ```
    rise = warmup_fraction · total_steps,  first = max / start_divisor,  last = first / end_divisor
    while step < rise:  first + (max - first) · (1 - cos(π · step / rise)) / 2
    afterwards:         last + (max - last) · (1 + cos(π · (step - rise) / (total_steps - rise))) / 2
    ```

    The largest rate may be several times what would do as a constant one: training is fast, and so large a rate
    regularizes. The momentum stays as it is, where the paper moves it the other way.

    Args:
        max_learning_rate: the largest rate; at least 0. `lamina.callbacks.LearningRateFinder` finds one.
        total_steps: how many updates the training has: batches in an epoch times epochs; above 0.
        warmup_fraction: the part of them in which the rate rises, at least 0 and below 1.
        start_divisor: how many times smaller the first rate is than the largest; at least 1.
        end_divisor: how many times smaller the last rate is than the first; at least 1.

    Raises:
        ArgumentError: for a number outside its range.

    Example:
        >>> from lamina import schedules
        >>> schedule = schedules.OneCycle(1.0, total_steps=100)
        >>> [round(float(schedule(step)), 4) for step in (0, 15, 30, 65, 100)]
        [0.04, 0.52, 1.0, 0.5, 0.0]

    Reference:
        [Smith and Topin, 2018](https://arxiv.org/abs/1708.07120)
    """

    max_learning_rate: float
    total_steps: float
    warmup_fraction: float = 0.3
    start_divisor: float = 25.0
    end_divisor: float = 10000.0

    def check(self) -> None:
        """Check each argument."""
        self.check_decay("max_learning_rate", "total_steps")
        checks.number(self.place("warmup_fraction"), self.warmup_fraction, low=0.0, high=1.0, open_high=True)
        checks.number(self.place("start_divisor"), self.start_divisor, low=1.0)
        checks.number(self.place("end_divisor"), self.end_divisor, low=1.0)

    def __call__(self, step: Array | int) -> Array:
        """Return the value at `step`."""
        step = ops.asarray(step, dtype=float)
        rise = self.warmup_fraction * self.total_steps
        top, first = self.max_learning_rate, self.max_learning_rate / self.start_divisor
        last = first / self.end_divisor
        fallen = ops.clip((step - rise) / (self.total_steps - rise), 0.0, 1.0)
        falling = last + (top - last) * half_wave(fallen)
        if rise == 0:
            return falling
        rising = top + (first - top) * half_wave(ops.minimum(step / rise, 1.0))
        return ops.where(step < rise, rising, falling)
