"""How a layer declares the arrays it needs."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TypeAlias

from lamina._core import checks
from lamina.constraints import ConstraintLike
from lamina.initializers import InitializerLike
from lamina.regularizers import RegularizerLike


@dataclasses.dataclass(frozen=True)
class Weight:
    """Declare one array of a layer; the model draws, keeps and trains it.

    Args:
        shape: sizes, channels last.
        initializer: how its first values are drawn.
        regularizer: a penalty on its values, added to the loss.
        constraint: a projection after each step of training.
        moving: True for values that the layer itself updates while training (moving averages, counters) instead of
            the optimizer; they have no gradient.

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
        checks.shape("Weight(shape)", self.shape) if self.shape else None

    @property
    def size(self) -> int:
        """How many numbers the array has."""
        count = 1
        for item in self.shape:
            count *= item
        return count


Declared: TypeAlias = Mapping[str, Weight]
