"""What an argument `optimizer=` stands for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from lamina._core import checks, registry
from lamina.errors import ArgumentError
from lamina.optimizers._chain import Chain
from lamina.optimizers._from_optax import FromOptax
from lamina.optimizers._optimizer import Link, Optimizer
from lamina.optimizers._transformation import Transformation, is_transformation

LinkLike: TypeAlias = str | Link | type[Link] | Transformation
OptimizerLike: TypeAlias = LinkLike | Sequence[LinkLike]


def get(identifier: OptimizerLike, *, where: str = "optimizer") -> Optimizer | Chain | FromOptax:
    """Return the optimizer an argument stands for.

    Args:
        identifier: a name such as "adam", an `Optimizer` or one of its classes, an optax transformation, or a list with
            one of these and links beside it.
        where: the place to name in an error.

    Raises:
        ArgumentError: for a name that is not known, with the nearest one, or for something else altogether.

    Example:
        >>> from lamina import optimizers
        >>> optimizers.get("rmsprop")
        RMSprop()
        >>> optimizers.get([optimizers.ClipValue(0.5), "sgd"])
        Chain((ClipValue(0.5), SGD()))
    """
    if isinstance(identifier, (list, tuple)) and not is_transformation(identifier):
        return Chain(tuple(_link(item, f"{where}[{index}]") for index, item in enumerate(identifier)))
    link = _link(identifier, where)
    if isinstance(link, (Optimizer, Chain, FromOptax)):
        return link
    raise checks.problem(
        ArgumentError,
        where,
        expected="an optimizer",
        got=f"only {link!r}, which goes {link.side} one",
        fix=f'write [{link!r}, "adam"].' if link.side == "before" else f'write ["adam", {link!r}].',
    )


def _link(identifier: Any, where: str) -> Link:
    """Return one optimizer or link."""
    if isinstance(identifier, str):
        identifier = registry.resolve("optimizer", identifier, where=where)
    if isinstance(identifier, type) and issubclass(identifier, Link):
        return identifier()
    if is_transformation(identifier):
        return FromOptax(identifier)
    if isinstance(identifier, Link):
        return identifier
    raise checks.problem(
        ArgumentError,
        where,
        expected="the name of an optimizer, an Optimizer, or a list of links",
        got=checks.plain(identifier),
        fix='write a name as in optimizer="adam", or an object as in optimizer=Adam(0.01).',
    )
