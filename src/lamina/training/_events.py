"""What training tells those who watch, and how they answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, ClassVar

from lamina._core import checks
from lamina.errors import ArgumentError, DivergedError
from lamina.training._session import Logs, Session


class Callback:
    """Watch training, and steer it. Subclass, and write the events you need.

    Attributes:
        wants_batches: whether there are events for every batch, as there are for a class that writes one of them; or a
            number n, for every n-th batch since training began. Training then returns to Python each time, which costs
            about half a millisecond.
        turn: when a callback is told, compared with others: those of lower turn first, then in the order given.
        session: the call of fit (see `Session`); set before the first event.
        model: the model being trained; its weights are current in every event.

    Example:
        >>> import lamina as lm
        >>> class StopAt(lm.callbacks.Callback):
        ...     def on_epoch_end(self, epoch, logs):
        ...         self.session.stop_training = logs["loss"] < 0.1
    """

    turn: ClassVar[int] = 0
    wants_batches: bool | int = False
    session: Session
    model: Any

    def __init_subclass__(cls, **options: Any) -> None:
        """Refuse events that do not exist, which would never be called.

        Raises:
            ArgumentError: for a method ``on_...`` that is no event.
        """
        super().__init_subclass__(**options)
        for name in vars(cls):
            if name.startswith("on_") and name not in EVENTS:
                near = checks.nearest(name, EVENTS)
                fix = f"did you mean {near}?" if near else f"choose from {', '.join(EVENTS)}."
                raise checks.problem(ArgumentError, cls.__name__, expected="known events", got=repr(name), fix=fix)
        if {"on_train_batch_begin", "on_train_batch_end"} & set(vars(cls)) and "wants_batches" not in vars(cls):
            cls.wants_batches = True

    def state(self) -> dict[str, Any]:
        """Return what a checkpoint must keep for this callback to go on as if never stopped.

        That may be numbers, text, None, arrays, and lists and dictionaries of them.
        """
        return {}

    def restore(self, state: dict[str, Any]) -> None:
        """Take over what `state` returned before training was stopped; called after ``on_train_begin``."""

    def resumed_seed(self) -> int | None:
        """Return the seed of the training that this callback will go on with; None where it begins anew."""
        return None

    def on_train_begin(self) -> None:
        """Training is about to start."""

    def on_train_end(self, logs: Logs) -> None:
        """Training has ended, be it by Ctrl-C or an error; `logs` are those of the last whole epoch."""

    def on_epoch_begin(self, epoch: int) -> None:
        """An epoch, counted from 0, is about to start."""

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:
        """An epoch has ended; `logs` has its loss and metrics, those of validation with ``val_`` before."""

    def on_test_begin(self) -> None:
        """Validation is about to start."""

    def on_test_end(self, logs: Logs) -> None:
        """Validation has ended; `logs` has its loss and metrics."""

    def on_train_batch_begin(self, batch: int) -> None:
        """A batch, counted from 0 in its epoch, is about to be trained on; only if ``wants_batches`` is True."""

    def on_train_batch_end(self, batch: int, logs: Logs) -> None:
        """A batch has been trained on; `logs` are averages over the epoch so far; only if ``wants_batches``."""

    def on_progress(self, done: int, logs: Logs) -> None:
        """Training is back in Python, after `done` batches of the epoch; about five times a second."""

    def on_interrupt(self) -> None:
        """Training ends here, in the middle of an epoch, by Ctrl-C or ``session.stop_now``."""

    def on_divergence(self, error: DivergedError) -> None:
        """The loss or weights stopped being finite; the last good state is restored.

        The error is raised then, unless someone sets ``session.stop_training``.
        """


EVENTS = tuple(name for name in vars(Callback) if name.startswith("on_"))


class Events:
    """Sends each event to every callback in order."""

    def __init__(self, callbacks: Sequence[Callback], session: Session) -> None:
        self.callbacks = session.callbacks = tuple(sorted(callbacks, key=lambda callback: callback.turn))
        self._begun: list[Callback] = []
        for callback in self.callbacks:
            callback.session = session
            callback.model = session.model

    def begin(self) -> None:
        """Tell every callback that training begins."""
        for callback in self.callbacks:
            self._begun.append(callback)
            callback.on_train_begin()

    def end(self, logs: Logs) -> None:
        """Tell every callback that was told of the beginning that training has ended, be it by its own error."""
        for callback in self._begun:
            callback.on_train_end(logs)

    def send(self, event: str, *details: Any) -> None:
        """Call the method `event` of every callback."""
        for callback in self.callbacks:
            getattr(callback, event)(*details)

    def steps_to_next(self, batches: int) -> float:
        """Return how many batches to train on, when so many have been, until someone wants to be told of one."""
        wishes = (int(callback.wants_batches) for callback in self.callbacks)
        return min((wish - batches % wish for wish in wishes if wish), default=math.inf)

    def begin_batch(self, batch: int) -> None:
        """Tell those who asked for every batch that one is about to start."""
        for callback in self.callbacks:
            if callback.wants_batches is True:
                callback.on_train_batch_begin(batch)

    def end_batch(self, batch: int, batches: int, logs: Logs) -> None:
        """Tell those who asked for it about the batch that ended, as the number `batches` of this training."""
        for callback in self.callbacks:
            if callback.wants_batches and batches % int(callback.wants_batches) == 0:
                callback.on_train_batch_end(batch, logs)
