"""A chain of layers."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any, Self, TypeAlias

from lamina._core import checks
from lamina.errors import ArgumentError, StageError
from lamina.layers import Graph, Input, Layer, Shape, Symbol, connect
from lamina.models._model import Model
from lamina.models._network import Network
from lamina.models._preparation import Preparation

Part: TypeAlias = Layer | Network | Graph


class Sequential(Model):
    """A network in which each layer takes what the one before it gives.

    Args:
        layers: the layers in order, models included; an `Input` first states the shape of the data, which is otherwise
            taken from the first data the model sees.
        name: how the model is called when it is part of another one.

    Raises:
        ArgumentError: for something that is no layer, or an Input that does not come first.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([
        ...     lm.Input((784,)),
        ...     lm.layers.Dense(512, activation="relu"),
        ...     lm.layers.Dense(10, activation="softmax"),
        ... ])
        >>> model.count_params()
        407050
    """

    def __new__(cls, *values: Any, **named: Any) -> Self:
        """Refuse layers that stand side by side, outside of a list."""
        if len(values) > 1 and isinstance(values[1], (Layer, Network, Symbol)):
            got, fix = f"{len(values)} arguments", "put the layers in a list: Sequential([Input((784,)), Dense(10)])."
            raise checks.problem(ArgumentError, "Sequential(layers)", expected="one list of layers", got=got, fix=fix)
        return super().__new__(cls, *values, **named)

    def __init__(self, layers: Sequence[Any] = (), *, name: str = "sequential") -> None:
        Preparation.__init__(self, None, name)  # in place of Model's own: the graph follows from the layers
        self._input: Symbol | None = None
        self._parts: list[Part] = []
        if not isinstance(layers, (list, tuple)):
            raise checks.problem(
                ArgumentError,
                "Sequential(layers)",
                expected="a list of layers",
                got=checks.plain(layers),
                fix="write Sequential([Input((784,)), Dense(10)]).",
            )
        symbol = layers[0] if layers and isinstance(layers[0], Symbol) else None
        parts = list(layers if symbol is None else layers[1:])
        for number, part in enumerate(parts, start=1):
            self._check_part(number, part)
        self._become(symbol, parts)

    @property
    def graph(self) -> Graph:
        """The network as an immutable graph.

        Raises:
            StageError: for a model without layers, or without Input that has not seen data yet.
        """
        self._check_parts()
        return super().graph

    def add(self, layer: Any) -> None:
        """Append a layer or model.

        The weights of the others stay; a compiled model must be compiled again.

        Args:
            layer: what to append; an `Input` only as the first of all.

        Raises:
            ArgumentError: for something that is no layer.
            ShapeError: for a layer that cannot take what the one before it gives.
        """
        if isinstance(layer, Symbol) and not self._parts and self._input is None:
            self._become(layer, [])
        else:
            self._check_part(len(self._parts) + 1, layer)
            self._become(self._input, [*self._parts, layer])

    def pop(self) -> None:
        """Remove the last layer.

        The weights of the others stay; a compiled model must be compiled again.

        Raises:
            StageError: for a model without layers.
        """
        self._check_parts()
        self._become(self._input, self._parts[:-1])

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Return a model of copied layers; one that has not seen data yet has nothing else to copy."""
        if self._graph is not None:
            return super().__deepcopy__(memo)
        made = memo[id(self)] = type(self)(copy.deepcopy(self._parts, memo), name=self.name)
        made._asked = self._asked
        return made

    @classmethod
    def _of(cls, graph: Graph) -> Self:
        made = super()._of(graph)
        made._input, made._parts = graph.inputs[0], [node.layer for node in graph.nodes]
        return made

    def _become(self, symbol: Symbol | None, parts: list[Part]) -> None:
        """Take other layers; where they do not fit together, the model stays as it was."""
        symbol = _stated(parts) if symbol is None else symbol
        graph = self._chain(symbol, parts) if symbol is not None and parts else None
        self._input, self._parts = symbol, parts
        self._restart(graph)
        self._asked = None

    def _infer(self, shape: Shape, dtype: str | None = None) -> None:
        self._check_parts()
        if self._graph is None or self._is_guess:
            symbol = Input(shape, dtype=dtype or _number_type(self._parts))
            graph = self._chain(symbol, self._parts)
            self._restart(graph)
            self._input = symbol

    def _chain(self, symbol: Symbol, parts: list[Part]) -> Graph:
        last: Any = symbol
        for number, part in enumerate(parts, start=1):
            last = connect(part, last) if isinstance(part, Graph) else _called(part, last)
            if not isinstance(last, Symbol):
                raise checks.problem(
                    ArgumentError,
                    f"{self.name}: layer {number}",
                    expected="a layer with one output",
                    got=f"one with {len(last)}",
                    fix="build a Model, which may have several.",
                )
        return Graph([symbol], [last], name=self.name)

    def _check_parts(self) -> None:
        if not self._parts:
            raise checks.problem(
                StageError, self.name, expected="at least one layer", got="none", fix="call model.add(Dense(10))."
            )

    def _check_part(self, number: int, part: Any) -> None:
        if isinstance(part, (Layer, Network)):
            return
        expected, got, fix = "a layer", checks.plain(part), "pass layers such as Dense(10)."
        if isinstance(part, Symbol):
            expected, got, fix = "Input as the first element only", "a symbol", "build a Model instead."
        elif isinstance(part, type):
            fix = f"write {part.__name__}(...) with its arguments."
        raise checks.problem(ArgumentError, f"{self.name}: layer {number}", expected=expected, got=got, fix=fix)


def _called(part: Layer | Network, symbol: Symbol) -> Any:
    return part(symbol) if isinstance(part, Layer) else part.connect(symbol)


def _stated(parts: Sequence[Part]) -> Symbol | None:
    """Return an input like that of the first part, where this is a model that has one."""
    first = parts[0] if parts else None
    graph = first._graph if isinstance(first, Network) else first
    if not isinstance(graph, Graph) or len(graph.inputs) > 1:
        return None
    batch, *shape = graph.inputs[0].shape
    return Input(shape, batch_size=batch, dtype=graph.inputs[0].dtype)


def _number_type(parts: Sequence[Part]) -> str:
    """Return the type of the numbers that the first layer computes with."""
    first = parts[0]
    while isinstance(first, Sequential):
        first = first._parts[0]
    return first.input_dtype or "float32" if isinstance(first, Layer) else "float32"
