"""Keep the weights of the best epoch."""

from __future__ import annotations

from typing import Any

from lamina import ops
from lamina.callbacks._configured import configured
from lamina.callbacks._monitor import Mode, Monitor
from lamina.training import Callback, Logs, Session


class BestWeights:
    """The weights and moving values of the epoch in which a value was best.

    Args:
        monitor: the value.
    """

    def __init__(self, monitor: Monitor) -> None:
        self.monitor = monitor
        self.value: float | None = None
        self.epoch: int | None = None
        self._arrays: dict[str, Any] = {}

    def see(self, epoch: int, logs: Logs, session: Session) -> None:
        """Keep the weights of an epoch that is the best so far."""
        value, state = self.monitor.value(logs), session.model.state
        if self.monitor.is_better(value, self.value):
            self.value, self.epoch = value, epoch
            self._arrays = {"weights": state.weights, "moving": state.moving}

    def give_back(self, session: Session) -> None:
        """Load the weights that were kept, if any were."""
        if self.epoch is not None:
            session.model.state = session.model.state.replace(**self._arrays)
            session.weights_epoch = self.epoch

    def state(self) -> dict[str, Any]:
        """Return what a checkpoint must keep."""
        return {"value": self.value, "epoch": self.epoch, "arrays": self._arrays}

    def restore(self, state: dict[str, Any]) -> None:
        """Take over what `state` returned."""
        self.value, self.epoch = state["value"], state["epoch"]
        self._arrays = ops.device_put(state["arrays"])


@configured
class KeepBest(Callback):
    """Leave the model with the weights of its best epoch, however training ends.

    It is what ``fit(keep="best")`` adds. The history says which epoch it was: ``history.weights_epoch``.

    Args:
        monitor: the value that is best; None for ``"val_loss"``, or ``"loss"`` where there is no validation.
        mode: "min" or "max" for what is better; "auto" for what the metric says of itself.

    Raises:
        ArgumentError: before the first epoch, for a value that is not reported.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((1,)), lm.layers.Dense(1, kernel_initializer="zeros")])
        >>> model.compile(lm.optimizers.SGD(0.6), "mse")
        >>> history = model.fit([[1.0]], [2.0], epochs=3, callbacks=[lm.callbacks.KeepBest()], verbose=0)
        >>> [round(loss) for loss in history.history["loss"]], history.weights_epoch
        ([4, 8, 15], 0)
    """

    monitor: str | None = None
    mode: Mode = "auto"

    def __post_init__(self) -> None:
        """Check the arguments."""
        self._best = BestWeights(Monitor(self.monitor, self.mode, where="KeepBest"))

    def on_train_begin(self) -> None:
        """Forget earlier training."""
        self._best = BestWeights(self._best.monitor)
        self._best.monitor.start(self.session)

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:
        """Keep the weights of the best epoch so far."""
        self._best.see(epoch, logs, self.session)

    def on_train_end(self, logs: Logs) -> None:
        """Load the weights of the best epoch."""
        self._best.give_back(self.session)

    def state(self) -> dict[str, Any]:
        """Return the best weights so far."""
        return self._best.state()

    def restore(self, state: dict[str, Any]) -> None:
        """Take over the best weights so far."""
        self._best.restore(state)
