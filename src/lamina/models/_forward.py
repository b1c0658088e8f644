"""A network compiled for prediction, with a fast lane for arrays that need no preparation."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from lamina import callbacks, ops, training
from lamina._core import checks
from lamina.layers import Graph, Layer, Shape
from lamina.models._cells import Cell
from lamina.ops import Array
from lamina.training import Precision

if TYPE_CHECKING:
    from lamina.models._preparation import Preparation


class Forward:
    """The compiled way from inputs to outputs.

    Args:
        graph: the network.
        precision: the types to compute with, and to keep.
    """

    def __init__(self, graph: Graph, precision: Precision) -> None:
        self.precision = precision
        self._run = training.forward_of(graph, precision)
        self._settings = tuple(training.layer_settings(graph.layers()))
        self._shape, self._most = _direct_shape(graph), training.rows_at_once(graph)

    def takes(self, x: object) -> bool:
        """Tell whether `x` may be run as it is: one array of the right type and shape, every number finite.

        Numbers so large that the sum of their squares is not finite are left to the full checks, which tell them apart.
        """
        is_ready = self._shape is not None and training.is_ready(x, self._shape, most=self._most)
        return is_ready and math.isfinite(np.vdot(x, x))  # type: ignore[call-overload]

    def __call__(
        self, cells: Mapping[str, Cell], settings: Mapping[str, Any], inputs: tuple[Any, ...], *, debug: bool = False
    ) -> tuple[Array, ...]:
        """Return the outputs for arrays; what stateful layers hand on to the next batch goes to their cells.

        Args:
            cells: the arrays of each layer.
            settings: all numbers of the model that may change.
            inputs: one array for each input.
            debug: whether to run operation by operation, uncompiled.
        """
        weights = {path: cell.weights for path, cell in cells.items()}
        moving = {path: cell.moving for path, cell in cells.items()}
        own = {name: settings[name] for name in self._settings}
        with ops.disable_jit() if debug else contextlib.nullcontext():
            outputs: tuple[Array, ...]
            outputs, states = self._run(weights, moving, own, inputs)
        for path, carried in states.items():
            cells[path].moving.update(carried)
        return outputs


def _direct_shape(graph: Graph) -> Shape | None:
    """Return the shape of the only input, None where data must be looked at before it may enter."""
    readers = [step.layer for step in graph.steps if set(step.inputs) & set(graph.input_slots)]
    is_free = all(type(layer).check_input is Layer.check_input for layer in readers)
    symbol = graph.inputs[0]
    return symbol.shape if is_free and len(graph.inputs) == 1 and symbol.dtype == "float32" else None


def predicted(model: Preparation, x: Any, batch_size: int | None, verbose: int | str) -> tuple[np.ndarray, ...]:
    """Return the predictions of a model after checking and shaping the data; see `Model.predict`."""
    report = callbacks.report(verbose, where="predict(verbose)")
    if batch_size is not None:
        checks.integer("predict(batch_size)", batch_size)
    model._define(x)
    blocks = training.read_inputs(model.graph, x, model._columns, kept=model._types.kept)
    fixed = training.batch_of(model.graph)
    size = fixed or batch_size or training.rows_at_once(model.graph)
    outputs = training.predict_blocks(model._run, blocks, batch_size=size, whole=fixed is not None)
    report(len(outputs[0]), {})
    return tuple(array if array.flags.writeable else array.copy() for array in outputs)  # some are lent by JAX
