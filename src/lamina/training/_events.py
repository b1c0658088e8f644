"""What training tells those who watch, and how they answer."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Protocol, TypeAlias

from lamina._core import checks
from lamina.errors import ArgumentError
from lamina.training._plan import Plan
from lamina.training._state import State

Logs: TypeAlias = Mapping[str, Any]


class Holder(Protocol):
    """Who keeps the current state: the model. The loop reads it before a stretch of training and stores it after."""

    state: State


@dataclasses.dataclass
class Session:
    """One call of fit, as callbacks see it.

    Args:
        model: the model being trained.
        plan: what it was compiled to.
        epochs: the epoch after the last one.
        first_epoch: the epoch training starts with, counted from 0.
        steps: how many batches an epoch has; None where that is not known.
        rows: how many rows an epoch has; None where that is not known.
        metrics: the names of all values that an epoch reports.
        stop_training: set it to True, and training ends after the current epoch.
        interrupted: whether Ctrl-C ended the training; known in ``on_train_end``.
    """

    model: Any
    plan: Plan
    epochs: int
    first_epoch: int
    steps: int | None
    rows: int | None
    metrics: tuple[str, ...]
    stop_training: bool = False
    interrupted: bool = False


class Callback:
    """Watch training, and steer it. Subclass, and write the events you need.

    Attributes:
        wants_batches: whether ``on_train_batch_end`` is called after every batch, as it is for a class that writes it.
            Training then returns to Python after each batch, which costs about 0.1 ms a batch.
        session: the call of fit (see `Session`); set before the first event.
        model: the model being trained; its weights are current in ``on_epoch_end`` and ``on_train_end``.

    Example:
        >>> import lamina as lm
        >>> class StopAt(lm.callbacks.Callback):
        ...     def on_epoch_end(self, epoch, logs):
        ...         self.session.stop_training = logs["loss"] < 0.1
    """

    wants_batches: ClassVar[bool] = False
    session: Session
    model: Any

    def __init_subclass__(cls, **options: Any) -> None:
        """Refuse events that do not exist, which would never be called.

        Raises:
            ArgumentError: for a method ``on_...`` that is no event.
        """
        super().__init_subclass__(**options)
        events = [name for name in vars(Callback) if name.startswith("on_")]
        for name in vars(cls):
            if name.startswith("on_") and name not in events:
                near = checks.nearest(name, events)
                fix = f"did you mean {near}?" if near else f"choose from {', '.join(events)}."
                raise checks.problem(ArgumentError, cls.__name__, expected="known events", got=repr(name), fix=fix)
        if "on_train_batch_end" in vars(cls) and "wants_batches" not in vars(cls):
            cls.wants_batches = True

    def on_train_begin(self) -> None:
        """Training is about to start."""

    def on_train_end(self, logs: Logs) -> None:
        """Training has ended, be it by Ctrl-C or an error; `logs` are those of the last whole epoch."""

    def on_epoch_begin(self, epoch: int) -> None:
        """An epoch, counted from 0, is about to start."""

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:
        """An epoch has ended; `logs` has its loss and metrics, those of validation with ``val_`` before."""

    def on_train_batch_end(self, batch: int, logs: Logs) -> None:
        """A batch, counted from 0 in its epoch, has been trained on; only if ``wants_batches``."""

    def on_progress(self, done: int, logs: Logs) -> None:
        """Training is back in Python, after `done` batches of the epoch; about five times a second."""


class Events:
    """Sends each event to every callback in order."""

    def __init__(self, callbacks: Sequence[Callback], session: Session) -> None:
        self.callbacks = tuple(callbacks)
        self.wants_batches = any(callback.wants_batches for callback in self.callbacks)
        for callback in self.callbacks:
            callback.session = session
            callback.model = session.model

    def send(self, event: str, *details: Any) -> None:
        """Call the method `event` of every callback."""
        for callback in self.callbacks:
            getattr(callback, event)(*details)

    def send_batch(self, done: int, logs: Logs) -> None:
        """Tell those who asked about the batch that ended."""
        for callback in self.callbacks:
            if callback.wants_batches:
                callback.on_train_batch_end(done - 1, logs)
