"""What a regularizer is."""

from __future__ import annotations

from typing import ClassVar, TypeAlias

from lamina._core import checks, registry
from lamina._core.config import Config
from lamina.errors import ArgumentError
from lamina.ops import Array


class Regularizer(Config):
    """Add a penalty on weights or outputs to the loss that is minimised."""

    family: ClassVar[str] = "regularizer"

    def __call__(self, values: Array) -> Array:
        """Return the penalty, a scalar of at least 0.

        Args:
            values: a weight, or the output of a layer, of any shape.
        """
        raise NotImplementedError


RegularizerLike: TypeAlias = str | Regularizer | None


def get(identifier: RegularizerLike, *, where: str = "regularizer") -> Regularizer | None:
    """Return the regularizer an argument stands for, or None for none.

    Args:
        identifier: a name such as "l2", a `Regularizer`, or None.
        where: the place to name in an error.

    Raises:
        ArgumentError: for a name that is not known, with the nearest one, or for something else altogether.

    Example:
        >>> from lamina import regularizers
        >>> regularizers.get("l2")
        L2()
    """
    if isinstance(identifier, str):
        identifier = registry.resolve("regularizer", identifier, where=where)
    if isinstance(identifier, type) and issubclass(identifier, Regularizer):
        identifier = identifier()
    if identifier is None or isinstance(identifier, Regularizer):
        return identifier
    raise checks.problem(
        ArgumentError,
        where,
        expected="the name of a regularizer, a Regularizer or None",
        got=checks.plain(identifier),
        fix='write a name as in kernel_regularizer="l2", or a subclass of Regularizer.',
    )
