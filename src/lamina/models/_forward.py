"""A network compiled for prediction, with a fast lane for arrays that need no preparation."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from lamina import callbacks, training
from lamina._core import checks
from lamina.layers import Graph, Layer, Shape
from lamina.models._cells import Cell
from lamina.ops import Array

if TYPE_CHECKING:
    from lamina.models._preparation import Preparation


class Forward:
    """The compiled way from inputs to outputs.

    Args:
        graph: the network.
    """

    def __init__(self, graph: Graph) -> None:
        self._run = training.forward_of(graph)
        self._settings = tuple(training.layer_settings(graph.layers()))
        self._shape = _direct_shape(graph)

    def takes(self, x: object) -> bool:
        """Tell whether `x` may be run as it is: one array of the right type and shape, every number finite.

        Numbers so large that the sum of their squares is not finite are left to the full checks, which tell them apart.
        """
        return self._shape is not None and training.is_ready(x, self._shape) and math.isfinite(np.vdot(x, x))  # type: ignore[call-overload]

    def __call__(
        self, cells: Mapping[str, Cell], settings: Mapping[str, Any], inputs: tuple[Any, ...]
    ) -> tuple[Array, ...]:
        """Return the outputs for arrays.

        Args:
            cells: the arrays of each layer.
            settings: all numbers of the model that may change.
            inputs: one array for each input.
        """
        weights = {path: cell.weights for path, cell in cells.items()}
        moving = {path: cell.moving for path, cell in cells.items()}
        result: tuple[Array, ...] = self._run(
            weights, moving, {name: settings[name] for name in self._settings}, inputs
        )
        return result


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
    blocks = training.read_inputs(model.graph, x, model._columns)
    outputs = training.predict_blocks(model._run, blocks, batch_size=batch_size)
    report(len(outputs[0]), {})
    return outputs
