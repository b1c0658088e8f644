"""Write the values of each epoch to a file of comma-separated values."""

from __future__ import annotations

import csv
import os
from typing import Any

import numpy as np

from lamina._core import checks
from lamina.callbacks._configured import configured
from lamina.errors import ArgumentError
from lamina.training import Callback, Logs


@configured
class CSVLogger(Callback):
    """Write a row with the loss and metrics of each epoch to a file.

    The first column is the epoch, counted from 0 as in Keras. Each row is in the file as soon as its epoch has ended;
    training that is resumed goes on after the last row of its checkpoint.

    Args:
        filename: the file, in a folder that exists.
        separator: what stands between two values, one character.
        append: whether to write below what is in the file; it is emptied when not.

    Raises:
        ArgumentError: for what is no path and a separator of another length, and, before the first epoch, for a file
            that cannot be written.

    Example:
        >>> import pathlib, tempfile
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((1,)), lm.layers.Dense(1, kernel_initializer="zeros")])
        >>> model.compile(lm.optimizers.SGD(0.0), "mse")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = pathlib.Path(folder, "log.csv")
        ...     history = model.fit([[1.0]], [2.0], epochs=2, callbacks=[lm.callbacks.CSVLogger(file)], verbose=0)
        ...     print(file.read_text())
        epoch,loss
        0,4.0
        1,4.0
    """

    filename: str | os.PathLike[str]
    separator: str = ","
    append: bool = False

    def __post_init__(self) -> None:
        """Check the arguments."""
        checks.boolean("CSVLogger(append)", self.append)
        if not isinstance(self.separator, str) or len(self.separator) != 1:
            where, got = "CSVLogger(separator)", checks.plain(self.separator)
            fix = "write separator=';' or another character."
            raise checks.problem(ArgumentError, where, expected="one character", got=got, fix=fix)
        self._path = checks.path("CSVLogger(filename)", self.filename, of="file", example="log.csv")
        self._is_begun = False

    def on_train_begin(self) -> None:
        """Make sure that the file can be written.

        What is in it is removed only when there is a row to write.
        """
        self._is_begun = self.append
        try:
            self._path.open("a").close()
        except OSError as error:
            raise checks.problem(
                ArgumentError,
                "CSVLogger(filename)",
                expected="a file that can be written",
                got=f"{str(self._path)!r} ({error.strerror})",
                fix="name another one, or make the folder first.",
            ) from error

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:
        """Write the row."""
        if not self._is_begun:
            os.truncate(self._path, 0)
            self._is_begun = True
        with self._path.open(newline="") as stream:
            names = next(csv.reader(stream, delimiter=self.separator), None)
        with self._path.open("a", newline="") as stream:
            columns = names or ["epoch", *logs]
            writer = csv.DictWriter(stream, columns, "NA", "ignore", delimiter=self.separator, lineterminator="\n")
            if names is None:
                writer.writeheader()
            writer.writerow({"epoch": epoch, **{name: _cell(value) for name, value in logs.items()}})

    def state(self) -> dict[str, Any]:
        """Return how long the file is."""
        return {"size": self._path.stat().st_size if self._is_begun else None}

    def restore(self, state: dict[str, Any]) -> None:
        """Remove the rows of epochs that will be trained once more."""
        if state["size"] is not None:
            os.truncate(self._path, min(state["size"], self._path.stat().st_size))
            self._is_begun = True


def _cell(value: Any) -> Any:
    return np.asarray(value).tolist()
