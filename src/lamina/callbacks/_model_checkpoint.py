"""Save the model while it is trained."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import string
from pathlib import Path
from typing import Any, Literal

from lamina._core import checks
from lamina._core.writing import writing
from lamina.callbacks._configured import configured
from lamina.callbacks._monitor import Mode, Monitor
from lamina.callbacks._writers import say
from lamina.errors import ArgumentError
from lamina.training import Callback, Logs

FILEPATH = "ModelCheckpoint(filepath)"


@configured
class ModelCheckpoint(Callback):
    """Save the model, or its weights, after each epoch or after the best.

    To go on with training that was interrupted or killed use ``fit(checkpoint=..., resume=True)``, which keeps all that
    takes.

    Args:
        filepath: the file, such as ``"best.safetensors"``; it may have the epoch, counted from 1, and values in it:
            ``"{epoch:02d}-{val_loss:.3f}.safetensors"``, and ``{batch}`` where `save_freq` is a number. Folders are
            made where they are missing.
        monitor: the value that is best where `save_best_only`.
        verbose: 1 to say so in a line.
        save_best_only: whether to save only where the value is better than ever before in this call of fit.
        save_weights_only: whether to save weights alone, for `lamina.Model.load_weights`.
        mode: "min" or "max" for what is better; "auto" for what the metric says of itself.
        save_freq: "epoch", or after how many batches to save.
        initial_value_threshold: a value to be better than from the first epoch on; None for any.

    Raises:
        ArgumentError: for a name that cannot be filled in and a number outside its range; before the first epoch, for a
            value, in the name or monitored, that is not reported; and where the file cannot be written.

    Example:
        >>> import os, tempfile
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((1,)), lm.layers.Dense(1, kernel_initializer="zeros")])
        >>> model.compile(lm.optimizers.SGD(0.1), "mse")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     saving = lm.callbacks.ModelCheckpoint(folder + "/{epoch:02d}-{loss:.1f}.safetensors")
        ...     history = model.fit([[1.0]], [2.0], epochs=2, callbacks=[saving], verbose=0)
        ...     sorted(os.listdir(folder))
        ['01-4.0.safetensors', '02-1.4.safetensors']
    """

    filepath: str | os.PathLike[str]
    monitor: str = "val_loss"
    _: dataclasses.KW_ONLY
    verbose: int = 0
    save_best_only: bool = False
    save_weights_only: bool = False
    mode: Mode = "auto"
    save_freq: int | Literal["epoch"] = "epoch"
    initial_value_threshold: float | None = None

    def __post_init__(self) -> None:
        """Check the arguments."""
        checks.boolean("ModelCheckpoint(save_best_only)", self.save_best_only)
        checks.boolean("ModelCheckpoint(save_weights_only)", self.save_weights_only)
        if self.save_freq != "epoch":
            checks.integer("ModelCheckpoint(save_freq)", self.save_freq)
        self.wants_batches = self.save_freq != "epoch" and self.save_freq
        if self.initial_value_threshold is not None:
            checks.number("ModelCheckpoint(initial_value_threshold)", self.initial_value_threshold)
        self._monitor = Monitor(self.monitor, self.mode, where="ModelCheckpoint")
        self._best = self.initial_value_threshold
        self._names = _names_in(checks.path(FILEPATH, self.filepath, of="file", example="best.safetensors"))
        self._epoch = 0

    def on_train_begin(self) -> None:
        """Forget earlier training, and look for each name among what will be reported."""
        self._best = self.initial_value_threshold
        if self.save_best_only:
            self._monitor.start(self.session)
        known, asked = self._reported(), [("filepath", name) for name in self._names]
        for argument, name in [*asked, *([("monitor", self._monitor.name)] if self.save_best_only else [])]:
            if name not in known:
                raise self._unknown(argument, name, known)

    def on_epoch_begin(self, epoch: int) -> None:
        """Note the epoch."""
        self._epoch = epoch

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:
        """Save, if this is where to."""
        if self.save_freq == "epoch":
            self._save(logs, epoch=epoch + 1)

    def on_train_batch_end(self, batch: int, logs: Logs) -> None:
        """Save."""
        self._save(logs, epoch=self._epoch + 1, batch=batch + 1)

    def state(self) -> dict[str, Any]:
        """Return the best value so far."""
        return {"best": self._best}

    def restore(self, state: dict[str, Any]) -> None:
        """Take over the best value so far."""
        self._best = state["best"]

    def _save(self, logs: Logs, **place: int) -> None:
        if self.save_best_only:
            value = self._monitor.value(logs)
            if not self._monitor.is_better(value, self._best):
                return
            self._best = value
        path = Path(os.fspath(self.filepath).format(**place, **logs))
        with writing(path.parent, where=FILEPATH):
            path.parent.mkdir(parents=True, exist_ok=True)
        save = self.model.save_weights if self.save_weights_only else self.model.save
        save(path)
        if self.verbose:
            say(f"Epoch {place['epoch']}: saved {path}.")

    def _reported(self) -> list[str]:
        """Return the names that a value may have; validation has no place within an epoch."""
        if self.save_freq == "epoch":
            return ["epoch", *self.session.metrics]
        return ["epoch", "batch", *(name for name in self.session.metrics if not name.startswith("val_"))]

    def _unknown(self, argument: str, name: str, known: list[str]) -> ArgumentError:
        near = checks.nearest(name, known)
        return checks.problem(
            ArgumentError,
            f"ModelCheckpoint({argument})",
            expected=f"the names of values that are reported: {checks.listed(known, 'and')}",
            got=repr(name),
            fix=f"did you mean {near!r}?" if near else "choose one of these.",
        )


def _names_in(path: Path) -> list[str]:
    """Return the names in braces, each of which must have a format for a number."""
    template = str(path)
    try:
        names = [name for _, name, _, _ in string.Formatter().parse(template) if name is not None]
        with contextlib.suppress(LookupError, AttributeError):  # such a name is not reported, as training will say
            template.format(**{name: 1 if name in ("epoch", "batch") else 1.0 for name in names})
    except ValueError as error:
        expected, got = "names in braces, with formats for numbers", f"{template!r} ({error})"
        fix = 'write it as in "{epoch:02d}-{val_loss:.3f}.safetensors".'
        raise checks.problem(ArgumentError, FILEPATH, expected=expected, got=got, fix=fix) from error
    return names
