"""What a constraint is."""

from __future__ import annotations

from typing import ClassVar, TypeAlias

from lamina._core import checks, registry
from lamina._core.config import Config
from lamina.errors import ArgumentError
from lamina.ops import Array


class Constraint(Config):
    """Project a weight back onto an allowed set after each step of training."""

    family: ClassVar[str] = "constraint"

    def __call__(self, values: Array) -> Array:
        """Return the nearest allowed values, of the same shape.

        Args:
            values: a weight after the optimizer's step.
        """
        raise NotImplementedError


ConstraintLike: TypeAlias = str | Constraint | None


def get(identifier: ConstraintLike, *, where: str = "constraint") -> Constraint | None:
    """Return the constraint an argument stands for, or None for none.

    Args:
        identifier: a name such as "non_neg", a `Constraint`, or None.
        where: the place to name in an error.

    Raises:
        ArgumentError: for a name that is not known, with the nearest one, or for something else altogether.

    Example:
        >>> from lamina import constraints
        >>> constraints.get("non_neg")
        NonNeg()
    """
    if isinstance(identifier, str):
        identifier = registry.resolve("constraint", identifier, where=where)
    if isinstance(identifier, type) and issubclass(identifier, Constraint):
        identifier = identifier()
    if identifier is None or isinstance(identifier, Constraint):
        return identifier
    raise checks.problem(
        ArgumentError,
        where,
        expected="the name of a constraint, a Constraint or None",
        got=checks.plain(identifier),
        fix='write a name as in kernel_constraint="non_neg", or a subclass of Constraint.',
    )
