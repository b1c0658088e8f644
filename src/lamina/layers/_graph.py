"""A network: layers called on symbols, from inputs to outputs."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from lamina._core import checks
from lamina._core.names import Numbering, check_name
from lamina.errors import ArgumentError, ShapeError
from lamina.layers._masks import masked_outputs
from lamina.layers._symbol import Node, Shape, Shapes, Symbol, compatible, is_shape
from lamina.layers._weight import Weight

if TYPE_CHECKING:
    from lamina.layers._layer import Layer

Part: TypeAlias = "Layer | Graph"


@dataclasses.dataclass(frozen=True)
class Step:
    """One call of a layer, in the order of computation, with nested networks unfolded.

    Args:
        path: the layer's place in the network, ``"encoder/dense_1"``; all calls of one layer object share it.
        layer: the layer that is called.
        inputs: the slots of the values it reads.
        outputs: the slots of the values it gives.
        input_shape: the shape of its input, or of each of its inputs.
        output_shapes: the shape of each output.
        call: which call of this layer it is, from 0.
    """

    path: str
    layer: Layer
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    input_shape: Shapes
    output_shapes: tuple[Shape, ...]
    call: int


class Graph:
    """A network as an immutable value: what is computed, from what, in which order.

    Args:
        inputs: the symbols that data is given for, in order.
        outputs: the symbols that are the result, in order.
        name: how the network is called as a part of another one.
        output_names: how the outputs are called; by their layers when not given.

    Attributes:
        nodes: the calls in the order of computation, nested networks as one call each.
        names: the name of each layer or nested network, by its ``id``.
        input_names: the name of each input.
        output_names: the name of each output.
        steps: the calls in order, nested networks unfolded.
        input_slots: where the values of the inputs stand.
        output_slots: where the values of the outputs stand.

    Raises:
        ArgumentError: for outputs that need an input which is not given, an input without use, or a name used twice.
    """

    def __init__(
        self,
        inputs: Sequence[Symbol],
        outputs: Sequence[Symbol],
        *,
        name: str = "model",
        output_names: Sequence[str] | None = None,
    ) -> None:
        self.inputs = tuple(inputs)
        self.outputs = tuple(outputs)
        self.name = name
        self.nodes = _ordered(self.inputs, self.outputs)
        self.names = _names(self.nodes)
        self.input_names = _input_names(self.inputs)
        self.output_names = tuple(output_names) if output_names else _output_names(self)
        unfolding = _Unfolding()
        self.input_slots = unfolding.slots(len(self.inputs))
        self.output_slots = unfolding.unfold(self, self.input_slots, "")
        self.steps = tuple(unfolding.steps)
        self._declared = _declared(self.steps)

    def __repr__(self) -> str:
        return f"<network {self.name!r} of {len(self.layers())} layers>"

    def declared(self) -> Mapping[str, Mapping[str, Weight]]:
        """Return the declared weights of each layer that has any, by its path."""
        return self._declared

    def layers(self) -> Mapping[str, Layer]:
        """Return each layer by its path, in the order of first use."""
        return {step.path: step.layer for step in self.steps}

    def masked_slots(self, masked: Sequence[bool] = ()) -> frozenset[int]:
        """Return the slots whose values come with a mask.

        Args:
            masked: which inputs come with one; none by default.

        Raises:
            ArgumentError: for a layer that cannot honour the mask of its input.
        """
        found = {slot for slot, has_mask in zip(self.input_slots, masked, strict=False) if has_mask}
        for step in self.steps:
            given = masked_outputs(step.layer, tuple(slot in found for slot in step.inputs), step.output_shapes)
            found.update(slot for slot, has_mask in zip(step.outputs, given, strict=True) if has_mask)
        return frozenset(found)

    def weights(self, input_shape: Shapes) -> Mapping[str, Weight]:
        """Check the shape of what the network is called on, as layers do."""
        shapes: Any = (input_shape,) if is_shape(input_shape) else input_shape
        wanted = tuple(symbol.shape for symbol in self.inputs)
        if len(shapes) != len(wanted) or not all(map(_fits, wanted, shapes)):
            raise checks.problem(
                ShapeError,
                self.name,
                expected=f"inputs of shape {', '.join(map(str, wanted))}",
                got=str(input_shape),
                fix="call it on what its Input(...) states.",
            )
        return {}

    def output_shape(self, input_shape: Shapes) -> Shapes:
        """Return the shape of the output, or of each output."""
        shapes = tuple(symbol.shape for symbol in self.outputs)
        return shapes[0] if len(shapes) == 1 else shapes

    def output_dtype(self, input_dtype: str) -> str:
        """Return the type of the first output."""
        return self.outputs[0].dtype


def _fits(wanted: Shape, given: Shape) -> bool:
    """Tell whether a shape is compatible, and has the rows in a batch that are wanted, where a number is."""
    return compatible(wanted, given) and wanted[0] in (None, given[0])


class _Unfolding:
    """Writes a network's calls as one flat list, giving each value a slot and each layer its first path."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self._next = 0
        self._paths: dict[int, str] = {}
        self._calls: dict[int, int] = {}

    def slots(self, count: int) -> tuple[int, ...]:
        self._next += count
        return tuple(range(self._next - count, self._next))

    def unfold(self, graph: Graph, inputs: tuple[int, ...], prefix: str) -> tuple[int, ...]:
        slot_of = {id(symbol): slot for symbol, slot in zip(graph.inputs, inputs, strict=True)}
        for node in graph.nodes:
            read = tuple(slot_of[id(symbol)] for symbol in node.inputs)
            path = prefix + graph.names[id(node.layer)]
            part = node.layer
            given = self.unfold(part, read, f"{path}/") if isinstance(part, Graph) else self.step(node, path, read)
            for symbol, slot in zip(node.outputs, given, strict=True):
                slot_of.setdefault(id(symbol), slot)  # what is an input of the graph stays what is given for it
        return tuple(slot_of[id(symbol)] for symbol in graph.outputs)

    def step(self, node: Node, path: str, read: tuple[int, ...]) -> tuple[int, ...]:
        layer: Any = node.layer
        given = self.slots(len(node.outputs))
        call = self._calls.get(id(layer), 0)
        self._calls[id(layer)] = call + 1
        path = self._paths.setdefault(id(layer), path)
        shapes = tuple(symbol.shape for symbol in node.outputs)
        self.steps.append(Step(path, layer, read, given, node.input_shape, shapes, call))
        return given


def _ordered(inputs: tuple[Symbol, ...], outputs: tuple[Symbol, ...]) -> tuple[Node, ...]:
    given = {id(symbol) for symbol in inputs}
    done: dict[int, Node] = {}
    used: set[int] = set()
    stack = [(output, False) for output in reversed(outputs)]
    while stack:
        symbol, ready = stack.pop()
        if id(symbol) in given:
            used.add(id(symbol))
            continue
        node = symbol.node
        if node is None:
            raise checks.problem(
                ArgumentError,
                "Model(inputs)",
                expected="every Input that the outputs depend on",
                got=f"outputs that also need the input of shape {symbol.shape}",
                fix="add it to the model's inputs.",
            )
        if id(node) in done:
            continue
        if ready:
            done[id(node)] = node
        else:
            stack.append((symbol, True))
            stack.extend((item, False) for item in reversed(node.inputs))
    for index, symbol in enumerate(inputs):
        if id(symbol) not in used:
            raise checks.problem(
                ArgumentError,
                "Model(inputs)",
                expected="inputs that the outputs depend on",
                got=f"input {index} of shape {symbol.shape}, which leads to no output",
                fix="remove it from the inputs, or connect it.",
            )
    return tuple(done.values())


def _names(nodes: tuple[Node, ...]) -> dict[int, str]:
    names: dict[int, str] = {}
    taken: set[str] = set()
    layers = {id(node.layer): node.layer for node in nodes}
    for key, layer in layers.items():
        if layer.name is not None and not isinstance(layer, Graph):
            if layer.name in taken:
                raise checks.problem(
                    ArgumentError,
                    "Model",
                    expected="a different name for each layer",
                    got=f"two layers called {layer.name!r}",
                    fix="rename one, or leave the names out to have them numbered.",
                )
            names[key] = layer.name
            taken.add(layer.name)
    numbering = Numbering(taken)
    for key, layer in layers.items():
        if key not in names:
            names[key] = numbering.name(layer.name if isinstance(layer, Graph) else layer._word)
    return names


def _input_names(inputs: tuple[Symbol, ...]) -> tuple[str, ...]:
    names: list[str] = [symbol.name for symbol in inputs if symbol.name]
    if len(set(names)) < len(names):
        raise checks.problem(
            ArgumentError,
            "Model(inputs)",
            expected="a different name for each input",
            got=", ".join(names),
            fix="rename one of them in Input(name=...).",
        )
    numbering = Numbering(names)
    return tuple(symbol.name or numbering.name("input") for symbol in inputs)


def _output_names(graph: Graph) -> tuple[str, ...]:
    """Name each output by the input that it is, or by the layer it comes from."""
    found = dict(zip(map(id, graph.inputs), graph.input_names, strict=True))
    for node in graph.nodes:
        for symbol in node.outputs:
            found.setdefault(id(symbol), graph.names[id(node.layer)])
    numbering = Numbering()
    return tuple(numbering.name(found[id(symbol)]) for symbol in graph.outputs)


def _declared(steps: tuple[Step, ...]) -> dict[str, Mapping[str, Weight]]:
    result: dict[str, Mapping[str, Weight]] = {}
    for step in steps:
        place = f"{step.path} ({type(step.layer).__name__})"
        declared = step.layer.weights(step.input_shape)
        _check_declaration(place, declared)
        known = result.setdefault(step.path, declared)
        if _sizes(known) != _sizes(declared):
            raise checks.problem(
                ShapeError,
                place,
                expected="inputs of one shape at every place where the layer is shared",
                got=f"{step.input_shape} at another place",
                fix="use a second layer for the other shape.",
            )
    return {path: declared for path, declared in result.items() if declared}


def _check_declaration(place: str, declared: Any) -> None:
    if not isinstance(declared, Mapping) or not all(isinstance(weight, Weight) for weight in declared.values()):
        raise checks.problem(
            ArgumentError,
            place,
            expected="a dictionary of Weight from its method weights",
            got=checks.plain(declared),
            fix='return something like {"kernel": Weight((3, 4))}.',
        )
    for name in declared:
        check_name(f"{place}: weights", name)


def _sizes(declared: Mapping[str, Weight]) -> dict[str, tuple[int, ...]]:
    return {name: weight.shape for name, weight in declared.items()}
