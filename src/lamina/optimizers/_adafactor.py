"""Steps divided by a mean square that is kept for rows and columns only."""

from __future__ import annotations

from lamina import ops
from lamina._core import checks
from lamina._core.config import Setting
from lamina._core.registry import register
from lamina.ops import Array
from lamina.optimizers._optimizer import Optimizer, Slots, check_positive, filled


@register("optimizer")
class Adafactor(Optimizer):
    """Divide the gradient by its root mean square, remembered by row and column.

    Large weights cost almost no memory: a matrix of a million elements, two thousand numbers.

    ```
    βₜ = 1 - tᵇ, b = beta_2_decay;   q = g² + epsilon_1
    r ← βₜ · r + (1 - βₜ) · mean(q over columns);   c ← βₜ · c + (1 - βₜ) · mean(q over rows)
    v = r · c / mean(r)                       (weights of one axis keep v itself)
    d = g / √v;   d ← d / max(1, rms(d) / clip_threshold)
    w ← w - max(epsilon_2, rms(w)) · ρₜ · d,   ρₜ = min(learning_rate, 1 / √t)
    ```

    Args:
        learning_rate: how far a step goes, as a part of the weight; default 0.001, as in Keras.
        beta_2_decay: how soon the past begins to count, at most 0.
        epsilon_1: keeps the division from exploding; above 0.
        epsilon_2: the least size of a weight for the length of its step; above 0.
        clip_threshold: the largest root mean square of a direction; above 0.
        relative_step: let steps shrink with 1 / √t; without it ρₜ is the learning rate.

    Raises:
        ArgumentError: for a number outside its range.

    Example:
        >>> from lamina.optimizers import Adafactor
        >>> Adafactor(0.01, relative_step=False)
        Adafactor(learning_rate=0.01, relative_step=False)

    Reference:
        [Shazeer and Stern, 2018](https://arxiv.org/abs/1804.04235)
    """

    beta_2_decay: Setting = -0.8
    epsilon_1: Setting = 1e-30
    epsilon_2: Setting = 1e-3
    clip_threshold: Setting = 1.0
    relative_step: bool = True

    def check(self) -> None:
        """Check the numbers."""
        super().check()
        checks.number(self.place("beta_2_decay"), self.beta_2_decay, high=0)
        check_positive(self, "epsilon_1", "epsilon_2", "clip_threshold")
        checks.boolean(self.place("relative_step"), self.relative_step)

    def slots(self, weight: Array) -> Slots:
        """Remember a mean square for each row and column, or each element of a vector.

        They are those of the last two axes.
        """
        if weight.ndim < 2:
            return {"velocity": filled(weight)}
        *outer, rows, columns = weight.shape
        return {"rows": filled(weight, shape=(*outer, rows)), "columns": filled(weight, shape=(*outer, columns))}

    def change(self, gradient: Array, slots: Slots, *, weight: Array, rate: Array, count: Array) -> tuple[Array, Slots]:
        """Go along the gradient in units of its size, by a part of the weight."""
        # At the first step nothing of the zeros that slots start with is kept.
        kept = 1 - count**self.beta_2_decay
        squares = ops.square(gradient) + self.epsilon_1
        seen = {"velocity": squares}
        if weight.ndim >= 2:
            seen = {"rows": ops.mean(squares, axis=-1), "columns": ops.mean(squares, axis=-2)}
        after = {name: kept * slots[name] + (1 - kept) * seen[name] for name in seen}
        direction = gradient / _root(after)
        direction = direction / ops.maximum(1, _rms(direction) / self.clip_threshold)
        if self.relative_step:
            rate = ops.minimum(rate, 1 / ops.sqrt(count))
        return -rate * ops.maximum(self.epsilon_2, _rms(weight)) * direction, after


def _root(velocities: Slots) -> Array:
    """Return the root of the mean square of each element, the product of its row's and its column's."""
    if "velocity" in velocities:
        return ops.sqrt(velocities["velocity"])
    rows, columns = velocities["rows"], velocities["columns"]
    rows = rows / ops.mean(rows, axis=-1, keepdims=True)
    # The roots are taken before the product, of far fewer numbers.
    return ops.sqrt(rows)[..., :, None] * ops.sqrt(columns)[..., None, :]


def _rms(values: Array) -> Array:
    return ops.sqrt(ops.mean(ops.square(values)))
