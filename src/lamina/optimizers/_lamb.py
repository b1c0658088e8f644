"""Adam with steps in proportion to the size of each weight, for very large batches."""

from __future__ import annotations

from lamina import ops
from lamina._core.config import Setting
from lamina._core.registry import register
from lamina.ops import Array
from lamina.optimizers._adam import check_moments, moment_slots, moments
from lamina.optimizers._links import norm
from lamina.optimizers._optimizer import Optimizer, Slots


@register("optimizer")
class Lamb(Optimizer):
    """Take Adam's direction, and a step in proportion to the norm of the weight.

    ```
    m and v as in Adam;   d = m / (1 - beta_1ᵗ) / (√(v / (1 - beta_2ᵗ)) + epsilon)
    w ← w - learning_rate · ‖w‖ / ‖d‖ · d        (with 1 for the ratio where either norm is 0)
    ```

    Args:
        learning_rate: how far a step goes, as a part of the weight; default 0.001, as in Keras.
        beta_1: how much of the mean is kept at each step, at least 0 and below 1.
        beta_2: how much of the mean square is kept at each step, at least 0 and below 1.
        epsilon: keeps the division from exploding; above 0.

    Raises:
        ArgumentError: for a number outside its range.

    Example:
        >>> from lamina.optimizers import Lamb
        >>> Lamb(0.01)
        Lamb(learning_rate=0.01)

    Reference:
        [You et al., 2019](https://arxiv.org/abs/1904.00962)
    """

    beta_1: Setting = 0.9
    beta_2: Setting = 0.999
    epsilon: Setting = 1e-7

    def check(self) -> None:
        """Check the numbers."""
        super().check()
        check_moments(self)

    def slots(self, weight: Array) -> Slots:
        """Remember the mean and the mean square."""
        return moment_slots(weight)

    def change(self, gradient: Array, slots: Slots, *, weight: Array, rate: Array, count: Array) -> tuple[Array, Slots]:
        """Go along Adam's direction by a part of the norm of the weight."""
        after = moments(gradient, slots, self.beta_1, self.beta_2)
        spread = ops.sqrt(after["velocity"] / (1 - self.beta_2**count))
        direction = after["momentum"] / (1 - self.beta_1**count) / (spread + self.epsilon)
        weight_norm, length = norm(weight), norm(direction)
        ratio = ops.where((weight_norm > 0) & (length > 0), weight_norm / ops.where(length > 0, length, 1), 1)
        return -rate * ratio * direction, after
