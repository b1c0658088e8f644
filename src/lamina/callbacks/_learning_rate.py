"""Change the learning rate between epochs.

The rate is part of the training state, so that changing it never compiles again.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable
from typing import Any

from lamina._core import checks
from lamina.callbacks._configured import configured
from lamina.callbacks._monitor import Mode, Monitor
from lamina.callbacks._writers import say
from lamina.errors import ArgumentError
from lamina.training import Callback, Logs


@configured
class LearningRateScheduler(Callback):
    """Set the learning rate at the beginning of each epoch.

    A schedule of `lamina.schedules` as the optimizer's own learning rate follows the steps instead.

    Args:
        schedule: is given the epoch, counted from 0, and the present rate if it takes a second argument; returns the
            rate of the epoch.
        verbose: 1 to say so in a line.

    Raises:
        ArgumentError: for something that cannot be called, and, before the first epoch, for an optimizer whose rate is
            a schedule already.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((1,)), lm.layers.Dense(1)])
        >>> model.compile(lm.optimizers.SGD(0.1), "mse")
        >>> halving = lm.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2 if epoch else rate)
        >>> history = model.fit([[1.0]], [2.0], epochs=3, callbacks=[halving], verbose=0)
        >>> [round(rate, 6) for rate in history.history["learning_rate"]]
        [0.1, 0.05, 0.025]
    """

    schedule: Callable[..., Any]
    verbose: int = 0

    def __post_init__(self) -> None:
        """Check the arguments."""
        if not callable(self.schedule):
            raise checks.problem(
                ArgumentError,
                "LearningRateScheduler(schedule)",
                expected="a function of the epoch",
                got=checks.plain(self.schedule),
                fix="write it as in lambda epoch: 0.1 * 0.9**epoch.",
            )

    def on_train_begin(self) -> None:
        """Make sure that the rate can be set."""
        self.model.learning_rate = self.model.learning_rate

    def on_epoch_begin(self, epoch: int) -> None:
        """Set the rate."""
        details = (epoch, self.model.learning_rate) if _takes_two(self.schedule) else (epoch,)
        rate = self.schedule(*details)
        rate = rate.item() if hasattr(rate, "item") else rate
        checks.number(f"LearningRateScheduler(schedule) at epoch {epoch}", rate, low=0)
        self.model.learning_rate = rate
        self.session.reported["learning_rate"] = self.model.learning_rate
        if self.verbose:
            say(f"Epoch {epoch + 1}: learning rate {rate:g}.")


@configured
class ReduceLROnPlateau(Callback):
    """Lower the learning rate when a value has not become better for some epochs.

    Args:
        monitor: the value, such as ``"val_loss"`` or ``"accuracy"``.
        factor: what the rate is multiplied by, at least 0 and below 1.
        patience: after how many epochs in a row without a better value the rate is lowered.
        verbose: 1 to say so in a line.
        mode: "min" or "max" for what is better; "auto" for what the metric says of itself.
        min_delta: by how much a value must be better than the best before to count as better; at least 0.
        cooldown: how many epochs after lowering the rate are not counted.
        min_lr: the rate that it is never lowered below; at least 0.

    Raises:
        ArgumentError: for a number outside its range, and, before the first epoch, for a value that is not reported or
            an optimizer whose rate is a schedule.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((1,)), lm.layers.Dense(1, kernel_initializer="zeros")])
        >>> model.compile(lm.optimizers.SGD(0.6), "mse")
        >>> lowering = lm.callbacks.ReduceLROnPlateau("loss", 0.5, patience=1)
        >>> history = model.fit([[1.0]], [2.0], epochs=3, callbacks=[lowering], verbose=0)
        >>> [round(rate, 6) for rate in history.history["learning_rate"]]
        [0.6, 0.6, 0.3]
    """

    monitor: str = "val_loss"
    factor: float = 0.1
    _: dataclasses.KW_ONLY
    patience: int = 10
    verbose: int = 0
    mode: Mode = "auto"
    min_delta: float = 0.0001
    cooldown: int = 0
    min_lr: float = 0.0

    def __post_init__(self) -> None:
        """Check the arguments."""
        checks.number("ReduceLROnPlateau(factor)", self.factor, low=0, high=1, open_high=True)
        checks.number("ReduceLROnPlateau(min_delta)", self.min_delta, low=0)
        checks.number("ReduceLROnPlateau(min_lr)", self.min_lr, low=0)
        checks.integer("ReduceLROnPlateau(patience)", self.patience, least=0)
        checks.integer("ReduceLROnPlateau(cooldown)", self.cooldown, least=0)
        self._monitor = Monitor(self.monitor, self.mode, where="ReduceLROnPlateau")
        self._forget()

    def _forget(self) -> None:
        self._best: float | None = None
        self._wait = self._cooling = 0

    def on_train_begin(self) -> None:
        """Forget earlier training, and make sure that the rate can be set."""
        self._forget()
        self._monitor.start(self.session)
        self.model.learning_rate = self.model.learning_rate

    def on_epoch_begin(self, epoch: int) -> None:
        """Let the record have the rate."""
        self.session.reported["learning_rate"] = self.model.learning_rate

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:
        """Look at the value."""
        value = self._monitor.value(logs)
        if self._cooling:
            self._cooling -= 1
            self._wait = 0
        if self._monitor.is_better(value, self._best, min_delta=self.min_delta):
            self._best, self._wait = value, 0
        elif not self._cooling:
            self._wait += 1
            if self._wait >= self.patience and self.model.learning_rate > self.min_lr:
                self._lower(epoch)

    def _lower(self, epoch: int) -> None:
        self.model.learning_rate = max(self.model.learning_rate * self.factor, self.min_lr)
        self._wait, self._cooling = 0, self.cooldown
        if self.verbose:
            say(f"Epoch {epoch + 1}: no better {self._monitor.name}; learning rate {self.model.learning_rate:g}.")

    def state(self) -> dict[str, Any]:
        """Return the best value so far, and how long ago it was."""
        return {"best": self._best, "wait": self._wait, "cooling": self._cooling}

    def restore(self, state: dict[str, Any]) -> None:
        """Take over the best value so far, and how long ago it was."""
        self._best, self._wait, self._cooling = state["best"], state["wait"], state["cooling"]


def _takes_two(function: Callable[..., Any]) -> bool:
    """Tell whether a function can be called with two arguments."""
    try:
        inspect.signature(function).bind(0, 0.0)
    except (TypeError, ValueError):  # one argument; or a function that does not tell
        return False
    return True
