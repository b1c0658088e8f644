"""Find a learning rate by trying them all, from small to large, for one batch each."""

from __future__ import annotations

import math
import os
from typing import Any, ClassVar

import numpy as np

from lamina._core import checks
from lamina._core.optional import require
from lamina.callbacks._configured import configured
from lamina.errors import DivergedError, StageError
from lamina.training import Callback, Logs

WINDOWS = 8
"""Losses of single batches are noisy: means over an eighth of them are compared."""
TOO_LARGE = 4.0
"""How many times the lowest loss so far is as much as one needs to see."""
COLOUR = "#3b6fb6"


@configured
class LearningRateFinder(Callback):
    """Try learning rates from small to large, and see where the loss falls fastest.

    The rate grows from batch to batch. Give the callback to `fit` in a call of its own. Training ends when the loss has
    become much larger, or after `steps` batches, and the model is left as it was before. `epochs` does not matter.

    Args:
        start: the first rate; above 0.
        stop: the last rate; above `start`.
        steps: how many batches there are from the first rate to the last; at least 10.

    Attributes:
        rates: the rates that were tried.
        losses: the loss of the batch that was trained on with each.

    Raises:
        ArgumentError: for a number outside its range, and, before the first batch, for an optimizer whose rate is a
            schedule.

    Example:
        >>> import lamina as lm
        >>> (x, y), _ = lm.datasets.iris.load_data()
        >>> model = lm.Sequential([lm.Input((4,)), lm.layers.Dense(3, activation="softmax")])
        >>> model.compile("adam", "sparse_categorical_crossentropy")
        >>> finder = lm.callbacks.LearningRateFinder()
        >>> history = model.fit(x, y, callbacks=[finder], verbose=0, seed=0)
        >>> 1e-7 < finder.learning_rate < 10
        True

    Reference:
        [Smith, 2015](https://arxiv.org/abs/1506.01186)
    """

    start: float = 1e-7
    stop: float = 10.0
    steps: int = 100

    turn: ClassVar[int] = 1  # after those that look at the record of the training that it undoes

    def __post_init__(self) -> None:
        """Check the arguments."""
        checks.number("LearningRateFinder(start)", self.start, low=0, open_low=True)
        checks.number("LearningRateFinder(stop)", self.stop, low=self.start, open_low=True)
        checks.integer("LearningRateFinder(steps)", self.steps, least=10)
        self.rates: list[float] = []
        self.losses: list[float] = []
        self._state: Any = None
        self._empty: Any = None

    @property
    def learning_rate(self) -> float:
        """The rate at which the loss fell fastest, a good one to train with.

        Raises:
            StageError: before a call of fit.
        """
        if len(self.rates) < 2:
            fix = "call model.fit(x, y, callbacks=[finder]) first."
            raise checks.problem(
                StageError, "LearningRateFinder", expected="rates that were tried", got="none", fix=fix
            )
        width = max(1, len(self.losses) // WINDOWS)
        means = np.convolve(self.losses, np.ones(width) / width, "valid")
        return self.rates[width + int(np.argmin(means[width:] - means[:-width]))]

    def plot(self, path: str | os.PathLike[str] | None = None) -> Any:
        """Return a matplotlib figure: the loss over the rate, and where it fell fastest.

        Args:
            path: where to save it too, a file name such as "rates.png".

        Raises:
            MissingDependencyError: where matplotlib is not installed (extra ``plot``).
            StageError: before a call of fit.
        """
        figures, best = (
            require("matplotlib.figure", extra="plot", purpose="LearningRateFinder.plot()"),
            self.learning_rate,
        )
        figure = figures.Figure(figsize=(7, 3.6), layout="constrained")
        axis = figure.subplots()
        axis.plot(self.rates, self.losses, color=COLOUR, alpha=0.3, label="loss of a batch")
        axis.plot(self.rates, self._smooth(), color=COLOUR, label="smoothed")
        axis.axvline(best, color="#d1622b", linestyle="--", label=f"{best:.2g}")
        axis.set(xscale="log", xlabel="learning rate", ylabel="loss")
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(alpha=0.25)
        axis.legend(frameon=False)
        if path is not None:
            figure.savefig(path)
        return figure

    def on_train_begin(self) -> None:
        """Keep the model as it is, and see to it that there are enough batches."""
        self.rates, self.losses = [], []
        self._state, self._empty = self.model.state, self.session.position.sums
        epochs = math.ceil(self.steps / self.session.steps) if self.session.steps else self.steps
        self.session.epochs = self.session.first_epoch + epochs
        self.model.learning_rate = self._rate(0)

    def on_train_batch_end(self, batch: int, logs: Logs) -> None:
        """Note the loss of the batch, and go on to the next rate."""
        self.rates.append(self._rate(len(self.rates)))
        self.losses.append(logs["loss"])
        self.session.position.sums = self._empty  # so that the next loss is that of its batch alone
        smooth, is_late = self._smooth(), len(self.rates) > self.steps // 4  # the first few are noise
        if len(self.rates) >= self.steps or (is_late and smooth[-1] > TOO_LARGE * smooth.min()):
            self.session.stop_now = True
        else:
            self.model.learning_rate = self._rate(len(self.rates))

    def on_divergence(self, error: DivergedError) -> None:
        """End quietly: a rate that is too large is what was looked for."""
        self.session.stop_training = True

    def on_train_end(self, logs: Logs) -> None:
        """Leave the model as it was."""
        self.model.state = self._state
        self.session.weights_epoch = None

    def _rate(self, index: int) -> float:
        return float(self.start * (self.stop / self.start) ** (index / (self.steps - 1)))

    def _smooth(self) -> np.ndarray:
        """Return the mean of each loss and those around it."""
        window = np.ones(self.steps // WINDOWS | 1)
        start, stop = len(window) // 2, len(window) // 2 + len(self.losses)
        means: np.ndarray = np.convolve(self.losses, window) / np.convolve(np.ones(len(self.losses)), window)
        return means[start:stop]
