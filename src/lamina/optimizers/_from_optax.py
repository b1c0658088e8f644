"""Any transformation of optax, as an optimizer."""

from __future__ import annotations

from typing import ClassVar

from lamina._core import checks
from lamina.errors import ArgumentError
from lamina.optimizers._optimizer import Link, Side
from lamina.optimizers._transformation import Transformation, is_transformation


class FromOptax(Link):
    """Use an optax transformation as the optimizer.

    `compile(optimizer=optax.adabelief(1e-3))` does this for you. Its numbers are inside functions, so they cannot be
    changed while training, nor written to a model file.

    Args:
        optax_transformation: what is made of the gradients; its result is added to the weights.

    Raises:
        ArgumentError: for something that is not an `optax.GradientTransformation`.

    Example:
        >>> import optax
        >>> from lamina import optimizers
        >>> isinstance(optimizers.get(optax.adabelief(1e-3)), optimizers.FromOptax)
        True
    """

    optax_transformation: Transformation

    side: ClassVar[Side] = "optimizer"
    learning_rate: ClassVar[None] = None

    def check(self) -> None:
        """Refuse anything else."""
        if not is_transformation(self.optax_transformation):
            raise checks.problem(
                ArgumentError,
                self.place("optax_transformation"),
                expected="an optax.GradientTransformation",
                got=checks.plain(self.optax_transformation),
                fix="call the function of optax, as in FromOptax(optax.adabelief(1e-3)).",
            )

    def __repr__(self) -> str:
        """Leave out the functions, whose repr says nothing."""
        return "FromOptax(...)"

    def transformation(self) -> Transformation:
        """Return the transformation as it was given."""
        return self.optax_transformation
