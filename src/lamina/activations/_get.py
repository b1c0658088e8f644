"""Find an activation by its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from lamina._core import checks, registry
from lamina.errors import ArgumentError
from lamina.ops import Array

ActivationLike: TypeAlias = str | Callable[[Array], Array] | None


def get(identifier: ActivationLike, *, where: str = "activation") -> Callable[[Array], Array]:
    """Return the function an activation argument stands for.

    Args:
        identifier: a name such as "relu", a function from array to array, or None for the identity.
        where: the place to name in an error.

    Raises:
        ArgumentError: for a name that is not known, with the nearest one, or for something that is not a function.

    Example:
        >>> from lamina import activations
        >>> activations.get("relu").__name__
        'relu'
    """
    if identifier is None:
        identifier = "linear"
    if isinstance(identifier, str):
        found: Callable[[Array], Array] = registry.resolve("activation", identifier, where=where)
        return found
    if callable(identifier) and not isinstance(identifier, type):
        return identifier
    raise checks.problem(
        ArgumentError,
        where,
        expected="the name of an activation or a function of one array",
        got=checks.plain(identifier),
        fix='write a name as in activation="relu".',
    )
