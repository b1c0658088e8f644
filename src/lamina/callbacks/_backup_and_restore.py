"""Keep checkpoints, and go on from the last one."""

from __future__ import annotations

import dataclasses
import os
import time
from typing import Any, ClassVar, Literal

from lamina._core import checks
from lamina.callbacks._configured import configured
from lamina.callbacks._monitor import Monitor
from lamina.errors import ArgumentError
from lamina.saving import Checkpoints
from lamina.training import Callback, Logs, go_on, seed_of, snapshot

SECONDS_BETWEEN = 60.0


@configured
class BackupAndRestore(Callback):
    """Write checkpoints in training, and begin with the last one that is whole.

    It is what ``fit(checkpoint="folder", resume=True)`` adds. A process that was killed is started again with the same
    call of fit, and goes on bit for bit as if it had never stopped: weights, optimizer, metrics, order of the rows,
    random numbers, history, and the state of every other callback. A folder belongs to one call of fit. The last three
    checkpoints and the best one are kept; best is the lowest ``"val_loss"``, or ``"loss"`` without validation.

    Args:
        backup_dir: the folder.
        save_freq: "epoch", or after how many batches to write one as well. Within a long epoch there is one a minute in
            any case.
        delete_checkpoint: whether the checkpoints are removed when training has come to its end.
        resume: whether to go on from a checkpoint that is there; where not, there must be none.

    Raises:
        ArgumentError: for what is no path and a number outside its range; before the first epoch, for checkpoints of
            training on other data, and for a folder that has checkpoints although `resume` is False; and where the disk
            is full, the older checkpoints being as they were.
        FormatError: for checkpoints that do not fit the model, or are all damaged.

    Example:
        >>> import tempfile
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((1,)), lm.layers.Dense(1)])
        >>> model.compile("sgd", "mse")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     backup = lm.callbacks.BackupAndRestore(folder, delete_checkpoint=False)
        ...     first = model.fit([[1.0]], [2.0], epochs=2, callbacks=[backup], verbose=0)
        ...     again = model.fit([[1.0]], [2.0], epochs=3, callbacks=[backup], verbose=0)
        >>> again.epoch, again.history["loss"][:2] == first.history["loss"]
        ([0, 1, 2], True)
    """

    backup_dir: str | os.PathLike[str]
    save_freq: int | Literal["epoch"] = "epoch"
    _: dataclasses.KW_ONLY
    delete_checkpoint: bool = True
    resume: bool = True

    turn: ClassVar[int] = 1  # after those whose state it keeps

    def __post_init__(self) -> None:
        """Check the arguments."""
        checks.boolean("BackupAndRestore(delete_checkpoint)", self.delete_checkpoint)
        checks.boolean("BackupAndRestore(resume)", self.resume)
        if self.save_freq != "epoch":
            checks.integer("BackupAndRestore(save_freq)", self.save_freq)
        self.wants_batches = self.save_freq != "epoch" and self.save_freq
        self._where = "BackupAndRestore(backup_dir)"
        self._folder = Checkpoints(checks.path(self._where, self.backup_dir, of="folder", example="run"))
        self._monitor = Monitor(None, where="BackupAndRestore")
        self._best: float | None = None
        self._is_whole = False
        self._written = 0.0

    def resumed_seed(self) -> int | None:
        """Return the seed of the training that the last checkpoint is of."""
        contents = self._folder.newest(where=self._where) if self.resume else None
        return None if contents is None else seed_of(contents, where=self._where)

    def on_train_begin(self) -> None:
        """Go on from the last checkpoint, if there is one."""
        self._best, self._is_whole, self._written = None, False, time.perf_counter()
        self._monitor.start(self.session)
        if self._folder and not self.resume:
            raise checks.problem(
                ArgumentError,
                self._where,
                expected="a folder without checkpoints",
                got=f"{os.fspath(self.backup_dir)!r}, which has some",
                fix="write resume=True to go on from the last one, or name another folder.",
            )
        contents = self._folder.newest(where=self._where)
        if contents is not None:
            go_on(self.session, contents, where=self._where)

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:
        """Write a checkpoint."""
        value = self._monitor.value(logs)
        is_best = self._monitor.is_better(value, self._best)
        self._best = value if is_best else self._best
        self._is_whole = epoch + 1 >= self.session.epochs or self.session.stop_training
        self._write(best=is_best)

    def on_train_batch_end(self, batch: int, logs: Logs) -> None:
        """Write a checkpoint, as often as asked for."""
        self._write()

    def on_progress(self, done: int, logs: Logs) -> None:
        """Write a checkpoint, if the last one is old."""
        if time.perf_counter() - self._written > SECONDS_BETWEEN:
            self._write()

    def on_interrupt(self) -> None:
        """Write a checkpoint before training ends."""
        self._write()

    def on_train_end(self, logs: Logs) -> None:
        """Remove the checkpoints, if that is asked for and training came to its end."""
        if self.delete_checkpoint and self._is_whole:
            self._folder.remove()

    def state(self) -> dict[str, Any]:
        """Return the best value so far."""
        return {"best": self._best, "is_whole": self._is_whole}

    def restore(self, state: dict[str, Any]) -> None:
        """Take over the best value so far."""
        self._best, self._is_whole = state["best"], state["is_whole"]

    def _write(self, *, best: bool = False) -> None:
        self._folder.write(snapshot(self.session), best=best, where=self._where)
        self._written = time.perf_counter()


def checkpoints(folder: str | os.PathLike[str], *, resume: bool) -> BackupAndRestore:
    """Return what ``fit(checkpoint=folder)`` asks for: checkpoints that stay.

    Args:
        folder: where they are.
        resume: whether to go on from the last one.
    """
    where = "fit(checkpoint)"
    path = checks.path(where, folder, of="folder", example="run")
    made = BackupAndRestore(path, delete_checkpoint=False, resume=resume)
    made._where = where
    return made
