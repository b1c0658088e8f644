"""Steps divided by all that the gradient has ever been, or by its recent past."""

from __future__ import annotations

from lamina import ops
from lamina._core import checks
from lamina._core.config import Setting
from lamina._core.registry import register
from lamina.ops import Array
from lamina.optimizers._optimizer import Optimizer, Slots, check_fractions, check_positive, filled


@register("optimizer")
class Adagrad(Optimizer):
    """Divide the gradient by the root of the sum of all its squares.

    Weights that are rarely used take longer steps.

    ```
    s ← s + g²
    w ← w - learning_rate · g / √(s + epsilon)
    ```

    Args:
        learning_rate: how far a step goes; default 0.001, as in Keras.
        initial_accumulator_value: what the sum starts with, at least 0.
        epsilon: keeps the division from exploding; above 0.

    Raises:
        ArgumentError: for a number outside its range.

    Example:
        >>> from lamina.optimizers import Adagrad
        >>> Adagrad(0.1)
        Adagrad(learning_rate=0.1)

    Reference:
        [Duchi et al., 2011](https://jmlr.org/papers/v12/duchi11a.html)
    """

    initial_accumulator_value: float = 0.1
    epsilon: Setting = 1e-7

    def check(self) -> None:
        """Check the numbers."""
        super().check()
        checks.number(self.place("initial_accumulator_value"), self.initial_accumulator_value, low=0)
        check_positive(self, "epsilon")

    def slots(self, weight: Array) -> Slots:
        """Remember the sum of squares."""
        return {"accumulator": filled(weight, self.initial_accumulator_value)}

    def change(self, gradient: Array, slots: Slots, *, weight: Array, rate: Array, count: Array) -> tuple[Array, Slots]:
        """Divide by the root of the sum of squares."""
        accumulator = slots["accumulator"] + ops.square(gradient)
        return -rate * gradient / ops.sqrt(accumulator + self.epsilon), {"accumulator": accumulator}


@register("optimizer")
class Adadelta(Optimizer):
    """Adagrad that forgets, and takes the size of its steps from its recent steps.

    ```
    s ← rho · s + (1 - rho) · g²
    δ = √(d + epsilon) / √(s + epsilon) · g
    d ← rho · d + (1 - rho) · δ²
    w ← w - learning_rate · δ
    ```

    Args:
        learning_rate: what each step is multiplied by; default 0.001, as in Keras, where the paper has 1.
        rho: how much of the mean squares is kept at each step, at least 0 and below 1.
        epsilon: what the first steps start from; above 0.

    Raises:
        ArgumentError: for a number outside its range.

    Example:
        >>> from lamina.optimizers import Adadelta
        >>> Adadelta(1.0)
        Adadelta(learning_rate=1.0)

    Reference:
        [Zeiler, 2012](https://arxiv.org/abs/1212.5701)
    """

    rho: Setting = 0.95
    epsilon: Setting = 1e-7

    def check(self) -> None:
        """Check the numbers."""
        super().check()
        check_fractions(self, "rho")
        check_positive(self, "epsilon")

    def slots(self, weight: Array) -> Slots:
        """Remember the mean squares of gradients and of steps."""
        return {"velocity": filled(weight), "step_velocity": filled(weight)}

    def change(self, gradient: Array, slots: Slots, *, weight: Array, rate: Array, count: Array) -> tuple[Array, Slots]:
        """Turn the gradient into a step as long as the recent ones."""
        velocity = self.rho * slots["velocity"] + (1 - self.rho) * ops.square(gradient)
        step = gradient * ops.sqrt(slots["step_velocity"] + self.epsilon) / ops.sqrt(velocity + self.epsilon)
        step_velocity = self.rho * slots["step_velocity"] + (1 - self.rho) * ops.square(step)
        return -rate * step, {"velocity": velocity, "step_velocity": step_velocity}
