"""What is given to fit, evaluate and predict: rows that lie in arrays, or a data set that reads them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np

from lamina._core import checks
from lamina.data import Dataset
from lamina.errors import ArgumentError
from lamina.layers import Graph
from lamina.training._feed import ArrayFeed
from lamina.training._plan import Plan
from lamina.training._rows import Classes, Columns, Rows, to_inputs, to_rows
from lamina.training._stream import Known, Stream, StreamFeed, input_blocks

Given: TypeAlias = Rows | Stream

DEFAULT_BATCH = 32


def read(
    plan: Plan,
    x: Any,
    y: Any,
    sample_weight: Any = None,
    *,
    classes: Classes | None = None,
    columns: Columns | None = None,
) -> Given:
    """Return checked rows to evaluate.

    Args:
        plan: the compiled model.
        x: the inputs, or a data set with all three.
        y: the targets.
        sample_weight: a weight for each row, alone or for each output.
        classes: the labels seen in training, for each output.
        columns: the names of the columns seen in training, for each input.

    Raises:
        ArgumentError: for something beside a data set that belongs into it.
        DataError: for what cannot be scored.
    """
    if not isinstance(x, Dataset):
        return to_rows(plan, x, y, sample_weight, classes=classes, columns=columns)
    check_alone("evaluate", y=y, sample_weight=sample_weight)
    return Stream(plan, x.unshuffled(), Known(classes, columns))


def read_inputs(
    graph: Graph, x: Any, columns: Columns | None, *, kept: str = "float32"
) -> Iterator[tuple[np.ndarray, ...]]:
    """Yield checked arrays for the inputs of a network: all rows at once, or those of a data set as they are read.

    Args:
        graph: the network.
        x: the inputs, or a data set.
        columns: the names of the columns seen in training, for each input.
        kept: the type for floating numbers, "float32" or "float64".

    Raises:
        DataError: for inputs that are not numbers.
        ShapeError: for rows of another shape than the network's input.
    """
    if isinstance(x, Dataset):
        yield from input_blocks(graph, x, columns, kept=kept)
    else:
        yield to_inputs(graph, x, columns=columns, kept=kept)


def feed_of(rows: Given, *, batch_size: int, shuffle: bool = False) -> ArrayFeed | StreamFeed:
    """Return what feeds rows to the program.

    Args:
        rows: the rows.
        batch_size: rows in a batch, unless a data set says it itself.
        shuffle: whether each epoch has a new random order; a data set says it itself.
    """
    if isinstance(rows, Stream):
        return StreamFeed(rows, batch_size=rows.dataset.batch_size or batch_size)
    return ArrayFeed(rows, batch_size=batch_size, shuffle=shuffle)


def check_alone(where: str, **others: Any) -> None:
    """Refuse arguments beside a data set that it should have or do itself.

    Raises:
        ArgumentError: for the first that is given.
    """
    fixes = {
        "batch_size": "write dataset.batch({}), or leave it out.",
        "sample_weight": "put the weights into the data set, as the third part of its rows.",
        "validation_split": "write train, validation = dataset.split({}, seed=1).",
        "y": "put the targets into the data set, as the second part of its rows.",
    }
    for name, value in others.items():
        if value is not None:
            raise checks.problem(
                ArgumentError,
                f"{where}({name})",
                expected="nothing beside a data set",
                got=checks.plain(value),
                fix=fixes[name].format(value),
            )


def check_batch_size(dataset: Dataset, batch_size: int) -> None:
    """Refuse a batch size that contradicts the one a data set says.

    Raises:
        ArgumentError: for another one, unless it is the default.
    """
    if batch_size not in (DEFAULT_BATCH, dataset.batch_size or batch_size):
        check_alone("fit", batch_size=batch_size)
