"""How rows reach the program: all at once, or block by block, in an order of their own each epoch."""

from __future__ import annotations

import functools
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

BLOCK_BYTES = 2**25
ALIGNMENT = 64
"""Where memory must begin, in bytes, for a processor's program to read it in place."""


class Portion(NamedTuple):
    """One block on the device, and the batches to be made of it.

    Args:
        block: the rows.
        batches: how the epoch is divided.
        steps: how many batches the block has.
        order: the numbers of the rows in the order they are taken in; None for the order they lie in.
        skipped: how many rows come before the first batch, as they belong to the block before.
    """

    block: Block
    batches: Batches
    steps: int
    order: Array | None = None
    skipped: int = 0

    def stretch(self, start: int, stop: int) -> Stretch:
        """Return the batches from `start` to before `stop`."""
        span: list[Any] = [np.int32(number) for number in (self.skipped, start, stop)]  # quicker to send than JAX's
        return Stretch(self.block, self.order, *span)

    def after(self, batches: int) -> Portion:
        """Return the same without its first batches."""
        return self._replace(steps=self.steps - batches, skipped=self.skipped + batches * self.batches.size)


class Feed(Protocol):
    """Where an epoch's rows come from; the loop asks for nothing else."""

    def steps(self) -> int | None:
        """Return how many batches an epoch has, None where that is not known."""

    def portions(self, seed: int, step: int, start: int = 0) -> Iterator[Portion]:
        """Yield the blocks of one epoch; each of them holds only until the next one is asked for.

        Args:
            seed: the seed of the training.
            step: how many updates were made before this epoch; with the seed it decides the order.
            start: how many batches to leave out at the beginning, to go on in the middle of an epoch.
        """


class ArrayFeed:
    """Feed rows that lie in memory.

    Few rows go to the device once. Many go there block by block where the device is the processor itself: each block is
    put together in the same piece of memory, which costs less than a second copy of everything, in time and in memory.
    The order, the batches and the result are the same either way.

    Args:
        rows: the checked rows.
        batch_size: rows in a batch; at most all of them.
        shuffle: whether each epoch has a new random order.
        rows_per_block: how many rows go to the device at a time, a multiple of the batch size; chosen when not given.

    Raises:
        ArgumentError: where `rows_per_block` is no multiple of the batch size.
    """

    def __init__(self, rows: Rows, *, batch_size: int, shuffle: bool, rows_per_block: int | None = None) -> None:
        self.rows = rows
        self.batch_size = min(batch_size, len(rows))
        self.shuffle = shuffle
        self.rows_per_block = rows_per_block or self._fitting_rows()
        if self.rows_per_block % self.batch_size:
            raise checks.problem(
                ArgumentError,
                "ArrayFeed(rows_per_block)",
                expected=f"a multiple of the batch size ({self.batch_size})",
                got=str(rows_per_block),
                fix=f"write {max(1, self.rows_per_block // self.batch_size) * self.batch_size}.",
            )
        self._batches = Batches(self.batch_size, ragged=len(rows) % self.batch_size != 0)

    def steps(self) -> int:
        """Return how many batches an epoch has; the last may be shorter."""
        return math.ceil(len(self.rows) / self.batch_size)

    def portions(self, seed: int, step: int, start: int = 0) -> Iterator[Portion]:
        """Yield the blocks of one epoch; each of them holds only until the next one is asked for."""
        count, size = len(self.rows), self.rows_per_block
        order = seeds.stream(seed, "order", step).permutation(count) if self.shuffle else np.arange(count)
        if size >= count:
            numbers = ops.device_put(order.astype(np.int32)) if self.shuffle else None
            yield Portion(self._whole, self._batches, self.steps(), numbers).after(start)
            return
        before, start = divmod(start, size // self.batch_size)
        for first in range(before * size, count, size):
            begin = min(first, count - size)  # the last block is as long as the others: they share a program
            steps = math.ceil(min(size, count - first) / self.batch_size)
            block = self._block(order[begin : begin + size])
            yield Portion(block, self._batches, steps, skipped=first - begin).after(start)
            start = 0

    def _fitting_rows(self) -> int:
        """Return how many rows fit a block: whole batches, all of them where a copy on the device is no second one."""
        nbytes, batches = self.rows.nbytes, self.steps()
        if ops.default_backend() == "cpu" and nbytes > BLOCK_BYTES:
            batches = max(1, BLOCK_BYTES * len(self.rows) // (nbytes * self.batch_size))
        return batches * self.batch_size

    def _block(self, numbers: np.ndarray) -> Block:
        """Return a block of some rows, in the place of the block before it."""
        return self.rows.block(lambda array: self._copies[id(array)].of(numbers))

    @functools.cached_property
    def _copies(self) -> dict[int, _Copies]:
        return {id(array): _Copies(array, self.rows_per_block) for array in self.rows.distinct()}

    @functools.cached_property
    def _whole(self) -> Block:
        return self.rows.block()


class _Copies:
    """Some rows of an array at a time, each time in the same piece of memory, which the device reads in place.

    Args:
        array: all rows.
        count: how many at a time.
    """

    def __init__(self, array: np.ndarray, count: int) -> None:
        self._array = np.ascontiguousarray(array)  # rows of another layout would all be copied each time
        size = count * array[0].nbytes
        room = np.empty(size + ALIGNMENT, np.uint8)
        start = -room.ctypes.data % ALIGNMENT
        self._copy = room[start : start + size].view(array.dtype).reshape(count, *array.shape[1:])

    def of(self, numbers: np.ndarray) -> Array:
        """Return the rows of these numbers, on the device."""
        # All numbers are those of rows; "clip" lets NumPy write to where it should, instead of checking them first.
        rows: Array = ops.device_put(np.take(self._array, numbers, axis=0, out=self._copy, mode="clip"))
        return rows
