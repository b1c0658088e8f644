"""Stop when training no longer helps."""

from __future__ import annotations

import dataclasses
from typing import Any

from lamina._core import checks
from lamina.callbacks._configured import configured
from lamina.callbacks._keep_best import BestWeights
from lamina.callbacks._monitor import Mode, Monitor
from lamina.callbacks._writers import say
from lamina.training import Callback, Logs


@configured
class EarlyStopping(Callback):
    """Stop training when a value has not become better for some epochs.

    Args:
        monitor: the value, such as ``"val_loss"`` or ``"accuracy"``.
        min_delta: by how much a value must be better than the best before to count as better; at least 0.
        patience: after how many epochs in a row without a better value training ends.
        verbose: 1 to say so in a line.
        mode: "min" or "max" for what is better; "auto" for what the metric says of itself.
        baseline: a value to be better than; as long as it is not, no epoch counts as better.
        restore_best_weights: whether the model is left with the weights of the best epoch, however training ends.
        start_from_epoch: the first epoch, counted from 0, that is looked at.

    Raises:
        ArgumentError: for a number outside its range, and, before the first epoch, for a value that is not reported.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((1,)), lm.layers.Dense(1, kernel_initializer="zeros")])
        >>> model.compile(lm.optimizers.SGD(0.6), "mse")
        >>> stopping = lm.callbacks.EarlyStopping("loss", patience=2, restore_best_weights=True)
        >>> history = model.fit([[1.0]], [2.0], epochs=100, callbacks=[stopping], verbose=0)
        >>> history.epoch, history.weights_epoch
        ([0, 1, 2], 0)
    """

    monitor: str = "val_loss"
    min_delta: float = 0.0
    _: dataclasses.KW_ONLY
    patience: int = 0
    verbose: int = 0
    mode: Mode = "auto"
    baseline: float | None = None
    restore_best_weights: bool = False
    start_from_epoch: int = 0

    def __post_init__(self) -> None:
        """Check the arguments."""
        checks.number("EarlyStopping(min_delta)", self.min_delta, low=0)
        checks.integer("EarlyStopping(patience)", self.patience, least=0)
        checks.integer("EarlyStopping(start_from_epoch)", self.start_from_epoch, least=0)
        checks.boolean("EarlyStopping(restore_best_weights)", self.restore_best_weights)
        if self.baseline is not None:
            checks.number("EarlyStopping(baseline)", self.baseline)
        self._monitor = Monitor(self.monitor, self.mode, where="EarlyStopping")
        self._forget()

    def _forget(self) -> None:
        self._best: float | None = None
        self._wait = 0
        self._kept = BestWeights(self._monitor)

    def on_train_begin(self) -> None:
        """Forget earlier training."""
        self._forget()
        self._monitor.start(self.session)

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:
        """Look at the value."""
        if epoch < self.start_from_epoch:
            return
        if self.restore_best_weights:
            self._kept.see(epoch, logs, self.session)
        value = self._monitor.value(logs)
        self._wait += 1
        if self._monitor.is_better(value, self._best, min_delta=self.min_delta):
            self._best = value
            if self.baseline is None or self._monitor.is_better(value, self.baseline, min_delta=self.min_delta):
                self._wait = 0
        elif self._wait >= self.patience and epoch > 0:
            self.session.stop_training = True
            if self.verbose:
                say(f"Epoch {epoch + 1}: no better {self._monitor.name} for {self._wait} epochs; training ends.")

    def on_train_end(self, logs: Logs) -> None:
        """Load the weights of the best epoch, where that is asked for."""
        self._kept.give_back(self.session)

    def state(self) -> dict[str, Any]:
        """Return the best value so far, how long ago it was, and the best weights."""
        return {"best": self._best, "wait": self._wait, "kept": self._kept.state()}

    def restore(self, state: dict[str, Any]) -> None:
        """Take over the best value so far, how long ago it was, and the best weights."""
        self._best, self._wait = state["best"], state["wait"]
        self._kept.restore(state["kept"])
