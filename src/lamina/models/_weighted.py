"""The half of a model that training changes: weights, settings, and the state they make together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lamina import ops
from lamina._core import seeds
from lamina._core.renamed import explain_arguments
from lamina.layers import Graph
from lamina.models import _cells, _settings
from lamina.models._network import Network
from lamina.models._weights import matched
from lamina.training import PRECISIONS, Classes, Columns, Plan, Precision, Program, State, carried


class Weighted(Network):
    """A network with the current values of everything training changes. Users meet it only as `Model`."""

    def __init__(self, graph: Graph | None, name: str) -> None:
        super().__init__(graph, name)
        self._found: dict[str, _cells.Cell] | None = None
        self._numbers: dict[str, Any] | None = None
        self._program: Program | None = None
        self._optimizer: Any = None
        self._step: Any = np.int32(0)
        self._seed: int | None = None
        self._classes: Classes | None = None
        self._columns: Columns | None = None

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
    def columns(self) -> Any:
        """The names of the columns of the frame that was trained on, in their order; None for arrays."""
        names = self._columns or (None,)
        return names[0] if len(names) == 1 else list(names)

    @property
    def settings(self) -> dict[str, float]:
        """The numbers that can change without compiling again, by name, such as ``"dropout/rate"``."""
        return {name: float(value) for name, value in self._current().items()}

    def set(self, settings: Mapping[str, float] | None = None, /, **named: float) -> None:
        """Change settings, also while training, without compiling again.

        Both ``set(learning_rate=0.1)`` and ``set({"dropout_1/rate": 0.2})`` will do.

        Args:
            settings: new numbers by name; a name without its first parts will do where it is unambiguous.
            **named: the same, for names that are Python names.

        Raises:
            ArgumentError: for a name that fits no setting or several, and a number out of its range.
        """
        self._numbers = _settings.changed(self._current(), {**(settings or {}), **named}, self.graph, self._plan)

    @explain_arguments
    def get_weights(self, layer: str | None = None) -> dict[str, Any]:
        """Return copies of weights and moving values as NumPy arrays.

        Args:
            layer: the path of a layer; all layers when not given.

        Returns:
            ``{"kernel": array, ...}`` for one layer, ``{"dense": {"kernel": array, ...}, ...}`` for all.

        Raises:
            ArgumentError: for a layer that does not exist.
        """
        declared, cells = self._declared("get_weights(layer)", layer), self._drawn()
        copies = {
            path: {name: np.array((cells[path].weights | cells[path].moving)[name]) for name in own}
            for path, own in declared.items()
        }
        return copies if layer is None else copies[layer]

    @explain_arguments
    def set_weights(self, weights: Mapping[str, Any] | Sequence[Any], layer: str | None = None) -> None:
        """Replace weights and moving values; all are checked before the first is changed.

        Args:
            weights: as `get_weights` gives them, in whole or in part; or all arrays in order, as in Keras.
            layer: the path of the layer they are for.

        Raises:
            ArgumentError: for a layer or weight that does not exist, or another number of arrays.
            ShapeError: for an array of another shape.
        """
        declared = self._declared("set_weights(layer)", layer)
        nested = {layer: weights} if layer is not None and isinstance(weights, Mapping) else weights
        arrays, cells = matched(declared, nested, self._types.kept), self._drawn()
        for (path, name), array in arrays.items():
            home = cells[path].moving if declared[path][name].moving else cells[path].weights
            home[name] = ops.device_put(array)

    def reset_states(self) -> None:
        """Set what stateful layers hand on from batch to batch to 0, as before the first step of new sequences."""
        cells = self._drawn()
        for path, own in carried(self.graph, self.state.moving).items():
            cells[path].moving.update({name: ops.device_put(np.zeros_like(array)) for name, array in own.items()})

    @property
    def state(self) -> State:
        """Everything that training changes, as one tree of arrays; weights are drawn when first asked for."""
        cells = self._drawn()
        return State(
            {path: dict(cell.weights) for path, cell in cells.items() if cell.weights},
            {path: dict(cell.moving) for path, cell in cells.items() if cell.moving},
            self._optimizer,
            self._current(),
            self._step,
            np.uint32(self._seed or 0),
        )

    @state.setter
    def state(self, state: State) -> None:
        for path, cell in self._drawn().items():
            cell.weights.update(state.weights.get(path, {}))
            cell.moving.update(state.moving.get(path, {}))
        self._optimizer, self._numbers, self._step = state.optimizer, state.settings, state.step
        self._seed = int(state.seed)

    @property
    def _plan(self) -> Plan | None:
        """What the model is compiled to; None before that."""
        return None if self._program is None else self._program.plan

    def _retype(self) -> None:
        """Bring weights and moving values into the type in which the plan keeps them."""
        if self._found is not None and self._plan is not None:
            _cells.retype(self._found, self._plan.types.kept)

    @property
    def _types(self) -> Precision:
        """The types to compute with and to keep: those of the plan, or before compile those of the weights."""
        if self._plan is not None:
            return self._plan.types
        return PRECISIONS["float64" if _cells.are_double(self._drawn()) else "float32"]

    def _current(self) -> dict[str, Any]:
        if self._numbers is None:
            self._numbers = _settings.given(self.graph, self._plan)
        return self._numbers

    def _drawn(self) -> dict[str, _cells.Cell]:
        if self._found is None:
            self._seed = seeds.draw() if self._seed is None else self._seed
            self._found = _cells.fill(self.graph, self._seed)
            self._retype()
        return self._found

    def _declared(self, where: str, layer: str | None) -> Mapping[str, Mapping[str, Any]]:
        if layer is None:
            return self.graph.declared()
        self._check_path(where, layer, self.graph.layers())
        return {layer: self.graph.declared().get(layer, {})}
