"""How rows reach the program: block by block, each block in an order of its own."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

import numpy as np

from lamina import ops
from lamina._core import checks, seeds
from lamina.errors import ArgumentError
from lamina.ops import Array
from lamina.training._program import Batches, Block, Stretch
from lamina.training._rows import Rows


class Portion(NamedTuple):
    """One block on the device, the order of its rows, and how many batches it has."""

    block: Block
    order: Array
    steps: int

    def batches(self, batch_size: int) -> Batches:
        """Return how the block is divided."""
        rows = self.order.shape[0]
        size = min(batch_size, rows)
        return Batches(size, ragged=rows % size != 0)

    def stretch(self, start: int, stop: int) -> Stretch:
        """Return the batches from `start` to before `stop`."""
        span: tuple[Any, Any] = (np.int32(start), np.int32(stop))  # NumPy's go to the device faster than JAX's
        return Stretch(self.block, self.order, *span)


class Feed(Protocol):
    """Where an epoch's rows come from; the loop asks for nothing else."""

    batch_size: int

    def steps(self) -> int | None:
        """Return how many batches an epoch has, None where that is not known."""

    def portions(self, seed: int, step: int) -> Iterator[Portion]:
        """Yield the blocks of one epoch.

        Args:
            seed: the seed of the training.
            step: how many updates were made before this epoch; with the seed it decides the order.
        """


class ArrayFeed:
    """Feed rows that lie in memory.

    Args:
        rows: the checked rows.
        batch_size: rows in a batch; at most all of them.
        shuffle: whether each epoch has a new random order.
        rows_per_block: how many rows go to the device at a time, a multiple of the batch size; None for all at once.
            The order, the batches and the result are the same either way; a last block that would be shorter than a
            batch is joined to the one before.

    Raises:
        ArgumentError: where `rows_per_block` is no multiple of the batch size.
    """

    def __init__(self, rows: Rows, *, batch_size: int, shuffle: bool, rows_per_block: int | None = None) -> None:
        if rows_per_block is not None and rows_per_block % batch_size:
            raise checks.problem(
                ArgumentError,
                "ArrayFeed(rows_per_block)",
                expected=f"a multiple of the batch size ({batch_size})",
                got=str(rows_per_block),
                fix=f"write {max(1, rows_per_block // batch_size) * batch_size}.",
            )
        self.rows = rows
        self.batch_size = min(batch_size, len(rows))
        self.shuffle = shuffle
        self.rows_per_block = rows_per_block

    def steps(self) -> int:
        """Return how many batches an epoch has; the last may be shorter."""
        return math.ceil(len(self.rows) / self.batch_size)

    def portions(self, seed: int, step: int) -> Iterator[Portion]:
        """Yield the blocks of one epoch."""
        count = len(self.rows)
        order = seeds.stream(seed, "order", step).permutation(count) if self.shuffle else np.arange(count)
        if self.rows_per_block is None:
            yield Portion(self._whole, ops.asarray(order.astype(np.int32)), self.steps())
            return
        starts = range(0, max(1, count - self.batch_size + 1), self.rows_per_block)
        for start, stop in itertools.pairwise([*starts, count]):
            part = self.rows.take(order[start:stop])
            yield Portion(part.block(), ops.arange(len(part)), math.ceil(len(part) / self.batch_size))

    @functools.cached_property
    def _whole(self) -> Block:
        return self.rows.block()
