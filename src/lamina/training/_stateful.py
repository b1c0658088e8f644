"""What stateful layers ask of training: batches of one size in the order of the rows, and what these hand on."""

from __future__ import annotations

from lamina._core import checks
from lamina.data import Dataset
from lamina.errors import ArgumentError, DataError
from lamina.layers import Graph
from lamina.training._state import Arrays


def batch_of(graph: Graph) -> int | None:
    """Return how many rows each batch has, where an input states it."""
    return next((symbol.shape[0] for symbol in graph.inputs if symbol.shape[0] is not None), None)


def carried(graph: Graph, values: Arrays) -> Arrays:
    """Return those of some moving values that a batch hands on to the next, outside of training too.

    Args:
        graph: the network.
        values: moving values by path and name, at least those that are carried.
    """
    names = {path: [name for name in own if own[name].carried] for path, own in graph.declared().items()}
    return {path: {name: values[path][name] for name in own} for path, own in names.items() if own}


def check_batches(graph: Graph, dataset: Dataset | None, *, batch_size: int, shuffle: bool) -> None:
    """Refuse batches of another size than an input states, and rows that would not go on where they ended.

    Args:
        graph: the network.
        dataset: what the rows come from, None for arrays.
        batch_size: rows in a batch of fit, unless the data set says it itself.
        shuffle: whether arrays are read in a random order.

    Raises:
        ArgumentError: for another size, or a random order in front of a stateful layer.
    """
    wanted = batch_of(graph)
    own = None if dataset is None else dataset.batch_size
    if wanted not in (None, own or batch_size):
        raise checks.problem(
            ArgumentError,
            "fit(x.batch_size)" if own else "fit(batch_size)",
            expected=f"{wanted}, as Input(..., batch_size={wanted}) states",
            got=str(own or batch_size),
            fix=f"write x.batch({wanted})." if own else f"write batch_size={wanted}.",
        )
    if any(weight.carried for own in graph.declared().values() for weight in own.values()):
        _check_order(dataset, shuffle)


def _check_order(dataset: Dataset | None, shuffle: bool) -> None:
    """Refuse rows in a random order."""
    reason = "as a stateful layer goes on where the same row of the batch before ended"
    if dataset is None and shuffle:
        raise checks.problem(
            ArgumentError, "fit(shuffle)", expected=f"False, {reason}", got="True", fix="write shuffle=False."
        )
    if dataset is not None and dataset.is_shuffled:
        raise checks.problem(
            ArgumentError,
            "fit(x)",
            expected=f"rows in the order they lie in, {reason}",
            got="a data set that is shuffled",
            fix="write x.unshuffled().",
        )


def check_whole(rows: int, batch_size: int | None, *, where: str) -> None:
    """Refuse rows of which some fill no batch.

    Args:
        rows: how many there are.
        batch_size: rows in a batch; None where any number will do.
        where: the place to name in an error.

    Raises:
        DataError: for such rows.
    """
    if batch_size is not None and rows % batch_size:
        raise checks.problem(
            DataError,
            where,
            expected=f"a multiple of {batch_size} rows, as Input(..., batch_size={batch_size}) states",
            got=str(rows),
            fix=f"leave out {rows % batch_size}, or add {batch_size - rows % batch_size}.",
        )
