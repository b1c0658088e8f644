"""One call of fit, as the loop and callbacks see it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from lamina.training._plan import Plan
from lamina.training._state import State

if TYPE_CHECKING:
    from lamina.training._events import Callback
    from lamina.training._history import History
    from lamina.training._program import Program
    from lamina.training._rows import Rows

Logs: TypeAlias = Mapping[str, Any]


class Holder(Protocol):
    """Who keeps the current state: the model. The loop reads it before a stretch of training and stores it after."""

    state: State


@dataclasses.dataclass
class Position:
    """Where in the epochs training is; with the state and the data it decides everything that follows.

    Args:
        epoch: the epoch, counted from 0.
        first_step: how many updates were made before this epoch; with the seed it decides the order of the rows.
        sums: what the losses and metrics of the epoch have added up to.
        done: how many batches of the epoch have been trained on.
        values: the loss and metrics over those batches.
    """

    epoch: int
    first_step: int
    sums: Any
    done: int = 0
    values: dict[str, Any] = dataclasses.field(default_factory=dict)


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
        history: the record, with the epochs that are done.
        position: where training is, and goes on from: in ``on_epoch_end`` the beginning of the next epoch.
        fingerprint: what tells the data, its order and its division into batches from others.
        program: the compiled programs of the plan.
        sample: rows to look at: all, or the first ones of those that are read.
        first_step: how many updates the model had seen before this call of fit.
        callbacks: all that are told, in the order in which they are.
        reported: numbers of callbacks that stand in the record beside the metrics, such as ``"learning_rate"``.
        weights_epoch: the epoch whose weights the model has; None in the middle of one.
        stop_training: set it to True, and training ends after the current epoch.
        stop_now: set it to True, and training ends when Python is entered next, in the middle of the epoch.
        interrupted: whether Ctrl-C ended the training; known in ``on_interrupt`` and ``on_train_end``.
    """

    model: Any
    plan: Plan
    epochs: int
    first_epoch: int
    steps: int | None
    rows: int | None
    metrics: tuple[str, ...]
    history: History
    position: Position
    fingerprint: Callable[[], str]
    program: Program
    sample: Rows
    first_step: int = 0
    callbacks: tuple[Callback, ...] = ()
    reported: dict[str, float] = dataclasses.field(default_factory=dict)
    weights_epoch: int | None = None
    stop_training: bool = False
    stop_now: bool = False
    interrupted: bool = False

    @property
    def batches(self) -> int:
        """How many batches have been trained on since this call of fit began, in all its epochs."""
        return self.position.first_step + self.position.done - self.first_step
