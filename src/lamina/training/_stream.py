"""Rows of a data set, checked block by block, and fed to the program a few blocks ahead of it."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lamina import ops
from lamina._core import checks
from lamina.data import Dataset, RowBlock, ahead, check_columns, recut, to_targets
from lamina.errors import DataError, ShapeError
from lamina.layers import Graph
from lamina.training._class_weights import class_weighted
from lamina.training._feed import Portion
from lamina.training._plan import Plan
from lamina.training._program import Batches
from lamina.training._rows import Classes, Columns, Names, Rows, to_inputs, to_rows
from lamina.training._stateful import batch_of
from lamina.training._weights import to_weights

BLOCK_BYTES = 2**24
BLOCKS_AHEAD = 2


@dataclasses.dataclass(frozen=True)
class Known:
    """What earlier training, or other arguments, say of the rows of a data set.

    Args:
        classes: the labels seen in training, for each output.
        columns: the names of the columns seen in training, for each input.
        class_weight: the weight of each class.
        names: how errors name x, y and sample_weight.
    """

    classes: Classes | None = None
    columns: Columns | None = None
    class_weight: Mapping[Any, float] | None = None
    names: Names = Names()


class Stream:
    """The rows of a data set, as `Rows` are those of arrays.

    Args:
        plan: the compiled model.
        dataset: where they come from; the first of them are looked at.
        known: what is known of them.

    Attributes:
        sample: the first rows, checked.
        classes: the labels that class numbers stand for, for each output; None where targets are numbers.
        columns: the names of the columns, for each input; None where there are none.

    Raises:
        DataError: for rows that cannot be trained on; here for the first ones, for others when they are read.
    """

    def __init__(self, plan: Plan, dataset: Dataset, known: Known) -> None:
        self.dataset = dataset
        self._plan = plan
        self._known = known
        self._passed: int | None = None
        first = first_rows(dataset)
        if first.y is None:
            fix = "name the targets where the data set is made; write map(lambda x: (x, x)) to learn x itself."
            got = "a data set without them"
            raise checks.problem(DataError, known.names.y, expected="targets", got=got, fix=fix)
        columns = known.columns or (None,) * len(plan.graph.inputs)
        self.columns = (columns[0] or dataset.columns, *columns[1:])
        self.classes = known.classes or self._learned(first.y)
        self.sample = self.rows(first)
        self.classes = self.sample.classes

    def __len__(self) -> int:
        """Return how many rows a pass has; 0 where that is not known before the first one has ended."""
        return self._passed or self.dataset.rows or 0

    def blocks(self, epoch: int, seed: int, rows: int, *, start: int = 0) -> Iterator[Rows]:
        """Yield the checked rows of one pass, so many at a time; the last may be fewer.

        Args:
            epoch: which pass.
            seed: the seed of the training.
            rows: how many rows a block has.
            start: how many rows to leave out at the beginning.

        Raises:
            DataError: for the first rows that cannot be trained on.
        """
        passed = start
        blocks = self.dataset.blocks(epoch, seed=seed, start=start)
        for block in recut(blocks, rows, place=self.dataset.place):
            yield self.rows(block)
            passed += len(block)
        self._passed = passed

    def rows(self, block: RowBlock) -> Rows:
        """Return the rows of a block, checked.

        Raises:
            DataError: for what cannot be trained on, with its place in the source.
            ShapeError: for rows of another shape than the model's input.
        """
        graph, names = self._plan.graph, self._known.names
        with placed(self.dataset, block):
            x = in_known_columns(self.dataset, block.x, self.columns, where=names.x)
            rows = to_rows(self._plan, x, block.y, classes=self.classes, columns=self.columns, names=names)
            if block.sample_weight is not None:
                given, first = block.sample_weight, rows.inputs[0]
                weights = to_weights(
                    graph,
                    given,
                    first,
                    names.sample_weight,
                    targets=rows.targets,
                    whole=False,
                    kept=self._plan.types.kept,
                )
                rows = dataclasses.replace(rows, weights=weights)
            return class_weighted(self._plan, rows, self._known.class_weight)

    def _learned(self, y: Any) -> Classes | None:
        """Return the labels that the targets stand for, which no part of the rows need have all of."""
        if getattr(y, "dtype", np.dtype(float)).kind not in "OSTU":
            return None
        where, labels = self._known.names.y, self.dataset.classes
        if labels is None:
            raise checks.problem(
                DataError,
                where,
                expected="a list of all labels, as not all rows are read before training",
                got=f"labels such as {str(np.ravel(y)[0])!r}",
                fix='write classes=["no", "yes"] where the data set is made, or map labels to class numbers.',
            )
        loss, width = self._plan.outputs[0].loss, self._plan.graph.outputs[0].shape[-1]
        return (to_targets(np.array(labels), loss.targets, (None, width), where=where).classes,)


class StreamFeed:
    """Feed rows that a thread reads, checks and puts on the device while the program is busy with those before.

    All blocks of an epoch have the same number of rows, so that they share a program: the last one begins with rows of
    the one before, which are skipped.

    Args:
        stream: the rows.
        batch_size: rows in a batch, as long as the data set does not say it itself.
    """

    def __init__(self, stream: Stream, *, batch_size: int) -> None:
        self.stream = stream
        self.batch_size = batch_size
        self._rows = max(1, BLOCK_BYTES * len(stream.sample) // (stream.sample.nbytes * batch_size)) * batch_size

    def steps(self) -> int | None:
        """Return how many batches an epoch has, None where that is not known."""
        return self.stream.dataset.steps(self.batch_size)

    def portions(self, seed: int, step: int, start: int = 0) -> Iterator[Portion]:
        """Yield the blocks of one epoch."""
        if start == 0:
            return ahead(self._portions(seed, step, 0), BLOCKS_AHEAD)
        # The batch before is read too: it is full, and a last short one begins with rows of it.
        portions = ahead(self._portions(seed, step, (start - 1) * self.batch_size), BLOCKS_AHEAD)
        return itertools.chain((portion.after(1) for portion in itertools.islice(portions, 1)), portions)

    def _portions(self, seed: int, step: int, start: int) -> Iterator[Portion]:
        before: Rows | None = None
        for rows in self.stream.blocks(step, seed, self._rows, start=start):
            count, skipped = len(rows), 0
            if before is not None and count < len(before):
                rows, skipped = joined(before.take(slice(count, None)), rows), len(before) - count
            steps = math.ceil(count / self.batch_size)
            yield Portion(rows.block(ops.device_put), self._batches(len(rows)), steps, skipped=skipped)
            before = rows

    def _batches(self, count: int) -> Batches:
        """Return how an epoch is divided whose blocks have so many rows."""
        known, size = self.stream.dataset.rows, min(self.batch_size, count)
        return Batches(size, ragged=known is None or known % size != 0)


def first_rows(dataset: Dataset) -> RowBlock:
    """Return some of the first rows without using anything up.

    Raises:
        DataError: for a data set without rows.
    """
    return next(dataset.peek(), None) or next(dataset.blocks())  # the latter raises, as there are none


def in_known_columns(dataset: Dataset, x: Any, columns: Columns, *, where: str) -> Any:
    """Return x with its columns in the order they had in training.

    Raises:
        DataError: for other columns than in training.
    """
    if dataset.columns is None or columns[0] in (None, dataset.columns):
        return x
    check_columns(dataset.columns, columns[0] or (), where=where)
    return x[:, [dataset.columns.index(name) for name in columns[0] or ()]]


def input_blocks(
    graph: Graph, dataset: Dataset, columns: Columns | None, *, kept: str = "float32"
) -> Iterator[tuple[np.ndarray, ...]]:
    """Yield the checked inputs of a data set in the order they lie in, for prediction.

    Args:
        graph: the network.
        dataset: where they come from.
        columns: the names of the columns seen in training, for each input.
        kept: the type for floating numbers, "float32" or "float64".

    Raises:
        DataError: for the first rows that are no numbers.
        ShapeError: for rows of another shape than the network's input.
    """
    blocks, fixed = dataset.unshuffled().blocks(), batch_of(graph)
    for block in ahead(blocks if fixed is None else recut(blocks, fixed, place=dataset.place), BLOCKS_AHEAD):
        with placed(dataset, block):
            x = in_known_columns(dataset, block.x, columns or (None,), where="x")
            inputs = to_inputs(graph, x, columns=columns, kept=kept)
        yield inputs


def joined(first: Rows, second: Rows) -> Rows:
    """Return the rows of both."""

    def together(some: tuple[np.ndarray, ...], more: tuple[np.ndarray, ...]) -> tuple[np.ndarray, ...]:
        return tuple(np.concatenate(pair) for pair in zip(some, more, strict=True))

    weights = first.weights and second.weights and together(first.weights, second.weights)
    inputs, targets = together(first.inputs, second.inputs), together(first.targets, second.targets)
    return dataclasses.replace(first, inputs=inputs, targets=targets, weights=weights)


@contextlib.contextmanager
def placed(dataset: Dataset, block: RowBlock) -> Iterator[None]:
    """Let errors about the rows of a block name their place in the data set's source, and columns by their names."""
    try:
        yield
    except (DataError, ShapeError) as error:
        raise type(error)(_placed(str(error), dataset, block)) from error.__cause__


def _placed(text: str, dataset: Dataset, block: RowBlock) -> str:
    def row(found: re.Match[str]) -> str:
        return dataset.place(int(block.numbers[int(found[1])]))

    def column(found: re.Match[str]) -> str:
        names, index = dataset.columns or (), int(found[1])
        return f"column {names[index]!r}" if index < len(names) else found[0]

    text = text.replace(" such in all)", " such among those read with it)")
    return re.sub(r"\bcolumn (\d+)", column, re.sub(r"\brow (\d+)", row, text))
