"""A network in the form a file can carry, and back.

Each layer object is written once, in the order of first use, and so is each network that is used as a layer. A value in
a network goes by the number under which it appears: the inputs first, then what each call gives. So whatever was shared
is shared again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lamina._core import checks, portable
from lamina._core.config import Config
from lamina._core.names import check_name
from lamina.layers._graph import Graph
from lamina.layers._input import Input
from lamina.layers._layer import Layer
from lamina.layers._symbol import Symbol, connect

MOST_CALLS = 5_000
"""How many calls of layers a file may unfold to; networks that double at each level would otherwise fill the memory."""


def encode_graph(graph: Graph) -> dict[str, Any]:
    """Turn a network into plain JSON values.

    Args:
        graph: the network.

    Raises:
        FormatError: for an argument of a layer that no file can carry, such as a function.
    """
    numbers: dict[int, tuple[str, int]] = {}
    layers: list[Any] = []
    for step in graph.steps:
        if id(step.layer) not in numbers:
            numbers[id(step.layer)] = ("layer", len(layers))
            layers.append(portable.encode(step.layer, where=step.path))
    graphs: list[Any] = []
    for part in _innermost_first(graph):
        if id(part) not in numbers:
            numbers[id(part)] = ("graph", len(graphs))
            graphs.append(_encode_one(part, numbers))
    return {"layers": layers, "graphs": graphs}


def decode_graph(value: Any, *, where: str, custom: Mapping[str, type[Config]] | None = None) -> Graph:
    """Make the network that `encode_graph` wrote, with new layers and no arrays.

    Args:
        value: what was saved.
        where: the place to name in errors.
        custom: the user's own classes by name.

    Raises:
        FormatError: for anything that `encode_graph` does not write.
    """
    layers, graphs = portable.entries(value, ("layers", "graphs"), where=where)
    parts: dict[str, list[Any]] = {"layer": [], "graph": []}
    for index, item in enumerate(portable.sequence(layers, where=f"{where}.layers")):
        parts["layer"].append(portable.decode(item, "layer", where=f"{where}.layers[{index}]", custom=custom))
    calls = 0
    for index, item in enumerate(portable.sequence(graphs, where=f"{where}.graphs")):
        place = f"{where}.graphs[{index}]"
        with checks.refusing(place):
            parts["graph"].append(_decode_one(item, parts, MOST_CALLS - calls, place))
        calls += len(parts["graph"][-1].steps)
    graph = parts["graph"][-1] if parts["graph"] else None
    if graph is None or len({id(step.layer) for step in graph.steps}) != len(parts["layer"]):
        raise portable.refusal(where, expected="a network that uses each of its layers", got="one that does not")
    return graph  # type: ignore[no-any-return]


def _innermost_first(graph: Graph) -> Iterator[Graph]:
    for node in graph.nodes:
        if isinstance(node.layer, Graph):
            yield from _innermost_first(node.layer)
    yield graph


def _encode_one(graph: Graph, numbers: Mapping[int, tuple[str, int]]) -> dict[str, Any]:
    values = {id(symbol): index for index, symbol in enumerate(graph.inputs)}
    count = len(values)
    nodes = []
    for node in graph.nodes:
        kind, number = numbers[id(node.layer)]
        nodes.append({kind: number, "inputs": [values[id(symbol)] for symbol in node.inputs]})
        for symbol in node.outputs:
            values.setdefault(id(symbol), count)
            count += 1
    return {
        "name": graph.name,
        "inputs": [_encode_input(symbol) for symbol in graph.inputs],
        "nodes": nodes,
        "outputs": [values[id(symbol)] for symbol in graph.outputs],
        "output_names": list(graph.output_names),
    }


def _decode_one(value: Any, parts: Mapping[str, list[Any]], most_calls: int, where: str) -> Graph:
    names = ("name", "inputs", "nodes", "outputs", "output_names")
    name, inputs, nodes, outputs, output_names = portable.entries(value, names, where=where)
    symbols = [_decode_input(item, f"{where}.inputs") for item in portable.sequence(inputs, where=f"{where}.inputs")]
    given = tuple(symbols)
    calls = 0
    for index, item in enumerate(portable.sequence(nodes, where=f"{where}.nodes")):
        place = f"{where}.nodes[{index}]"
        kind = "graph" if isinstance(item, dict) and "graph" in item else "layer"
        number, read = portable.entries(item, (kind, "inputs"), where=place)
        part = _chosen(parts[kind], number, place)
        calls += len(part.steps) if isinstance(part, Graph) else 1
        if calls > most_calls:
            raise portable.refusal(place, expected=f"a network of at most {MOST_CALLS:,} calls of layers", got="more")
        made = _call(part, [_chosen(symbols, number, place) for number in portable.sequence(read, where=place)])
        symbols += [made] if isinstance(made, Symbol) else made
    chosen = [_chosen(symbols, number, where) for number in portable.sequence(outputs, where=f"{where}.outputs")]
    _check_names(f"{where}.name", [name])
    _check_names(f"{where}.output_names", output_names, len(chosen))
    graph = Graph(given, chosen, name=name, output_names=output_names)
    if len(graph.nodes) != len(nodes):
        raise portable.refusal(f"{where}.nodes", expected="calls that lead to an output", got="one that does not")
    return graph


def _encode_input(symbol: Symbol) -> dict[str, Any]:
    batch, *shape = symbol.shape
    stated = {} if batch is None else {"batch_size": batch}
    return {"shape": shape, "dtype": symbol.dtype, "name": symbol.name, **stated}


def _decode_input(value: Any, where: str) -> Symbol:
    names = ("shape", "dtype", "name", "batch_size")
    stated = names if isinstance(value, dict) and "batch_size" in value else names[:3]
    shape, dtype, name, *batch = portable.entries(value, stated, where=where)
    if name is not None:
        _check_names(where, [name])
    return Input(portable.sequence(shape, where=where), batch_size=batch[0] if batch else None, dtype=dtype, name=name)


def _call(part: Layer | Graph, inputs: list[Symbol]) -> Any:
    if isinstance(part, Graph):
        return connect(part, inputs[0] if len(inputs) == 1 else inputs)
    return part(inputs[0] if len(inputs) == 1 and not part.many_inputs else inputs)


def _chosen(items: list[Any], number: Any, where: str) -> Any:
    if type(number) is not int or not 0 <= number < len(items):
        raise portable.refusal(where, expected=f"one of the numbers below {len(items)}", got=checks.plain(number))
    return items[number]


def _check_names(where: str, names: Any, count: int = 1) -> None:
    for name in portable.sequence(names, where=where):
        check_name(where, name)
    if len(names) != count or len(set(names)) != count:
        raise portable.refusal(where, expected=f"{count} different names", got=checks.plain(names))
