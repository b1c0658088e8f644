"""How a layer declares the arrays it needs."""

from __future__ import annotations

import dataclasses
import math

from lamina import constraints, initializers, regularizers
from lamina._core import checks
from lamina.constraints import ConstraintLike
from lamina.initializers import InitializerLike
from lamina.regularizers import RegularizerLike


@dataclasses.dataclass(frozen=True)
class Weight:
    """Declare one array of a layer; the model draws, keeps and trains it.

    Args:
        shape: sizes, channels last; ``()`` for a single number.
        initializer: how its first values are drawn; Glorot's uniform distribution, as in Keras.
        regularizer: a penalty on its values, added to the loss.
        constraint: a projection after each step of training.
        moving: True for values that the layer itself updates while training (moving averages, counters) instead of
            the optimizer; they have no gradient.

    Raises:
        ArgumentError: for sizes that are not positive integers, or a name that is not known.

    Example:
        >>> from lamina.layers import Weight
        >>> Weight((3, 4), "he_normal").size
        12
    """

    shape: tuple[int, ...]
    initializer: InitializerLike = "glorot_uniform"
    regularizer: RegularizerLike = dataclasses.field(default=None, kw_only=True)
    constraint: ConstraintLike = dataclasses.field(default=None, kw_only=True)
    moving: bool = dataclasses.field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shape", checks.shape("Weight(shape)", self.shape))
        initializers.get(self.initializer, where="Weight(initializer)")
        regularizers.get(self.regularizer, where="Weight(regularizer)")
        constraints.get(self.constraint, where="Weight(constraint)")
        checks.boolean("Weight(moving)", self.moving)

    @property
    def size(self) -> int:
        """How many numbers the array has."""
        return math.prod(self.shape)
