"""Make a model of another one, with some of its layers replaced and all else carried over."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from lamina import ops
from lamina._core import checks
from lamina.errors import ArgumentError
from lamina.layers import Graph, Layer
from lamina.models import _cells
from lamina.models._frozen import matching
from lamina.models._model import Model
from lamina.models._rewiring import copied
from lamina.training import State, draw_arrays


class Replacement(NamedTuple):
    """What takes the place of a layer.

    Args:
        layer: the new layer.
        arrays: its arrays by name; those that are not given are drawn.
    """

    layer: Layer
    arrays: Mapping[str, Any]


def transformed(model: Model, replacements: Mapping[str, Replacement], *, frozen: Iterable[str]) -> Model:
    """Return a model that shares nothing with another one, and has other layers in some places.

    What was shared between places is shared again. The arguments of compile, the settings, the labels and the columns
    are carried over; what the optimizer remembers is not, as it belongs to other weights.

    Args:
        model: the model, which stays as it is.
        replacements: what takes the place of a layer, by path.
        frozen: the paths of the layers that are not trained.
    """
    state = model.state
    paths = {id(layer): path for path, layer in model.graph.layers().items()}
    before: dict[int, str] = {}

    def copy_of(layer: Layer) -> Layer:
        path = paths[id(layer)]
        made = copy.copy(replacements[path].layer if path in replacements else layer)
        before[id(made)] = path
        return made

    graph = copied(model.graph, copy_of)
    after = {before[id(layer)]: path for path, layer in graph.layers().items()}
    _place(graph, state, {after[path]: path for path in after}, replacements)
    made = model._of(graph)
    made._frozen = frozenset(after[path] for path in frozen)
    made._asked, made._seed = model._asked, model._seed
    made._classes, made._columns = model._classes, model._columns
    made._drawn()
    if made._asked is not None:
        made._compile()
    made._numbers = {name: state.settings.get(name, value) for name, value in made._current().items()}
    return made


def _place(graph: Graph, state: State, before: Mapping[str, str], replacements: Mapping[str, Replacement]) -> None:
    """Give the layers of a new network their arrays; `before` says where each stood."""
    weights, moving = {}, {}
    for path in graph.declared():
        old = before[path]
        known = {**state.weights.get(old, {}), **state.moving.get(old, {})}
        if old in replacements:
            known = {name: ops.device_put(array) for name, array in replacements[old].arrays.items()}
        weights[path], moving[path] = draw_arrays(graph, int(state.seed), path, known=known)
    _cells.place(graph, weights, moving)


def check_model(model: Any, *, where: str) -> None:
    """Check that something is a model."""
    if not isinstance(model, Model):
        raise checks.problem(
            ArgumentError,
            f"{where}(model)",
            expected="a Model or Sequential",
            got=checks.plain(model),
            fix=f"pass a model first, as in {where}(model).",
        )


def chosen(
    graph: Graph, patterns: tuple[str, ...], kinds: tuple[type[Layer], ...], *, where: str, fix: str
) -> dict[str, Any]:
    """Return the layers of some kinds that patterns name, by path.

    Each pattern must name one at least; layers of other kinds beside it are left as they are.

    Args:
        graph: the network.
        patterns: as in `Model.freeze`; without patterns, all layers are named.
        kinds: the kinds of layers that can be changed.
        where: the function to name in an error.
        fix: what to do where a pattern names no such layer.

    Raises:
        ArgumentError: for a pattern that names no layer of those kinds.
    """
    where, layers = f"{where}(patterns)", graph.layers()
    found: dict[str, Any] = {}
    for pattern in patterns or ("*",):
        named = matching(graph, [pattern], where=where)
        own = {path: layer for path, layer in layers.items() if path in named and type(layer) in kinds}
        if not own:
            others = sorted({type(layers[path]).__name__ for path in named})
            raise checks.problem(
                ArgumentError,
                where,
                expected=f"the name of a layer of the kind {', '.join(kind.__name__ for kind in kinds)}",
                got=f"{pattern!r}, which fits {', '.join(others)}",
                fix=fix,
            )
        found |= own
    return found
