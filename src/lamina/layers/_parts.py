"""Layers made of other layers."""

from __future__ import annotations

from collections.abc import Mapping

from lamina.layers._weight import Weight


def parts(**declared: Mapping[str, Weight]) -> dict[str, Weight]:
    """Declare the weights of layers that are parts of another layer.

    What a part declares as ``kernel`` is called ``inner.kernel`` in the whole, if the part is called ``inner``;
    ``context.call("inner", layer, weights, x)`` then runs the part with its own weights, random keys and moving values.

    Args:
        **declared: what the ``weights`` method of each part returned, by the name of the part.

    Example:
        >>> from lamina.layers import Dense, parts
        >>> list(parts(inner=Dense(8).weights((None, 4)), outer=Dense(4).weights((None, 8))))
        ['inner.kernel', 'inner.bias', 'outer.kernel', 'outer.bias']
    """
    return {f"{part}.{name}": weight for part, own in declared.items() for name, weight in own.items()}
