"""Everything that training changes, as one tree of arrays."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeAlias

from lamina import initializers, ops
from lamina._core import seeds
from lamina.layers import Graph
from lamina.ops import Array

Arrays: TypeAlias = dict[str, dict[str, Any]]


@ops.register_dataclass
@dataclasses.dataclass(frozen=True)
class State:
    """A point on the way of training; with the plan and the data it decides everything that follows.

    Args:
        weights: trained and frozen weights, by layer path and name.
        moving: values that layers update themselves while training, by layer path and name.
        optimizer: what the optimizer remembers; None before compile.
        settings: numbers that may change without compiling again, such as ``"optimizer/learning_rate"``.
        step: how many updates have been made, int32.
        seed: where all random choices come from, uint32.
    """

    weights: Arrays
    moving: Arrays
    optimizer: Any
    settings: dict[str, Any]
    step: Any
    seed: Any

    def replace(self, **changes: Any) -> State:
        """Return a state with some parts changed."""
        return dataclasses.replace(self, **changes)


def draw_arrays(graph: Graph, seed: int, path: str) -> tuple[dict[str, Array], dict[str, Array]]:
    """Draw the first weights and moving values of the layer at `path`, each from a stream of its own."""
    drawn: tuple[dict[str, Array], dict[str, Array]] = ({}, {})
    for name, weight in graph.declared()[path].items():
        initializer = initializers.get(weight.initializer, where=f"{path}/{name}")
        values = initializer(weight.shape, seeds.stream(seed, "weights", path, name))
        drawn[weight.moving][name] = ops.asarray(values)
    return drawn
