"""Judge, and save, the averages of weights while training goes on with the weights themselves."""

from __future__ import annotations

from typing import Any, ClassVar

from lamina import ops
from lamina._core import checks
from lamina.errors import ArgumentError
from lamina.optimizers import AverageWeights
from lamina.training import Callback, Logs, finished


class SwapAveragedWeights(Callback):
    """Put averages in the place of the weights for validation and the end of an epoch.

    `AverageWeights` in the optimizer keeps the averages, and leaves them as the weights when training ends. With this
    callback validation scores them too, and every callback that saves or keeps the weights of an epoch gets them.

    Raises:
        ArgumentError: before the first epoch, for an optimizer without `AverageWeights`.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((1,)), lm.layers.Dense(1)])
        >>> model.compile(["sgd", lm.optimizers.AverageWeights(0.9)], "mse")
        >>> swapping = lm.callbacks.SwapAveragedWeights()
        >>> history = model.fit([[1.0]], [2.0], epochs=2, callbacks=[swapping], keep="best", verbose=0)
    """

    turn: ClassVar[int] = -1  # before those that look at the weights

    _own: dict[str, Any] | None = None
    """The weights that training goes on with, while the averages are in their place."""

    def on_train_begin(self) -> None:
        """Make sure that there are averages."""
        self._own = None
        optimizer = self.session.plan.optimizer
        if not any(isinstance(link, AverageWeights) for link in getattr(optimizer, "links", ())):
            raise checks.problem(
                ArgumentError,
                "SwapAveragedWeights",
                expected="an optimizer that averages weights",
                got=repr(optimizer),
                fix=f"compile with [{optimizer!r}, AverageWeights(0.99)].",
            )

    def on_test_begin(self) -> None:
        """Put the averages in."""
        self._swap_in()

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:
        """Put the averages in, where there was no validation."""
        self._swap_in()

    def on_epoch_begin(self, epoch: int) -> None:
        """Put the weights back."""
        if self._own is not None:
            self.model.state = self.model.state.replace(weights=self._own)
            self._own = None

    def state(self) -> dict[str, Any]:
        """Return the weights that training goes on with."""
        return {"own": self._own}

    def restore(self, state: dict[str, Any]) -> None:
        """Take over the weights that training goes on with."""
        self._own = ops.device_put(state["own"])

    def _swap_in(self) -> None:
        if self._own is None:
            state = self.model.state
            self._own, self.model.state = state.weights, finished(self.session.plan, state)
