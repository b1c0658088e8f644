"""Where the arrays of layers are kept, so that models made of the same layers share them.

A layer is configuration and holds no arrays. Two models that contain one layer object, such as an autoencoder and its
encoder, must nevertheless see the same weights: training one trains the other. So the arrays of a layer live in a cell,
found by the layer's identity, weakly: when the last model and user let go of a layer, its arrays are freed.
"""

from __future__ import annotations

import dataclasses
import weakref
from typing import Any

from lamina.layers import Graph, Layer
from lamina.training import draw_arrays


@dataclasses.dataclass
class Cell:
    """The arrays of one layer, by name: trained or frozen weights, and moving values."""

    weights: dict[str, Any] = dataclasses.field(default_factory=dict)
    moving: dict[str, Any] = dataclasses.field(default_factory=dict)


_CELLS: weakref.WeakKeyDictionary[Layer, Cell] = weakref.WeakKeyDictionary()


def find(layer: Layer) -> Cell | None:
    """Return the cell of a layer, None if no model has drawn its weights yet."""
    return _CELLS.get(layer)


def fill(graph: Graph, seed: int) -> dict[str, Cell]:
    """Return the cell of every layer with weights by its path, drawing the arrays of those that have none."""
    cells = {}
    layers = graph.layers()
    for path in graph.declared():
        cell = _CELLS.get(layers[path])
        if cell is None:
            cell = _CELLS[layers[path]] = Cell(*draw_arrays(graph, seed, path))
        cells[path] = cell
    return cells


def are_drawn(graph: Graph) -> bool:
    """Tell whether every layer with weights already has its arrays."""
    layers = graph.layers()
    return all(layers[path] in _CELLS for path in graph.declared())
