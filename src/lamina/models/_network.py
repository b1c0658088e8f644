"""What every model has before it is compiled: a graph, and weights that can be read and set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lamina import ops
from lamina._core import checks, seeds
from lamina._core.names import check_name
from lamina.errors import ArgumentError, ShapeError, StageError
from lamina.layers import Graph, Layer, Symbol, connect
from lamina.models import _cells
from lamina.training import Classes, State, layer_settings


class Network:
    """A graph and the current state of everything training changes.

    This is the part of `Model` that does not train; users meet it only there.
    """

    def __init__(self, graph: Graph | None, name: str) -> None:
        check_name("Model(name)", name)
        self.name = name
        self._graph = graph
        self._found: dict[str, _cells.Cell] = {}
        self._seed: int | None = None
        self._settings: dict[str, Any] = {}
        self._optimizer: Any = None
        self._step: Any = np.int32(0)
        self._frozen: frozenset[str] = frozenset()
        self._classes: Classes | None = None

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

    def get_layer(self, name: str) -> Layer:
        """Return the layer of that path.

        Raises:
            ArgumentError: for a name that no layer has.
        """
        self._check_path("get_layer(name)", name)
        return self.graph.layers()[name]

    @property
    def seed(self) -> int | None:
        """The seed all random choices come from; None as long as none was needed."""
        return self._seed

    @property
    def classes(self) -> Any:
        """The labels that the outputs stand for, remembered from training on labels; None for plain numbers."""
        if self._classes is None:
            return None
        return self._classes[0] if len(self._classes) == 1 else list(self._classes)

    @property
    def settings(self) -> dict[str, float]:
        """The numbers that can change without compiling again, such as ``"optimizer/learning_rate"``; see `set`."""
        return {name: float(value) for name, value in self._current_settings().items()}

    def set(self, **settings: float) -> None:
        """Change settings, also while training: ``model.set(**{"dropout/rate": 0.2})`` or ``model.set(learning_rate=0.1)``.

        Args:
            **settings: new numbers by name; a name without its first part will do where it is unambiguous.

        Raises:
            ArgumentError: for a name that is not a setting of this model.
        """
        current = dict(self._current_settings())
        for name, value in settings.items():
            matching = [full for full in current if full == name or full.endswith(f"/{name}")]
            if len(matching) != 1:
                checks.choice("set()", name, matching or list(current))
            checks.number(f"set({name})", value)
            current[matching[0]] = np.float32(value)
        self._settings = current

    def count_params(self) -> int:
        """Return how many numbers the weights and moving values have together."""
        return sum(weight.size for declared in self.graph.declared().values() for weight in declared.values())

    def get_weights(self, layer: str | None = None) -> dict[str, Any]:
        """Return copies of weights and moving values as NumPy arrays.

        Args:
            layer: the path of a layer; all layers when not given.

        Returns:
            ``{"kernel": array, ...}`` for one layer, ``{"dense": {"kernel": array, ...}, ...}`` for all.

        Raises:
            ArgumentError: for a layer that does not exist.
        """
        state = self.state
        arrays = {path: state.weights.get(path, {}) | state.moving.get(path, {}) for path in self.graph.declared()}
        copies = {path: {name: np.array(array) for name, array in own.items()} for path, own in arrays.items()}
        if layer is None:
            return copies
        self._check_path("get_weights(layer)", layer)
        return copies.get(layer, {})

    def set_weights(self, weights: Mapping[str, Any] | Sequence[Any], layer: str | None = None) -> None:
        """Replace weights and moving values; all are checked before the first is changed.

        Args:
            weights: as `get_weights` gives them, in whole or in part; or all arrays in order, as in Keras.
            layer: the path of the layer they are for.

        Raises:
            ArgumentError: for a layer or weight that does not exist.
            ShapeError: for an array of another shape.
        """
        declared = self.graph.declared()
        if layer is not None:
            self._check_path("set_weights(layer)", layer)
            declared = {layer: declared.get(layer, {})}
        slots = [(path, name) for path, own in declared.items() for name in own]
        if isinstance(weights, Mapping):
            nested = weights if layer is None else {layer: weights}
            items = [((path, name), array) for path, own in nested.items() for name, array in own.items()]
        else:
            checks.choice("set_weights: number of arrays", str(len(weights)), [str(len(slots))])
            items = list(zip(slots, weights, strict=True))
        for (path, name), _ in items:
            checks.choice("set_weights", f"{path}/{name}", [f"{a}/{b}" for a, b in slots])
        arrays = [(slot, np.asarray(array, np.float32)) for slot, array in items]
        for (path, name), array in arrays:
            _check_weight_shape(f"{path}/{name}", declared[path][name].shape, array)
        cells = self._cells()
        for (path, name), array in arrays:
            home = cells[path].moving if declared[path][name].moving else cells[path].weights
            home[name] = ops.asarray(array)

    @property
    def state(self) -> State:
        """Everything that training changes, as one tree of arrays; weights are drawn when first asked for."""
        cells = self._cells()
        return State(
            {path: dict(cell.weights) for path, cell in cells.items() if cell.weights},
            {path: dict(cell.moving) for path, cell in cells.items() if cell.moving},
            self._optimizer,
            self._current_settings(),
            self._step,
            np.uint32(self._seed or 0),
        )

    @state.setter
    def state(self, state: State) -> None:
        cells = self._cells()
        for path, cell in cells.items():
            cell.weights.update(state.weights.get(path, {}))
            cell.moving.update(state.moving.get(path, {}))
        self._optimizer, self._settings, self._step = state.optimizer, state.settings, state.step

    def connect(self, inputs: Symbol | Sequence[Symbol]) -> Any:
        """Use the model as a layer of another one: return its symbolic output, sharing the weights."""
        return connect(self.graph, inputs)

    def _cells(self) -> dict[str, _cells.Cell]:
        if not self._found:
            self._seed = seeds.draw() if self._seed is None else self._seed
            self._found = _cells.fill(self.graph, self._seed)
        return self._found

    def _current_settings(self) -> dict[str, Any]:
        if not self._settings:
            own = layer_settings(self.graph.layers())
            self._settings = {name: np.float32(value) for name, value in own.items()}
        return self._settings

    def _check_path(self, where: str, path: str) -> None:
        if path not in self.graph.layers():
            near = checks.nearest(str(path), self.graph.layers())
            fix = f"did you mean {near!r}?" if near else f"choose one of {checks.listed(self.graph.layers())}."
            raise checks.problem(
                ArgumentError, where, expected="the name of a layer of this model", got=checks.plain(path), fix=fix
            )


def _check_weight_shape(where: str, wanted: tuple[int, ...], array: np.ndarray) -> None:
    if array.shape != wanted:
        raise checks.problem(
            ShapeError,
            where,
            expected=f"an array of shape {wanted}",
            got=str(array.shape),
            fix="give weights of a layer with the same sizes.",
        )
