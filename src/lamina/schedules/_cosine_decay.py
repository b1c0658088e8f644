"""Schedules that fall along half a wave of the cosine, once or again and again."""

from __future__ import annotations

import math

from lamina import ops
from lamina._core import checks
from lamina._core.registry import register
from lamina.errors import ArgumentError
from lamina.ops import Array
from lamina.schedules._schedule import Schedule

ROUNDING = 1e-5
"""More than a logarithm in float32 may be wrong by."""


def half_wave(fraction: Array) -> Array:
    """Return (1 + cos(π · fraction)) / 2: from 1 down to 0 as `fraction` grows to 1."""
    return 0.5 * (1.0 + ops.cos(math.pi * fraction))


@register("schedule")
class CosineDecay(Schedule):
    """Fall along half a wave of the cosine, after a warm-up if wanted.

    ```
    while step < warmup_steps:  initial + (warmup_target - initial) · step / warmup_steps
    afterwards:                 top · ((1 - alpha) · (1 + cos(π · t / decay_steps)) / 2 + alpha)
    ```

    where t counts the steps after the warm-up, up to decay_steps, and top is the rate at its start.

    Args:
        initial_learning_rate: value at step 0, at least 0.
        decay_steps: number of steps of the fall, those of the warm-up not counted; above 0.
        alpha: fraction of the top that is left at the end, between 0 and 1.
        warmup_target: value at the end of the warm-up, at least 0; None for no warm-up.
        warmup_steps: number of steps of the warm-up, at least 0.

    Raises:
        ArgumentError: for a number outside its range, or steps of a warm-up without its target.

    Example:
        >>> from lamina import schedules
        >>> schedule = schedules.CosineDecay(0.0, decay_steps=100, warmup_target=1.0, warmup_steps=10)
        >>> [round(float(schedule(step)), 3) for step in (0, 5, 10, 60, 110)]
        [0.0, 0.5, 1.0, 0.5, 0.0]

    Reference:
        [Loshchilov and Hutter, 2016](https://arxiv.org/abs/1608.03983);
        warm-up: [Goyal et al., 2017](https://arxiv.org/abs/1706.02677)
    """

    initial_learning_rate: float
    decay_steps: float
    alpha: float = 0.0
    warmup_target: float | None = None
    warmup_steps: float = 0

    def check(self) -> None:
        """Check each argument."""
        self.check_decay()
        checks.number(self.place("alpha"), self.alpha, low=0.0, high=1.0)
        checks.number(self.place("warmup_steps"), self.warmup_steps, low=0.0)
        if self.warmup_target is not None:
            checks.number(self.place("warmup_target"), self.warmup_target, low=0.0)
        elif self.warmup_steps > 0:
            raise checks.problem(
                ArgumentError,
                self.place("warmup_target"),
                expected=f"the rate to reach in the {self.warmup_steps:g} warmup_steps",
                got="None",
                fix="give the highest rate as warmup_target, and the first one as initial_learning_rate.",
            )

    def __call__(self, step: Array | int) -> Array:
        """Return the value at `step`."""
        step = ops.asarray(step, dtype=float)
        top = self.initial_learning_rate if self.warmup_target is None else self.warmup_target
        fraction = ops.clip((step - self.warmup_steps) / self.decay_steps, 0.0, 1.0)
        falling = top * ((1.0 - self.alpha) * half_wave(fraction) + self.alpha)
        if self.warmup_steps == 0:
            return falling
        rising = self.initial_learning_rate + (top - self.initial_learning_rate) * step / self.warmup_steps
        return ops.where(step < self.warmup_steps, rising, falling)


@register("schedule")
class CosineDecayRestarts(Schedule):
    """Fall along half a cosine wave, jump up, and fall again, each time more slowly.

    initial_learning_rate · ((1 - alpha) · m_mulⁱ · (1 + cos(π · fraction)) / 2 + alpha)

    where i counts the restarts, and fraction is the part of the present period that is over. Period i lasts
    first_decay_steps · t_mulⁱ steps.

    Args:
        initial_learning_rate: value at step 0, at least 0.
        first_decay_steps: number of steps in the first period, above 0.
        t_mul: how many times longer each period is than the one before, at least 1.
        m_mul: how many times higher each period starts than the one before, above 0.
        alpha: fraction of the initial rate that is left at the end of a period, between 0 and 1.

    Raises:
        ArgumentError: for a number outside its range.

    Example:
        >>> from lamina import schedules
        >>> schedule = schedules.CosineDecayRestarts(1.0, first_decay_steps=100)
        >>> [round(float(schedule(step)), 3) for step in (0, 50, 100, 200)]
        [1.0, 0.5, 1.0, 0.5]

    Reference:
        [Loshchilov and Hutter, 2016](https://arxiv.org/abs/1608.03983)
    """

    initial_learning_rate: float
    first_decay_steps: float
    t_mul: float = 2.0
    m_mul: float = 1.0
    alpha: float = 0.0

    def check(self) -> None:
        """Check each argument."""
        self.check_decay(steps="first_decay_steps")
        checks.number(self.place("t_mul"), self.t_mul, low=1.0)
        checks.number(self.place("m_mul"), self.m_mul, low=0.0, open_low=True)
        checks.number(self.place("alpha"), self.alpha, low=0.0, high=1.0)

    def __call__(self, step: Array | int) -> Array:
        """Return the value at `step`."""
        restarts, fraction = self._position(ops.asarray(step, dtype=float) / self.first_decay_steps)
        height = ops.power(self.m_mul, restarts) * half_wave(fraction)
        return self.initial_learning_rate * ((1.0 - self.alpha) * height + self.alpha)

    def _position(self, periods: Array) -> tuple[Array, Array]:
        """Return the number of restarts, and which part of the present period is over."""
        if self.t_mul == 1.0:
            restarts = ops.floor(periods)
            return restarts, periods - restarts
        # The periods before restart i last (t_mulⁱ - 1) / (t_mul - 1) first periods; solved for i.
        growth = self.t_mul - 1.0
        restarts = ops.floor(ops.log1p(growth * periods) / math.log(self.t_mul) + ROUNDING)
        length = ops.power(self.t_mul, restarts)
        return restarts, ops.maximum((periods - (length - 1.0) / growth) / length, 0.0)
