"""Steps of one length, in the direction of the sign of the momentum."""

from __future__ import annotations

from lamina import ops
from lamina._core import checks
from lamina._core.config import Setting
from lamina._core.registry import register
from lamina.ops import Array
from lamina.optimizers._optimizer import Optimizer, Slots, check_fractions, filled


@register("optimizer")
class Lion(Optimizer):
    """Go the same distance in every direction, by the sign of the momentum.

    ```
    w ← w - learning_rate · sign(beta_1 · m + (1 - beta_1) · g)
    m ← beta_2 · m + (1 - beta_2) · g
    ```

    It takes half the memory of Adam, and wants a learning rate three to ten times smaller.

    Args:
        learning_rate: how far a step goes; default 0.001, as in Keras.
        beta_1: how much the past counts in the direction, above 0 (0 would leave the sign of the gradient) and below 1.
        beta_2: how much of the past is kept, at least 0 and below 1.

    Raises:
        ArgumentError: for a number outside its range.

    Example:
        >>> from lamina.optimizers import Lion
        >>> Lion(1e-4)
        Lion(learning_rate=0.0001)

    Reference:
        [Chen et al., 2023](https://arxiv.org/abs/2302.06675)
    """

    beta_1: Setting = 0.9
    beta_2: Setting = 0.99

    def check(self) -> None:
        """Check the numbers."""
        super().check()
        checks.number(self.place("beta_1"), self.beta_1, low=0, high=1, open_low=True, open_high=True)
        check_fractions(self, "beta_2")

    def slots(self, weight: Array) -> Slots:
        """Remember the mean gradient."""
        return {"momentum": filled(weight)}

    def change(self, gradient: Array, slots: Slots, *, weight: Array, rate: Array, count: Array) -> tuple[Array, Slots]:
        """Go by the sign of the mean; the new gradient counts more now than it will later."""
        momentum = slots["momentum"]
        direction = ops.sign(self.beta_1 * momentum + (1 - self.beta_1) * gradient)
        return -rate * direction, {"momentum": self.beta_2 * momentum + (1 - self.beta_2) * gradient}
