"""What an epoch-by-epoch record of training offers."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import numpy as np

from lamina._core import checks
from lamina._core.optional import require
from lamina._core.shown import number
from lamina._core.writing import writing
from lamina.errors import ArgumentError
from lamina.training._session import Logs

TRAINING_COLOUR, VALIDATION_COLOUR = "#3b6fb6", "#d1622b"


class History:
    """The record of one call of fit.

    Args:
        directions: whether "min" or "max" is better for each value, by its name without ``val_``.

    Attributes:
        history: the values of each epoch by name, as in Keras: ``history.history["val_loss"]``.
        epoch: the numbers of the epochs, counted from 0.
        params: how fit was called: epochs, steps, batch_size, rows, validation_split, seed.
        interrupted: whether training was ended by Ctrl-C.
        seconds: how long each epoch took, validation included.
        weights_epoch: the epoch whose weights the model was left with; None in the middle of one, and before the first.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((1,)), lm.layers.Dense(1)])
        >>> model.compile("sgd", "mse")
        >>> history = model.fit([[0.0], [1.0]], [30.0, 35.0], epochs=3, verbose=0)
        >>> len(history.history["loss"]), history.best("loss")["epoch"]
        (3, 2)
    """

    def __init__(self, directions: Mapping[str, str | None] | None = None) -> None:
        self.history: dict[str, list[Any]] = {}
        self.epoch: list[int] = []
        self.params: dict[str, Any] = {}
        self.interrupted = False
        self.seconds: list[float] = []
        self.weights_epoch: int | None = None
        self._directions = dict(directions or {})

    def add(self, epoch: int, logs: Logs, seconds: float) -> None:
        """Record one epoch."""
        self.epoch.append(epoch)
        self.seconds.append(seconds)
        for name, value in logs.items():
            self.history.setdefault(name, []).append(value)

    def best(self, monitor: str | None = None, *, direction: str | None = None) -> dict[str, Any]:
        """Return the epoch where a value was best, and all values of that epoch.

        Args:
            monitor: the name of the value; ``"val_loss"``, or ``"loss"`` where there was no validation.
            direction: "min" or "max"; what the metric says of itself when not given.

        Raises:
            ArgumentError: for a name that was not recorded, a table, a metric that does not say which is better, or a
                record without a single number.
        """
        name = monitor or ("val_loss" if "val_loss" in self.history else "loss")
        checks.choice("best(monitor)", name, self._numbers() or ("loss",))
        direction = direction or self._directions.get(name.removeprefix("val_"))
        checks.choice("best(direction)", direction, ("min", "max"))
        values = np.asarray(self.history.get(name, []), dtype=np.float64)
        if not np.isfinite(values).any():
            got = "only NaN" if len(values) else "no epoch"
            fix = "look at another value, or train first."
            raise checks.problem(ArgumentError, f"best({name!r})", expected="a value in some epoch", got=got, fix=fix)
        index = int(np.nanargmin(values) if direction == "min" else np.nanargmax(values))
        return {"epoch": self.epoch[index], **{key: column[index] for key, column in self.history.items()}}

    def to_frame(self) -> Any:
        """Return a pandas DataFrame with a row for each epoch.

        Raises:
            MissingDependencyError: where pandas is not installed.
        """
        pandas = require("pandas", extra="pandas", purpose="History.to_frame()")
        return pandas.DataFrame(self.history, index=pandas.Index(self.epoch, name="epoch"))

    def plot(self, path: str | os.PathLike[str] | None = None) -> Any:
        """Return a matplotlib figure: the loss, and below it each metric, training beside validation.

        Args:
            path: where to save it too, a file name such as "history.png".

        Raises:
            ArgumentError: for a path that cannot be written.
            MissingDependencyError: where matplotlib is not installed (extra ``plot``).
        """
        figures = require("matplotlib.figure", extra="plot", purpose="History.plot()")
        names = [name for name in self._numbers() if f"val_{name.removeprefix('val_')}" != name] or ["loss"]
        figure = figures.Figure(figsize=(7, 2.6 * len(names)), layout="constrained")
        axes = figure.subplots(len(names), 1, sharex=True, squeeze=False)[:, 0]
        for axis, name in zip(axes, names, strict=True):
            self._draw(axis, name, "training", TRAINING_COLOUR)
            if f"val_{name}" in self.history:
                self._draw(axis, f"val_{name}", "validation", VALIDATION_COLOUR)
            axis.set_title(name, loc="left", fontsize="medium")
            axis.grid(alpha=0.25)
            axis.spines[["top", "right"]].set_visible(False)
            axis.legend(frameon=False)
        axes[-1].set_xlabel("epoch")
        axes[-1].xaxis.get_major_locator().set_params(integer=True, min_n_ticks=1)
        if path is not None:
            with writing(path, where="plot(path)"):
                figure.savefig(path)
        return figure

    def _draw(self, axis: Any, name: str, label: str, colour: str) -> None:
        epochs = [epoch + 1 for epoch in self.epoch]
        axis.plot(epochs, self.history.get(name, []), marker="o", markersize=3, label=label, color=colour)

    def _numbers(self) -> list[str]:
        """Return the names of the values that are single numbers; others are tables."""
        return [name for name, values in self.history.items() if np.ndim(values) == 1]

    def __repr__(self) -> str:
        last = ", ".join(f"{name} {number(self.history[name][-1])}" for name in self._numbers())
        return f"<History of {len(self.epoch)} epochs: {last}>"
