"""Which layers are not trained: chosen by pattern, and remembered when a model becomes a part of another.

Freezing belongs to a model, not to a layer: the same layers may be trained in one model and kept in another, as in a
pair of adversaries. What was frozen when a model was made a part is frozen in the whole, until the whole unfreezes it.
"""

from __future__ import annotations

import fnmatch
import weakref
from collections.abc import Iterable

from lamina._core import checks
from lamina.errors import ArgumentError
from lamina.layers import Graph, Node, Symbol

_OF_PARTS: weakref.WeakKeyDictionary[Node, frozenset[str]] = weakref.WeakKeyDictionary()


def matching(graph: Graph, patterns: Iterable[str], *, where: str = "freeze(patterns)") -> frozenset[str]:
    """Return the paths of the layers that patterns name; without patterns, of all layers.

    Args:
        graph: the network.
        patterns: paths of layers or parts, in which ``*`` stands for anything.
        where: the place to name in an error.

    Raises:
        ArgumentError: for a pattern that fits no layer.
    """
    paths = graph.layers()
    found: set[str] = set()
    for pattern in tuple(patterns) or ("*",):
        own = {path for path in paths if fnmatch.fnmatchcase(path, str(pattern)) or path.startswith(f"{pattern}/")}
        if not own:
            near = checks.nearest(str(pattern), paths)
            raise checks.problem(
                ArgumentError,
                where,
                expected="the name of a layer or part, or a pattern such as 'dense*' that fits one",
                got=checks.plain(pattern),
                fix=f"did you mean {near!r}?" if near else f"choose from {checks.listed(paths)}.",
            )
        found |= own
    return frozenset(found)


def remember(outputs: Symbol | tuple[Symbol, ...], frozen: frozenset[str]) -> None:
    """Note what is frozen in the model that was just called to give these symbols."""
    symbol = outputs if isinstance(outputs, Symbol) else outputs[0]
    if symbol.node is not None and frozen:
        _OF_PARTS[symbol.node] = frozen


def inherited(graph: Graph) -> frozenset[str]:
    """Return the paths of the layers that were frozen in the models which are now parts of `graph`."""
    paths = graph.layers()
    found = {f"{graph.names[id(node.layer)]}/{path}" for node in graph.nodes for path in _OF_PARTS.get(node, ())}
    return frozenset(found & set(paths))
