"""How a layer declares the arrays it needs."""

from __future__ import annotations

import dataclasses
import math

from lamina import constraints, initializers, regularizers
from lamina._core import checks
from lamina.constraints import ConstraintLike
from lamina.errors import ArgumentError
from lamina.initializers import InitializerLike
from lamina.regularizers import RegularizerLike

DTYPES = {"float32": 4, "int8": 1}
"""The types that weights may have, and how many bytes a number of each takes."""


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
        trainable: False for values that nothing changes: what a layer was given to keep.
        carried: True for moving values that each batch hands on to the next outside of training too, such as the states
            of a stateful layer; `reset_states` sets them to 0.
        dtype: the type of its numbers, "float32" or "int8"; whole numbers have no gradient and cannot be trained.

    Raises:
        ArgumentError: for sizes that are not positive integers, a name that is not known, whole numbers to train, or
            values that are carried and not moving.

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
    trainable: bool = dataclasses.field(default=True, kw_only=True)
    carried: bool = dataclasses.field(default=False, kw_only=True)
    dtype: str = dataclasses.field(default="float32", kw_only=True)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shape", checks.shape("Weight(shape)", self.shape))
        initializers.get(self.initializer, where="Weight(initializer)")
        regularizers.get(self.regularizer, where="Weight(regularizer)")
        constraints.get(self.constraint, where="Weight(constraint)")
        checks.boolean("Weight(moving)", self.moving)
        checks.boolean("Weight(trainable)", self.trainable)
        checks.boolean("Weight(carried)", self.carried)
        checks.choice("Weight(dtype)", self.dtype, DTYPES)
        if self.carried and not self.moving:
            raise checks.problem(
                ArgumentError,
                "Weight(carried)",
                expected="moving=True beside it, as it is the layer that updates what is carried",
                got="moving=False",
                fix="write moving=True too.",
            )
        if self.dtype != "float32" and self.trainable:
            raise checks.problem(
                ArgumentError,
                "Weight(dtype)",
                expected="trainable=False beside whole numbers, which have no gradient",
                got=f"dtype={self.dtype!r}",
                fix=f'write Weight(shape, "zeros", dtype={self.dtype!r}, trainable=False).',
            )

    @property
    def size(self) -> int:
        """How many numbers the array has."""
        return math.prod(self.shape)

    def typed(self, kept: str) -> str:
        """Return the type of its numbers where floating ones are of the type `kept`."""
        return kept if self.dtype == "float32" else self.dtype

    @property
    def nbytes(self) -> int:
        """How many bytes the array takes."""
        return self.size * DTYPES[self.dtype]
