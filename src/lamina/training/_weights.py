"""How much each row counts."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lamina._core import checks
from lamina.data import to_numbers
from lamina.errors import DataError
from lamina.layers import Graph, Shape
from lamina.training._matching import check_lengths, parts_of


def to_weights(
    graph: Graph,
    given: Any,
    rows: np.ndarray,
    where: str,
    *,
    targets: Sequence[np.ndarray] = (),
    whole: bool = True,
    kept: str = "float32",
) -> tuple[np.ndarray, ...]:
    """Return checked weights for each output.

    Args:
        graph: the network.
        given: one array for all outputs, or for several outputs one for each (None for 1 each), in order or by name.
        rows: the first input, which has as many rows as there must be weights.
        where: the place to name in an error.
        targets: the targets of each output, which know the sizes that the network leaves open.
        whole: whether these are all rows, of which at least one must count.
        kept: their type, "float32" or "float64".

    Raises:
        DataError: for another number of weights than rows or steps, negative ones, NaN, and weights that are all 0.
    """
    if _is_for_all(given):
        parts = [(where, given)] * len(graph.outputs)
    else:
        parts = list(parts_of(given, graph.output_names, where=where, noun="output").items())
    shapes = [symbol.shape for symbol in graph.outputs]
    if targets:
        shapes = [_filled(shape, each.shape) for shape, each in zip(shapes, targets, strict=True)]
    result = []
    for shape, (place, part) in zip(shapes, parts, strict=True):
        weights = to_numbers(np.ones(len(rows)) if part is None else part, where=place, dtype=kept).astype(kept)
        weights = weights[:, 0] if weights.shape[1:] == (1,) else weights
        check_lengths({"x": rows, place: weights})
        _check(weights, shape, place)
        result.append(weights)
    if whole:
        check_counted(result, where=where)
    return tuple(result)


def check_counted(weights: Sequence[np.ndarray], *, where: str) -> None:
    """Refuse weights for an output none of whose rows would count."""
    for each in weights:
        if not each.any():
            raise checks.problem(
                DataError,
                where,
                expected="at least one row with a weight above 0",
                got=f"0 for all {len(each):,} rows",
                fix="give the rows that should count a positive weight.",
            )


def _is_for_all(given: Any) -> bool:
    """Tell one array of weights from one for each output."""
    if isinstance(given, list):
        return not any(item is None or hasattr(item, "__len__") for item in given)
    return not isinstance(given, (Mapping, tuple))


def _filled(shape: Shape, known: tuple[int, ...]) -> Shape:
    """Return a shape with its open sizes taken from another, as far as that goes."""
    return tuple(own or size for own, size in itertools.zip_longest(shape, known[: len(shape)]))


def _check(weights: np.ndarray, shape: Shape, where: str) -> None:
    sizes = zip(shape[1:], weights.shape[1:], strict=False)
    if weights.ndim >= max(2, len(shape)) or any(wanted not in (None, size) for wanted, size in sizes):
        raise checks.problem(
            DataError,
            where,
            expected="one weight for each row" + (" (or each row and step)" if len(shape) > 2 else ""),
            got=f"an array of shape {weights.shape}",
            fix="give an array of shape (rows,), or (rows, steps) for sequences.",
        )
    if weights.min() < 0:
        raise checks.problem(
            DataError,
            where,
            expected="weights of at least 0",
            got=f"{weights[weights < 0][0]:g} in row {int(np.argwhere(weights < 0)[0][0])}",
            fix="give a weight of 0 to a row that should not count.",
        )
