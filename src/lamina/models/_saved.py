"""All that there is to say about a model, as plain JSON values and tensors, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from lamina import ops, saving, training
from lamina._core import checks, portable
from lamina._core.config import Config
from lamina._core.seeds import LARGEST_SEED
from lamina.errors import FormatError
from lamina.layers import Graph, decode_graph, encode_graph
from lamina.models._labels import decode_labels, encode_labels
from lamina.models._plan_config import asked_of, decode_plan, decode_settings, encode_plan, encode_settings
from lamina.saving import Contents
from lamina.training import OPTIMIZER, Classes, Columns, Plan, State, tensors_of

KINDS = ("Model", "Sequential")
NAMES = ("kind", "graph", "compile", "frozen", "settings", "classes", "columns", "step", "seed")
LARGEST_STEP = 2**31 - 1


class Saved(NamedTuple):
    """A model as a value.

    Args:
        kind: the name of its class.
        graph: the network.
        plan: what it was compiled to; None before compile.
        frozen: the paths of layers that are not trained.
        classes: the labels that each output stands for.
        state: everything that training changes.
        columns: the names of the columns of each input.
    """

    kind: str
    graph: Graph
    plan: Plan | None
    frozen: frozenset[str]
    classes: Classes | None
    state: State
    columns: Columns | None = None


def describe(saved: Saved) -> Contents:
    """Return what a file says of a model.

    Raises:
        FormatError: for a part that no file can carry, named by its place.
    """
    config = {
        "kind": saved.kind,
        "graph": encode_graph(saved.graph),
        "compile": None if saved.plan is None else encode_plan(saved.plan),
        "frozen": sorted(saved.frozen),
        "settings": encode_settings(saved.state.settings, saved.graph, saved.plan),
        "classes": None if saved.classes is None else [encode_labels(own) for own in saved.classes],
        "columns": None if saved.columns is None else [own and list(own) for own in saved.columns],
        "step": int(saved.state.step),
        "seed": int(saved.state.seed),
    }
    return Contents("model", config, tensors_of(saved.state))


def restore(contents: Contents, *, where: str, custom: Mapping[str, type[Config]]) -> Saved:
    """Return the model that a file describes; sizes are compared with its tensors before anything is made of them.

    Raises:
        FormatError: for anything that `describe` does not say.
    """
    config = {"columns": None} | contents.config  # files of the first version do not say
    kind, network, compiled, frozen, settings, classes, columns, step, seed = portable.entries(
        config, NAMES, where=where
    )
    graph = decode_graph(network, where=f"{where}: graph", custom=custom)
    with checks.refusing(where):
        _check_kind(kind, graph)
        paths = _frozen(frozen, graph, f"{where}: frozen")
        plan = None
        if compiled is not None:
            plan = decode_plan(compiled, graph, frozen=paths, where=f"{where}: compile", custom=custom)
        state = _weights(contents.tensors, graph, plan, where).replace(
            step=np.int32(_whole(step, LARGEST_STEP, f"{where}: step")),
            seed=np.uint32(_whole(seed, LARGEST_SEED, f"{where}: seed")),
        )
        state = state.replace(settings=decode_settings(settings, graph, plan, where=f"{where}: settings"))
        state = state.replace(optimizer=_optimizer(contents.tensors, plan, state, where))
        labels = _classes(classes, graph, f"{where}: classes")
        return Saved(kind, graph, plan, paths, labels, state, _columns(columns, graph, f"{where}: columns"))


def weights_of(graph: Graph, kept: str = "float32") -> dict[str, ops.ShapeDtype]:
    """Return shape and type of each weight and moving value by its name in a file.

    Args:
        graph: the network.
        kept: the type of floating numbers.
    """
    return {
        f"{path}/{name}": ops.ShapeDtype(weight.shape, weight.typed(kept))  # type: ignore[no-untyped-call]
        for path, declared in graph.declared().items()
        for name, weight in declared.items()
    }


def custom_classes_of(saved: Saved) -> dict[str, type[Config]]:
    """Return the user's own classes in a model by name.

    Raises:
        FormatError: for two classes of one name, which a file could not tell apart.
    """
    result: dict[str, type[Config]] = {}
    for found in _custom_classes(saved):
        if result.setdefault(found.__name__, found) is not found:
            raise checks.problem(
                FormatError,
                "save",
                expected="a different name for each of your own classes",
                got=f"two classes called {found.__name__}",
                fix="rename one of them.",
            )
    return result


def _custom_classes(saved: Saved) -> Iterator[type[Config]]:
    yield from portable.custom_classes([step.layer for step in saved.graph.steps])
    if saved.plan is not None:
        asked = asked_of(saved.plan)
        yield from portable.custom_classes([asked["optimizer"], asked["loss"], asked["metrics"]])


def _check_kind(kind: Any, graph: Graph) -> None:
    checks.choice("kind", kind, KINDS)
    before = graph.inputs
    for node in graph.nodes if kind == "Sequential" else ():
        if len(before) != 1 or node.inputs != before:
            raise portable.refusal("graph", expected="a chain, as the model is a Sequential", got="another network")
        before = node.outputs
    if kind == "Sequential" and (graph.outputs != before or not graph.nodes):
        raise portable.refusal("graph", expected="the output of the last layer", got="another one")


def _weights(tensors: Mapping[str, np.ndarray], graph: Graph, plan: Plan | None, where: str) -> State:
    """Return a state that has weights and moving values, and nothing else yet."""
    found = {name: tensors[name] for name in weights_of(graph) if name in tensors}
    is_double = any(tensor.dtype == np.float64 for tensor in found.values())
    kept = plan.types.kept if plan is not None else "float64" if is_double else "float32"
    saving.check_tensors(weights_of(graph, kept), found, where=where)
    arrays: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
    for path, declared in graph.declared().items():
        for name, weight in declared.items():
            arrays[weight.moving].setdefault(path, {})[name] = ops.device_put(tensors[f"{path}/{name}"])
    return State(*arrays, optimizer=None, settings={}, step=None, seed=None)


def _optimizer(tensors: Mapping[str, np.ndarray], plan: Plan | None, state: State, where: str) -> Any:
    """Return what the optimizer remembers, from the tensors that are no weights; None where there are none."""
    weights = tensors_of(state)
    own = {name: array for name, array in tensors.items() if name not in weights}
    if not own:
        return None
    tree = {} if plan is None else training.optimizer_shapes(plan, state)
    saving.check_tensors(saving.named(tree, OPTIMIZER), own, where=where)
    return saving.filled(tree, own, OPTIMIZER)


def _frozen(value: Any, graph: Graph, where: str) -> frozenset[str]:
    paths = portable.sequence(value, where=where)
    for path in paths:
        checks.choice(where, path, graph.layers())
    return frozenset(paths)


def _classes(value: Any, graph: Graph, where: str) -> Classes | None:
    if value is None:
        return None
    labels = portable.sequence(value, where=where)
    sizes = [symbol.shape[-1] for symbol in graph.outputs]
    return tuple(decode_labels(own, size, where=where) for own, size in zip(labels, sizes, strict=True))


def _columns(value: Any, graph: Graph, where: str) -> Columns | None:
    if value is None:
        return None
    inputs = portable.sequence(value, where=where)
    return tuple(
        own if own is None else _names(own, symbol.shape[-1], where)
        for own, symbol in zip(inputs, graph.inputs, strict=True)
    )


def _names(value: Any, count: int | None, where: str) -> tuple[str, ...]:
    names = portable.sequence(value, where=where)
    if not all(type(name) is str for name in names) or not len(names) == len(set(names)) == (count or len(names)):
        raise portable.refusal(where, expected=f"{count or 'some'} different names", got=checks.plain(names))
    return tuple(names)


def _whole(value: Any, most: int, where: str) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise portable.refusal(where, expected=f"a number from 0 to {most:,}", got=checks.plain(value))
    return value
