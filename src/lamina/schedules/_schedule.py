"""What a schedule is."""

from __future__ import annotations

from typing import ClassVar

from lamina._core import checks
from lamina._core.config import Config
from lamina.ops import Array


class Schedule(Config):
    """Let a number, usually the learning rate, follow the steps of training.

    A schedule of one's own is a subclass with fields for its numbers and a ``__call__`` written with `lamina.ops`; it
    is saved with the optimizer like any other.

    Example:
        >>> from lamina import ops, schedules
        >>> class SquareRootDecay(schedules.Schedule):
        ...     initial_learning_rate: float
        ...
        ...     def __call__(self, step):
        ...         return self.initial_learning_rate * ops.rsqrt(step + 1.0)
        >>> schedule = SquareRootDecay(0.5)
        >>> float(schedule(3))
        0.25
    """

    family: ClassVar[str] = "schedule"

    def __call__(self, step: Array | int) -> Array:
        """Return the value at `step`.

        Args:
            step: how many updates have been made, from 0; a traced integer array inside training. An array of many
                steps gives as many values, as one needs to draw the schedule.
        """
        raise NotImplementedError

    def check_decay(self, rate: str = "initial_learning_rate", steps: str = "decay_steps") -> None:
        """Check the fields nearly all schedules have: a rate of at least 0, steps above 0."""
        checks.number(self.place(rate), getattr(self, rate), low=0.0)
        checks.number(self.place(steps), getattr(self, steps), low=0.0, open_low=True)
