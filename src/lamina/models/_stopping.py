"""What may and may not be said to a model while it is being trained."""

from __future__ import annotations

import contextlib
import weakref
from collections.abc import Iterator
from typing import Any

from lamina._core import checks
from lamina.errors import StageError
from lamina.training import Callback, Logs

_IN_TRAINING: weakref.WeakSet[Any] = weakref.WeakSet()


class StopWish(Callback):
    """End training after an epoch in which someone wrote ``model.stop_training = True``."""

    def on_train_begin(self) -> None:
        """Forget the wish of earlier training."""
        self.model.stop_training = False

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:
        """Pass the wish on."""
        self.session.stop_training |= bool(self.model.stop_training)


@contextlib.contextmanager
def in_training(model: Any) -> Iterator[None]:
    """Mark a model as being trained, and refuse to train it twice at a time.

    Raises:
        StageError: for a model that is being trained.
    """
    refuse_in_training(model, "fit")
    _IN_TRAINING.add(model)
    try:
        yield
    finally:
        _IN_TRAINING.discard(model)


def refuse_in_training(model: Any, verb: str) -> None:
    """Refuse what would take the program away from the fit that is running on it.

    Raises:
        StageError: for a model that is being trained.
    """
    if model in _IN_TRAINING:
        raise checks.problem(
            StageError,
            verb,
            expected="a model that is not in training",
            got="a call while fit is running, as from a callback",
            fix="end this fit with self.session.stop_training = True, then go on with fit(..., initial_epoch=...).",
        )
