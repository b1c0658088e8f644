"""A chain of layers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lamina._core import checks
from lamina.errors import ArgumentError, StageError
from lamina.layers import Graph, Input, Layer, Symbol, connect
from lamina.models._model import Model
from lamina.models._network import Network


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

    def __init__(self, layers: Sequence[Any] = (), *, name: str = "sequential") -> None:
        self._parts: list[Layer | Model] = []
        self._input: Symbol | None = None
        super().__init__(None, None, name=name)
        for layer in layers:
            self.add(layer)

    def add(self, layer: Any) -> None:
        """Append a layer or model; an `Input` may only come first.

        Args:
            layer: what to append.

        Raises:
            ArgumentError: for something that is no layer.
            StageError: after the model was compiled.
        """
        self._check_part(layer)
        if isinstance(layer, Symbol):
            self._input = layer
        else:
            self._parts.append(layer)
        self._graph, self._found = None, {}
        if self._input is not None and self._parts:
            self._graph = self._chain(self._input)

    def pop(self) -> None:
        """Remove the last layer.

        Raises:
            StageError: for a model without layers.
        """
        if not self._parts:
            raise checks.problem(StageError, self.name, expected="a layer to remove", got="none", fix="add one first.")
        self._parts.pop()
        self._graph, self._found, self._program, self._forward = None, {}, None, None
        if self._input is not None and self._parts:
            self._graph = self._chain(self._input)

    def _check_part(self, layer: Any) -> None:
        place = f"{self.name}: layer {len(self._parts) + 1}"
        if isinstance(layer, Symbol) and layer.node is None and not self._parts and self._input is None:
            return
        if isinstance(layer, Symbol):
            raise checks.problem(
                ArgumentError, place, expected="Input only as the first element", got="a symbol", fix="build a Model instead."
            )
        if isinstance(layer, type):
            raise checks.problem(
                ArgumentError,
                place,
                expected="a layer",
                got=f"the class {layer.__name__}",
                fix=f"write {layer.__name__}(...) with its arguments.",
            )
        if not isinstance(layer, (Layer, Network)):
            raise checks.problem(
                ArgumentError, place, expected="a layer", got=checks.plain(layer), fix="pass layers such as Dense(10)."
            )
        if self._program is not None:
            raise checks.problem(
                StageError, place, expected="a model that is not compiled yet", got="a compiled one", fix="add before compile."
            )

    def _infer(self, shape: tuple[int | None, ...]) -> None:
        if self._input is None:
            first = self._parts[0] if self._parts else None
            dtype = first.input_dtype if isinstance(first, Layer) else None
            self._input = Input(shape, dtype=dtype or "float32")
            self._graph = self._chain(self._input)

    def _chain(self, symbol: Symbol) -> Graph:
        last: Any = symbol
        for part in self._parts:
            last = part(last) if isinstance(part, Layer) else connect(part.graph, last)
        return Graph([symbol], [last], name=self.name)
