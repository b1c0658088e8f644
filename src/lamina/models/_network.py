"""The half of a model that is a value: its graph, looked at from all sides, and how it becomes a part of another."""

from __future__ import annotations

import inspect
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Self

from lamina._core import checks
from lamina._core.missing import explained
from lamina._core.names import check_name
from lamina._core.renamed import explain_arguments, misuse
from lamina.errors import ArgumentError, StageError
from lamina.layers import Graph, Layer, Shape, Symbol, connect
from lamina.models import _frozen
from lamina.models._drawing import Drawing, draw
from lamina.models._rewiring import symbols_by_path
from lamina.models._summary import shape_text, summarise


class Network:
    """A graph under a name. Users meet it only as `Model`."""

    def __new__(cls, *values: Any, **named: Any) -> Self:
        """Refuse what the constructor does not take in the user's words, before Python does in its own."""
        error = misuse(cls.__name__, inspect.signature(cls.__init__), (None, *values), named)
        if error is not None:
            raise error
        return super().__new__(cls)

    def __init__(self, graph: Graph | None, name: str) -> None:
        check_name(f"{type(self).__name__}(name)", name)
        self.name = name
        self._graph = graph
        self._frozen: frozenset[str] = frozenset() if graph is None else _frozen.inherited(graph)

    if not TYPE_CHECKING:  # a type checker knows the names by itself

        def __getattr__(self, name: str) -> NoReturn:
            """Explain a name that a model does not have."""
            raise explained(type(self).__name__, name, dir(type(self)), kind="Model")

    @property
    def graph(self) -> Graph:
        """The network as an immutable graph.

        Raises:
            StageError: for a model without Input that has not seen data yet.
        """
        if self._graph is None:
            raise checks.problem(
                StageError,
                self.name,
                expected="a known input shape",
                got="a model without Input that has not seen data",
                fix="put Input((n,)) first, or call build((None, n)).",
            )
        return self._graph

    @property
    def layers(self) -> list[Layer]:
        """The layers in the order of first use, nested networks unfolded."""
        return list(self.graph.layers().values())

    @property
    def layer_names(self) -> list[str]:
        """The path of each layer of `layers`, such as ``"encoder/dense_1"``."""
        return list(self.graph.layers())

    @explain_arguments
    def get_layer(self, name: str) -> Layer:
        """Return the layer of that path.

        Raises:
            ArgumentError: for a name that no layer has.
        """
        self._check_path("get_layer(name)", name, self.graph.layers())
        return self.graph.layers()[name]

    @property
    def inputs(self) -> list[Symbol]:
        """The symbols that data is given for, in order."""
        return list(self.graph.inputs)

    @property
    def outputs(self) -> list[Symbol]:
        """The symbols that are the result, in order."""
        return list(self.graph.outputs)

    @property
    def input_names(self) -> list[str]:
        """The name of each input, as in a dictionary of data."""
        return list(self.graph.input_names)

    @property
    def output_names(self) -> list[str]:
        """The name of each output, as in a dictionary of targets, losses or metrics."""
        return list(self.graph.output_names)

    @property
    def input_shape(self) -> Shape | list[Shape]:
        """The shape of the input with the batch first, ``(None, 784)``; a list for several inputs."""
        shapes = [symbol.shape for symbol in self.graph.inputs]
        return shapes[0] if len(shapes) == 1 else shapes

    @property
    def output_shape(self) -> Shape | list[Shape]:
        """The shape of the output with the batch first, ``(None, 10)``; a list for several outputs."""
        shapes = [symbol.shape for symbol in self.graph.outputs]
        return shapes[0] if len(shapes) == 1 else shapes

    def output_of(self, layer: str, *, call: int = 0) -> Any:
        """Return what a layer gives, as a symbol to build another model from.

        The other model shares the weights.

        Args:
            layer: the path of a layer, or of a model that is a part of this one.
            call: which of its calls, from 0, where it is used more than once.

        Returns:
            A symbol; a tuple of them for a part with several outputs.

        Raises:
            ArgumentError: for a layer or call that does not exist.

        Example:
            >>> import lamina as lm
            >>> model = lm.Sequential([lm.Input((8,)), lm.layers.Dense(4, name="code"), lm.layers.Dense(8)])
            >>> encoder = lm.Model(model.inputs, model.output_of("code"))
            >>> encoder.output_shape
            (None, 4)
        """
        found = symbols_by_path(self.graph)
        self._check_path("output_of(layer)", layer, found)
        checks.integer("output_of(call)", call, least=0)
        if call >= len(found[layer]):
            raise checks.problem(
                ArgumentError,
                "output_of(call)",
                expected=f"a call of {layer}, of which there are {len(found[layer])}",
                got=str(call),
                fix=f"count from 0 to {len(found[layer]) - 1}.",
            )
        return found[layer][call]

    def connect(self, inputs: Symbol | Sequence[Symbol] | Mapping[str, Symbol]) -> Any:
        """Return the symbolic output for symbols, as a part of another model that shares the weights.

        Args:
            inputs: a symbol for each input: alone, in order, or by name.

        Raises:
            ArgumentError: for other names than those of the inputs.
            ShapeError: for symbols of another shape or number than the model's inputs.
        """
        graph = self.graph
        if isinstance(inputs, Mapping):
            inputs = self._in_order(inputs)
        if isinstance(inputs, Sequence) and len(inputs) == 1:
            inputs = inputs[0]
        outputs = connect(graph, inputs)
        _frozen.remember(outputs, self._frozen)
        return outputs

    def count_params(self) -> int:
        """Return how many numbers the weights and moving values have together."""
        return sum(weight.size for declared in self.graph.declared().values() for weight in declared.values())

    @explain_arguments
    def summary(self) -> None:
        """Print the layers with their output shapes, parameters and connections.

        Raises:
            StageError: for a model without Input that has not seen data yet.
        """
        room = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        text = summarise(self.graph, self._frozen, title=self.name, room=room)
        try:
            print(text)  # noqa: T201 - printing is its purpose
        except UnicodeEncodeError:  # as where the output is ASCII
            print(text.replace("─", "-"))  # noqa: T201

    @explain_arguments
    def plot(self, path: str | Path | None = None) -> Drawing:
        """Return a drawing of the network, which a notebook shows.

        Args:
            path: where to save it too, a file name that ends in ``.svg``.

        Raises:
            ArgumentError: for another ending, or a folder that does not exist.
        """
        drawing = draw(self.graph)
        if path is not None:
            drawing.save(path)
        return drawing

    def __repr__(self) -> str:
        kind = f"{type(self).__name__} {self.name!r}"
        if self._graph is None:
            return f"<{kind}, input shape not known yet>"
        shapes = (", ".join(shape_text(symbol.shape) for symbol in side) for side in (self.inputs, self.outputs))
        return f"<{kind}: {' to '.join(shapes)}, {self.count_params():,} parameters>"

    def _in_order(self, symbols: Mapping[str, Symbol]) -> list[Symbol]:
        names = self.graph.input_names
        if set(symbols) != set(names):
            raise checks.problem(
                ArgumentError,
                f"{self.name}(inputs)",
                expected=f"a symbol for each of the inputs {checks.listed(names, 'and')}",
                got=checks.listed(symbols, "and"),
                fix="use these names, or pass a list in this order.",
            )
        return [symbols[name] for name in names]

    def _check_path(self, where: str, path: str, paths: Mapping[str, Any]) -> None:
        if path not in paths:
            near = checks.nearest(str(path), paths)
            fix = f"did you mean {near!r}?" if near else f"choose one of {checks.listed(paths)}."
            raise checks.problem(
                ArgumentError, where, expected="the name of a layer of this model", got=checks.plain(path), fix=fix
            )
