"""Write what TensorBoard shows."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import os
import time
from typing import Any, Literal

import numpy as np

from lamina._core import checks
from lamina._core.optional import require
from lamina._core.writing import writing
from lamina.callbacks._configured import configured
from lamina.training import Callback, Logs


@configured
class TensorBoard(Callback):
    """Write losses, metrics, weights and the table of layers for TensorBoard.

    Values of training go to the folder ``train``, those of validation to ``validation``, so that TensorBoard draws them
    into one picture. See them with ``tensorboard --logdir logs``; two runs are compared when each has a folder of its
    own below that one.

    Args:
        log_dir: the folder.
        histogram_freq: after how many epochs the distribution of each weight is written; 0 for never.
        write_graph: whether the table of layers is written, as text.
        write_steps_per_second: whether the speed of each epoch is written.
        update_freq: "epoch" for values of epochs alone, "batch" or a number for values after so many batches as well.

    Raises:
        ArgumentError: for what is no path, a number outside its range, and, before the first epoch, a folder that
            cannot be written.
        MissingDependencyError: before the first epoch, where tensorboardX is not installed (extra ``tensorboard``).

    Example:
        >>> import os, tempfile
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((1,)), lm.layers.Dense(1)])
        >>> model.compile("sgd", "mse")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     board = lm.callbacks.TensorBoard(folder, histogram_freq=1)
        ...     history = model.fit([[1.0]] * 4, [2.0] * 4, validation_split=0.5, callbacks=[board], verbose=0)
        ...     sorted(os.listdir(folder))
        ['train', 'validation']
    """

    log_dir: str | os.PathLike[str] = "logs"
    histogram_freq: int = 0
    _: dataclasses.KW_ONLY
    write_graph: bool = True
    write_steps_per_second: bool = False
    update_freq: int | Literal["batch", "epoch"] = "epoch"

    def __post_init__(self) -> None:
        """Check the arguments."""
        checks.integer("TensorBoard(histogram_freq)", self.histogram_freq, least=0)
        checks.boolean("TensorBoard(write_graph)", self.write_graph)
        checks.boolean("TensorBoard(write_steps_per_second)", self.write_steps_per_second)
        every = {"epoch": 0, "batch": 1}.get(str(self.update_freq), self.update_freq)
        checks.integer("TensorBoard(update_freq)", every, least=0)
        self.wants_batches = int(every)
        checks.path("TensorBoard(log_dir)", self.log_dir, of="folder", example="logs")
        self._writers: dict[str, Any] = {}
        self._began = 0.0

    def on_train_begin(self) -> None:
        """Open the files."""
        self._writers = {}
        package = require("tensorboardX", extra="tensorboard", purpose="TensorBoard")
        parts = ["train", *(["validation"] if any(name.startswith("val_") for name in self.session.metrics) else [])]
        own = f".{time.time_ns()}"  # without it, training that begins in the same second would overwrite the file
        folders = {part: os.path.join(self.log_dir, part) for part in parts}
        with writing(self.log_dir, where="TensorBoard(log_dir)"):
            self._writers = {part: package.SummaryWriter(path, filename_suffix=own) for part, path in folders.items()}
        if self.write_graph:
            with contextlib.redirect_stdout(io.StringIO()) as text:
                self.model.summary()
            self._writers["train"].add_text("model", f"```\n{text.getvalue()}```", 0)

    def on_epoch_begin(self, epoch: int) -> None:
        """Note the time."""
        self._began = time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: Logs) -> None:
        """Write the values so far, over the updates that the model has seen in all."""
        self._write("train", "batch", logs, self.session.first_step + self.session.batches)

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:
        """Write the values of the epoch."""
        validation = {name.removeprefix("val_"): value for name, value in logs.items() if name.startswith("val_")}
        self._write("train", "epoch", {name: logs[name] for name in logs if not name.startswith("val_")}, epoch)
        self._write("validation", "epoch", validation, epoch)
        if self.write_steps_per_second and self.session.steps:
            speed = self.session.steps / (time.perf_counter() - self._began)
            self._write("train", "epoch", {"steps_per_second": speed}, epoch)
        if self.histogram_freq and (epoch + 1) % self.histogram_freq == 0:
            self._write_weights(epoch)
        for writer in self._writers.values():
            writer.flush()

    def on_train_end(self, logs: Logs) -> None:
        """Close the files."""
        for writer in self._writers.values():
            writer.close()

    def _write(self, part: str, of: str, values: Logs, step: int) -> None:
        for name, value in values.items():
            if isinstance(value, float):  # tables have no place there
                self._writers[part].add_scalar(f"{of}_{name}", value, step)

    def _write_weights(self, epoch: int) -> None:
        for arrays in (self.model.state.weights, self.model.state.moving):
            for path, layer in arrays.items():
                for name, array in layer.items():
                    self._writers["train"].add_histogram(f"{path}/{name}", np.asarray(array), epoch)
