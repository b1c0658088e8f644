"""Follow the regularized leader: weights that are not needed become exactly 0."""

from __future__ import annotations

from lamina import ops
from lamina._core import checks
from lamina._core.config import Setting
from lamina._core.registry import register
from lamina.ops import Array
from lamina.optimizers._optimizer import Optimizer, Slots, filled


@register("optimizer")
class Ftrl(Optimizer):
    """Follow the regularized leader, for sparse linear models on very many features.

    ```
    n' = n + g²;   p = -learning_rate_power
    z ← z + g + 2 · l2_shrinkage · w - (n'ᵖ - nᵖ) / learning_rate · w
    w ← (clip(z, -l1, l1) - z) / ((n'ᵖ + beta) / learning_rate + 2 · l2);   n ← n'
    ```

    Args:
        learning_rate: how far a step goes; default 0.001, as in Keras; above 0.
        learning_rate_power: how steps shrink as squares add up, at most 0; 0 keeps them as they are.
        initial_accumulator_value: what the sum of squares starts with, at least 0.
        l1_regularization_strength: what sets small weights to 0, at least 0.
        l2_regularization_strength: what keeps weights small, at least 0.
        l2_shrinkage_regularization_strength: the same through the gradient, at least 0.
        beta: the paper's β, which shortens the first steps, at least 0.

    Raises:
        ArgumentError: for a number outside its range.

    Example:
        >>> from lamina.optimizers import Ftrl
        >>> Ftrl(0.1, l1_regularization_strength=0.01)
        Ftrl(learning_rate=0.1, l1_regularization_strength=0.01)

    Reference:
        [McMahan et al., 2013](https://research.google/pubs/pub41159/)
    """

    learning_rate_power: Setting = -0.5
    initial_accumulator_value: float = 0.1
    l1_regularization_strength: Setting = 0.0
    l2_regularization_strength: Setting = 0.0
    l2_shrinkage_regularization_strength: Setting = 0.0
    beta: Setting = 0.0

    def check(self) -> None:
        """Check the numbers."""
        if not callable(self.learning_rate):
            checks.number(self.place("learning_rate"), self.learning_rate, low=0, open_low=True)
        checks.number(self.place("learning_rate_power"), self.learning_rate_power, high=0)
        strengths = ("l1_regularization_strength", "l2_regularization_strength", "l2_shrinkage_regularization_strength")
        for name in ("initial_accumulator_value", *strengths, "beta"):
            checks.number(self.place(name), getattr(self, name), low=0)

    def slots(self, weight: Array) -> Slots:
        """Remember the sum of squares, and the linear part of what is minimised."""
        return {
            "accumulator": filled(weight, self.initial_accumulator_value),
            "linear": filled(weight),
        }

    def change(self, gradient: Array, slots: Slots, *, weight: Array, rate: Array, count: Array) -> tuple[Array, Slots]:
        """Go to where all gradients so far, seen as planes, and the penalties are least."""
        accumulator = slots["accumulator"] + ops.square(gradient)
        before, after = (ops.power(total, -self.learning_rate_power) for total in (slots["accumulator"], accumulator))
        pull = gradient + 2 * self.l2_shrinkage_regularization_strength * weight
        linear = slots["linear"] + pull - (after - before) / rate * weight
        curvature = (after + self.beta) / rate + 2 * self.l2_regularization_strength
        strength = self.l1_regularization_strength
        target = (ops.clip(linear, -strength, strength) - linear) / curvature
        return target - weight, {"accumulator": accumulator, "linear": linear}
