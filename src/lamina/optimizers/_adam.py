"""Adam and its kin: steps from the mean and the mean square of recent gradients."""

from __future__ import annotations

from lamina import ops
from lamina._core import checks
from lamina._core.config import Setting
from lamina._core.registry import register
from lamina.ops import Array
from lamina.optimizers._optimizer import Optimizer, RateFunction, Slots, check_fractions, check_positive, filled


@register("optimizer")
class Adam(Optimizer):
    """Divide the mean of recent gradients by their root mean square.

    ```
    m ← beta_1 · m + (1 - beta_1) · g
    v ← beta_2 · v + (1 - beta_2) · g²
    w ← w - learning_rate · √(1 - beta_2ᵗ) / (1 - beta_1ᵗ) · m / (√v + epsilon)
    ```

    Args:
        learning_rate: how far a step goes; default 0.001, as in Keras.
        beta_1: how much of the mean is kept at each step, at least 0 and below 1.
        beta_2: how much of the mean square is kept at each step, at least 0 and below 1.
        epsilon: keeps the division from exploding; above 0. The paper's ε̂, not its ε.
        amsgrad: divide by the largest mean square so far, so that steps never grow again.

    Raises:
        ArgumentError: for a number outside its range.

    Example:
        >>> from lamina.optimizers import Adam
        >>> Adam(learning_rate=0.01)
        Adam(learning_rate=0.01)

    Reference:
        [Kingma and Ba, 2014](https://arxiv.org/abs/1412.6980);
        amsgrad: [Reddi et al., 2018](https://openreview.net/forum?id=ryQu7f-RZ)
    """

    beta_1: Setting = 0.9
    beta_2: Setting = 0.999
    epsilon: Setting = 1e-7
    amsgrad: bool = False

    def check(self) -> None:
        """Check the numbers."""
        super().check()
        check_moments(self)
        checks.boolean(self.place("amsgrad"), self.amsgrad)

    def slots(self, weight: Array) -> Slots:
        """Remember the mean, the mean square and, for amsgrad, the largest mean square."""
        return adam_slots(self, weight)

    def change(self, gradient: Array, slots: Slots, *, weight: Array, rate: Array, count: Array) -> tuple[Array, Slots]:
        """Go along the mean, in units of the root mean square."""
        return adam_change(self, gradient, slots, rate=rate, count=count)


@register("optimizer", aliases=("adamw",))
class AdamW(Optimizer):
    """Adam, with weights that shrink at each step.

    ```
    w ← w - learning_rate · weight_decay · w, then as Adam
    ```

    Args:
        learning_rate: how far a step goes; default 0.001, as in Keras.
        weight_decay: how much of a weight is taken away, in units of the learning rate; at least 0.
        beta_1: how much of the mean is kept at each step, at least 0 and below 1.
        beta_2: how much of the mean square is kept at each step, at least 0 and below 1.
        epsilon: keeps the division from exploding; above 0.
        amsgrad: divide by the largest mean square so far, so that steps never grow again.

    Raises:
        ArgumentError: for a number outside its range.

    Example:
        >>> from lamina.optimizers import AdamW
        >>> AdamW(0.001, weight_decay=0.01)
        AdamW(weight_decay=0.01)

    Reference:
        [Loshchilov and Hutter, 2017](https://arxiv.org/abs/1711.05101)
    """

    learning_rate: Setting | RateFunction = 0.001
    weight_decay: Setting = 0.004
    beta_1: Setting = 0.9
    beta_2: Setting = 0.999
    epsilon: Setting = 1e-7
    amsgrad: bool = False

    def check(self) -> None:
        """Check the numbers."""
        super().check()
        checks.number(self.place("weight_decay"), self.weight_decay, low=0)
        check_moments(self)
        checks.boolean(self.place("amsgrad"), self.amsgrad)

    def slots(self, weight: Array) -> Slots:
        """Remember what Adam does."""
        return adam_slots(self, weight)

    def change(self, gradient: Array, slots: Slots, *, weight: Array, rate: Array, count: Array) -> tuple[Array, Slots]:
        """Shrink the weight, and go where Adam goes."""
        change, after = adam_change(self, gradient, slots, rate=rate, count=count)
        return change - rate * self.weight_decay * weight, after


@register("optimizer")
class Adamax(Optimizer):
    """Divide the mean of recent gradients by their largest size, which fades.

    ```
    m ← beta_1 · m + (1 - beta_1) · g
    u ← max(beta_2 · u, |g|)
    w ← w - learning_rate / (1 - beta_1ᵗ) · m / (u + epsilon)
    ```

    Args:
        learning_rate: how far a step goes; default 0.001, as in Keras.
        beta_1: how much of the mean is kept at each step, at least 0 and below 1.
        beta_2: how much of the largest size is kept at each step, at least 0 and below 1.
        epsilon: keeps the division from exploding; above 0.

    Raises:
        ArgumentError: for a number outside its range.

    Example:
        >>> from lamina.optimizers import Adamax
        >>> Adamax(0.002)
        Adamax(learning_rate=0.002)

    Reference:
        [Kingma and Ba, 2014](https://arxiv.org/abs/1412.6980), section 7.1
    """

    beta_1: Setting = 0.9
    beta_2: Setting = 0.999
    epsilon: Setting = 1e-7

    def check(self) -> None:
        """Check the numbers."""
        super().check()
        check_moments(self)

    def slots(self, weight: Array) -> Slots:
        """Remember the mean and the largest size."""
        return {"momentum": filled(weight), "largest": filled(weight)}

    def change(self, gradient: Array, slots: Slots, *, weight: Array, rate: Array, count: Array) -> tuple[Array, Slots]:
        """Go along the mean, in units of the largest size."""
        momentum = toward(slots["momentum"], gradient, self.beta_1)
        largest = ops.maximum(self.beta_2 * slots["largest"], ops.abs(gradient))
        rate = rate / (1 - self.beta_1**count)
        return -rate * momentum / (largest + self.epsilon), {"momentum": momentum, "largest": largest}


@register("optimizer")
class Nadam(Optimizer):
    """Adam that looks ahead along its mean, as Nesterov's momentum does.

    ```
    uₜ = beta_1 · (1 - 0.96ᵗ / 2);   Uₜ = u₁ · … · uₜ;   m and v as in Adam
    m̂ = uₜ₊₁ · m / (1 - Uₜ₊₁) + (1 - uₜ) · g / (1 - Uₜ);   v̂ = v / (1 - beta_2ᵗ)
    w ← w - learning_rate · m̂ / (√v̂ + epsilon)
    ```

    Args:
        learning_rate: how far a step goes; default 0.001, as in Keras.
        beta_1: how much of the mean is kept at each step, at least 0 and below 1.
        beta_2: how much of the mean square is kept at each step, at least 0 and below 1.
        epsilon: keeps the division from exploding; above 0.

    Raises:
        ArgumentError: for a number outside its range.

    Example:
        >>> from lamina.optimizers import Nadam
        >>> Nadam(0.002)
        Nadam(learning_rate=0.002)

    Reference:
        [Dozat, 2016](https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ)
    """

    beta_1: Setting = 0.9
    beta_2: Setting = 0.999
    epsilon: Setting = 1e-7

    def check(self) -> None:
        """Check the numbers."""
        super().check()
        check_moments(self)

    def slots(self, weight: Array) -> Slots:
        """Remember the mean, the mean square, and one product for the whole weight."""
        return {**moment_slots(weight), "product": filled(weight, 1.0, shape=())}

    def change(self, gradient: Array, slots: Slots, *, weight: Array, rate: Array, count: Array) -> tuple[Array, Slots]:
        """Go along the mean as it will be, in units of the root mean square."""
        now, following = (self.beta_1 * (1 - 0.5 * 0.96**step) for step in (count, count + 1))
        product = slots["product"] * now
        after = moments(gradient, slots, self.beta_1, self.beta_2)
        ahead = following / (1 - product * following) * after["momentum"] + (1 - now) / (1 - product) * gradient
        spread = ops.sqrt(after["velocity"] / (1 - self.beta_2**count))
        return -rate * ahead / (spread + self.epsilon), {**after, "product": product}


def check_moments(optimizer: Optimizer) -> None:
    """Check the three numbers that the whole family has."""
    check_fractions(optimizer, "beta_1", "beta_2")
    check_positive(optimizer, "epsilon")


def moment_slots(weight: Array) -> Slots:
    """Return a mean and a mean square that have seen nothing yet."""
    return {"momentum": filled(weight), "velocity": filled(weight)}


def moments(gradient: Array, slots: Slots, beta_1: float, beta_2: float) -> Slots:
    """Return the mean and the mean square of the gradient with the new one taken in."""
    return {
        "momentum": toward(slots["momentum"], gradient, beta_1),
        "velocity": toward(slots["velocity"], ops.square(gradient), beta_2),
    }


def toward(average: Array, value: Array, beta: float) -> Array:
    """Move a running average toward a new value, keeping `beta` of the old one."""
    return average + (value - average) * (1 - beta)


def adam_slots(optimizer: Adam | AdamW, weight: Array) -> Slots:
    """Return what Adam remembers about a weight."""
    largest = {"largest_velocity": filled(weight)} if optimizer.amsgrad else {}
    return {**moment_slots(weight), **largest}


def adam_change(
    optimizer: Adam | AdamW, gradient: Array, slots: Slots, *, rate: Array, count: Array
) -> tuple[Array, Slots]:
    """Return Adam's step."""
    after = moments(gradient, slots, optimizer.beta_1, optimizer.beta_2)
    velocity = after["velocity"]
    if optimizer.amsgrad:
        velocity = after["largest_velocity"] = ops.maximum(slots["largest_velocity"], velocity)
    # Both averages start at 0; this one number makes up for it, for all elements at once.
    rate = rate * ops.sqrt(1 - optimizer.beta_2**count) / (1 - optimizer.beta_1**count)
    return -rate * after["momentum"] / (ops.sqrt(velocity) + optimizer.epsilon), after
