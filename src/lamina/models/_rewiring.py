"""Call the layers of a network again: on other inputs, or copies of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from lamina.layers import Graph, Layer, Symbol, connect

Part: TypeAlias = Layer | Graph


def rewired(graph: Graph, inputs: Sequence[Symbol], part_of: Callable[[Part], Part]) -> Graph:
    """Return the same network on other inputs.

    Args:
        graph: the network.
        inputs: as many symbols as it has inputs, of the same shapes.
        part_of: what to call in place of each layer, or network used as a layer; the same again for the same one.
    """
    values = dict(zip(map(id, graph.inputs), inputs, strict=True))
    for node in graph.nodes:
        part = part_of(node.layer)
        read = tuple(values[id(symbol)] for symbol in node.inputs)
        made = connect(part, read if len(read) > 1 or getattr(part, "many_inputs", False) else read[0])
        for symbol, value in zip(node.outputs, [made] if isinstance(made, Symbol) else made, strict=True):
            values.setdefault(id(symbol), value)
    outputs = [values[id(symbol)] for symbol in graph.outputs]
    return Graph(inputs, outputs, name=graph.name, output_names=graph.output_names)


def copied(graph: Graph, copy: Callable[[Layer], Layer]) -> Graph:
    """Return a network of copied layers on inputs of its own; what was shared within it is shared within the copy."""
    made: dict[int, Part] = {}

    def part_of(part: Part) -> Part:
        if id(part) not in made:
            made[id(part)] = copied_with(part) if isinstance(part, Graph) else copy(part)
        return made[id(part)]

    def copied_with(network: Graph) -> Graph:
        inputs = [Symbol(symbol.shape, symbol.dtype, None, symbol.name) for symbol in network.inputs]
        return rewired(network, inputs, part_of)

    return copied_with(graph)


def symbols_by_path(graph: Graph) -> dict[str, list[Any]]:
    """Return, for each layer and each network used as a layer, what its calls give, by its path.

    Those on the outermost level are the symbols the network was made of. Those inside a network used as a layer are
    made anew, as its own stand for what it gives elsewhere.
    """
    found: dict[str, list[Any]] = {}
    for node in graph.nodes:
        path = graph.names[id(node.layer)]
        found.setdefault(path, []).append(node.outputs if len(node.outputs) > 1 else node.outputs[0])
        if isinstance(node.layer, Graph):
            inner = rewired(node.layer, node.inputs, lambda part: part)
            for name, calls in symbols_by_path(inner).items():
                found.setdefault(f"{path}/{name}", []).extend(calls)
    return found
