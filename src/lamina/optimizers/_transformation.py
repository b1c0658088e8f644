"""The form in which a step is handed over: that of optax, whose transformations may stand wherever ours do.

Optax itself is not imported here: that would take longer than many a training does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple


class Transformation(NamedTuple):
    """Two functions that make changes of gradients.

    Args:
        init: takes the weights, and returns what is remembered before the first step.
        update: takes gradients, what is remembered, and the weights; returns changes, and what is remembered then.
    """

    init: Callable[[Any], Any]
    update: Callable[[Any, Any, Any], tuple[Any, Any]]


def is_transformation(value: object) -> bool:
    """Tell such a pair, of ours or of optax, from any other object."""
    pair = (getattr(value, "init", None), getattr(value, "update", None))
    return isinstance(value, tuple) and all(map(callable, pair))


def stateless(change: Callable[[Any], Any]) -> Transformation:
    """Return a transformation that remembers nothing.

    Args:
        change: takes the gradients, and returns what goes on in their place.
    """
    return Transformation(lambda weights: (), lambda gradients, state, weights: (change(gradients), state))


def joined(first: Transformation, rest: Transformation) -> Transformation:
    """Return `first`, then `rest`; their state is a flat tuple, so that link number i has state number i."""

    def init(weights: Any) -> Any:
        return first.init(weights), *rest.init(weights)

    def update(gradients: Any, state: Any, weights: Any) -> Any:
        changes, own = first.update(gradients, state[0], weights)
        changes, others = rest.update(changes, state[1:], weights)
        return changes, (own, *others)

    return Transformation(init, update)
