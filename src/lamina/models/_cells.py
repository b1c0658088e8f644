"""Where the arrays of layers are kept, so that models made of the same layers share them.

A layer is configuration and holds no arrays. Two models that contain one layer object, such as an autoencoder and its
encoder, must nevertheless see the same weights: training one trains the other. So the arrays of a layer live in a cell,
found by the layer's identity, weakly: when the last model and user let go of a layer, its arrays are freed.
"""

from __future__ import annotations

import dataclasses
import weakref
from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np

from lamina import ops
from lamina._core import checks
from lamina.errors import ShapeError
from lamina.layers import Graph, Layer, Weight
from lamina.training import draw_arrays

Arrays: TypeAlias = Mapping[str, Mapping[str, Any]]


@dataclasses.dataclass
class Cell:
    """The arrays of one layer, by name: trained or frozen weights, and moving values."""

    weights: dict[str, Any] = dataclasses.field(default_factory=dict)
    moving: dict[str, Any] = dataclasses.field(default_factory=dict)


_CELLS: weakref.WeakKeyDictionary[Layer, Cell] = weakref.WeakKeyDictionary()


def fill(graph: Graph, seed: int) -> dict[str, Cell]:
    """Return the cell of every layer with weights by its path, drawing the arrays of those that have none.

    Raises:
        ShapeError: for a layer that has weights of another size, from a model it is also part of.
    """
    cells = {}
    layers = graph.layers()
    for path, declared in graph.declared().items():
        cell = _CELLS.get(layers[path])
        if cell is None:
            cell = _CELLS[layers[path]] = Cell(*draw_arrays(graph, seed, path))
        _check_sizes(f"{path} ({type(layers[path]).__name__})", declared, cell)
        cells[path] = cell
    return cells


def place(graph: Graph, weights: Arrays, moving: Arrays) -> None:
    """Give every layer with weights arrays that were read, by its path."""
    layers = graph.layers()
    for path in graph.declared():
        _CELLS[layers[path]] = Cell(dict(weights.get(path, {})), dict(moving.get(path, {})))


def retype(cells: Mapping[str, Cell], dtype: str) -> None:
    """Bring the floating numbers in cells into a type, for all models that share them."""
    for cell in cells.values():
        for arrays in (cell.weights, cell.moving):
            for name, array in arrays.items():
                if array.dtype != dtype and ops.is_floating(array):
                    arrays[name] = ops.device_put(np.array(array, dtype))


def are_double(cells: Mapping[str, Cell]) -> bool:
    """Tell whether the numbers in cells have 64 bits, as a model with such a precision has left them."""
    arrays = (array for cell in cells.values() for array in (*cell.weights.values(), *cell.moving.values()))
    return any(array.dtype == np.float64 for array in arrays)


def _check_sizes(where: str, declared: Mapping[str, Weight], cell: Cell) -> None:
    wanted = {name: weight.shape for name, weight in declared.items()}
    drawn = {name: array.shape for name, array in {**cell.weights, **cell.moving}.items()}
    if drawn != wanted:
        raise checks.problem(
            ShapeError,
            where,
            expected=f"an input for weights of shape {_listed(drawn)}, as in another model with this layer",
            got=f"one for {_listed(wanted)}",
            fix="make a second layer for this model; one layer has one set of weights.",
        )


def _listed(shapes: Mapping[str, tuple[int, ...]]) -> str:
    return ", ".join(f"{name} {shape}" for name, shape in shapes.items())
