"""Steps divided by the recent size of the gradient."""

from __future__ import annotations

from lamina import ops
from lamina._core import checks
from lamina._core.config import Setting
from lamina._core.registry import register
from lamina.ops import Array
from lamina.optimizers._optimizer import Optimizer, Slots, check_fractions, check_positive, filled


@register("optimizer", aliases=("rmsprop",))
class RMSprop(Optimizer):
    """Divide the gradient by the root of its recent mean square.

    ```
    v ← rho · v + (1 - rho) · g²
    w ← w - learning_rate · g / √(v + epsilon)
    ```

    With `centered`, the square of the recent mean gradient is first taken from v, which leaves its variance. With
    `momentum`, steps add up: m ← momentum · m + step.

    Args:
        learning_rate: how far a step goes; default 0.001, as in Keras.
        rho: how much of the mean square is kept at each step, at least 0 and below 1.
        momentum: the part of the last step that is kept, from 0 to 1. None for no momentum, which needs no memory.
        epsilon: keeps the division from exploding; above 0.
        centered: divide by the standard deviation of the gradient, at the cost of one more array for each weight.

    Raises:
        ArgumentError: for a number outside its range.

    Example:
        >>> from lamina.optimizers import RMSprop
        >>> RMSprop(0.01)
        RMSprop(learning_rate=0.01)

    Reference:
        [Hinton, 2012](https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf)
    """

    rho: Setting = 0.9
    momentum: Setting | None = None
    epsilon: Setting = 1e-7
    centered: bool = False

    def check(self) -> None:
        """Check the numbers."""
        super().check()
        check_fractions(self, "rho")
        if self.momentum is not None:
            check_fractions(self, "momentum", open_high=False)
        check_positive(self, "epsilon")
        checks.boolean(self.place("centered"), self.centered)

    def slots(self, weight: Array) -> Slots:
        """Remember the mean square, and what momentum and centering need."""
        used = {"velocity": True, "momentum": self.momentum is not None, "mean": self.centered}
        return {name: filled(weight) for name, is_used in used.items() if is_used}

    def change(self, gradient: Array, slots: Slots, *, weight: Array, rate: Array, count: Array) -> tuple[Array, Slots]:
        """Divide by the root mean square of the recent gradients."""
        after = {"velocity": self.rho * slots["velocity"] + (1 - self.rho) * ops.square(gradient)}
        spread = after["velocity"]
        if self.centered:
            after["mean"] = self.rho * slots["mean"] + (1 - self.rho) * gradient
            # Rounding can take a variance below zero when the gradient hardly changes.
            spread = ops.maximum(spread - ops.square(after["mean"]), 0)
        change = -rate * gradient / ops.sqrt(spread + self.epsilon)
        if self.momentum is not None:
            change = after["momentum"] = self.momentum * slots["momentum"] + change
        return change, after
