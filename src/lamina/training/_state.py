"""Everything that training changes, as one tree of arrays."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np

from lamina import initializers, ops, saving
from lamina._core import checks, seeds
from lamina.errors import FormatError
from lamina.layers import Graph
from lamina.ops import Array

Arrays: TypeAlias = dict[str, dict[str, Any]]

OPTIMIZER = "optimizer/"
"""What the names of arrays that the optimizer remembers begin with in a file."""


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


def draw_arrays(
    graph: Graph, seed: int, path: str, *, known: Mapping[str, Array] | None = None
) -> tuple[dict[str, Array], dict[str, Array]]:
    """Draw the first weights and moving values of the layer at `path`, each from a stream of its own.

    Args:
        graph: the network.
        seed: where all random choices come from.
        path: the layer's place in it.
        known: arrays by name that take the place of drawn ones.
    """
    drawn: tuple[dict[str, Array], dict[str, Array]] = ({}, {})
    for name, weight in graph.declared()[path].items():
        if known and name in known:
            drawn[weight.moving][name] = known[name]
            continue
        initializer = initializers.get(weight.initializer, where=f"{path}/{name}")
        values = initializer(weight.shape, seeds.stream(seed, "weights", path, name))
        drawn[weight.moving][name] = ops.device_put(np.array(values, weight.dtype))
    return drawn


def tensors_of(state: State) -> dict[str, Any]:
    """Return the arrays of a state by the names they have in a file.

    Raises:
        FormatError: where two arrays would have one name.
    """
    weights = saving.named(state.weights) | saving.named(state.moving)
    return without_twins(weights, saving.named(state.optimizer, OPTIMIZER))


def without_twins(weights: Mapping[str, Any], others: Mapping[str, Any]) -> dict[str, Any]:
    """Return weights and other arrays in one dictionary, or raise `FormatError` for a name that two of them have."""
    twice = sorted(set(weights) & set(others))
    if twice:
        raise checks.problem(
            FormatError,
            "save",
            expected="a different name for each array",
            got=f"{twice[0]!r} for a weight and for what training remembers",
            fix=f"give the part {twice[0].partition('/')[0]!r} of the model another name.",
        )
    return {**weights, **others}
