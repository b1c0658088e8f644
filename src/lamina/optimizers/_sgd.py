"""Gradient descent with a step in proportion to the gradient."""

from __future__ import annotations

from lamina._core import checks
from lamina._core.config import Setting
from lamina._core.registry import register
from lamina.errors import ArgumentError
from lamina.ops import Array
from lamina.optimizers._optimizer import Optimizer, RateFunction, Slots, check_fractions, filled


@register("optimizer")
class SGD(Optimizer):
    """Gradient descent, with momentum if wanted.

    ```
    w ← w - learning_rate · g                                      without momentum
    v ← momentum · v - learning_rate · g;  w ← w + v               with momentum
    v ← the same;  w ← w + momentum · v - learning_rate · g        with nesterov
    ```

    The batch size given to `fit` decides whether it is stochastic (1), mini-batch or full-batch gradient descent.

    Args:
        learning_rate: how far a step goes; default 0.01, as in Keras.
        momentum: the part of the last step that is kept, from 0 to 1. None for no momentum, which needs no memory.
        nesterov: look ahead along the momentum.

    Raises:
        ArgumentError: for a number outside its range, or nesterov without momentum.

    Example:
        >>> from lamina.optimizers import SGD
        >>> SGD(0.1, momentum=0.9, nesterov=True)
        SGD(learning_rate=0.1, momentum=0.9, nesterov=True)

    Reference:
        [Sutskever et al., 2013](http://proceedings.mlr.press/v28/sutskever13.html)
    """

    learning_rate: Setting | RateFunction = 0.01
    momentum: Setting | None = None
    nesterov: bool = False

    def check(self) -> None:
        """Check the numbers, and that there is a momentum to look ahead along."""
        super().check()
        if self.momentum is not None:
            check_fractions(self, "momentum", open_high=False)
        checks.boolean(self.place("nesterov"), self.nesterov)
        if self.nesterov and self.momentum is None:
            raise checks.problem(
                ArgumentError,
                self.place("momentum"),
                expected="a number to look ahead by, with nesterov=True",
                got="None",
                fix="write SGD(..., momentum=0.9, nesterov=True).",
            )

    def slots(self, weight: Array) -> Slots:
        """Remember the last step, if there is momentum."""
        return {} if self.momentum is None else {"momentum": filled(weight)}

    def change(self, gradient: Array, slots: Slots, *, weight: Array, rate: Array, count: Array) -> tuple[Array, Slots]:
        """Go down the gradient, and on in the direction of the last steps."""
        downhill = -rate * gradient
        if self.momentum is None:
            return downhill, slots
        momentum = self.momentum * slots["momentum"] + downhill
        return self.momentum * momentum + downhill if self.nesterov else momentum, {"momentum": momentum}
