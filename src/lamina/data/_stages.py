"""What happens to rows between their source and training: the links of a data set's chain."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

import numpy as np

from lamina._core import checks, seeds
from lamina.data._ahead import ahead
from lamina.data._row_block import RowBlock, recut, row_bytes
from lamina.data._source import READ_BYTES, Order

WINDOW_BYTES = 2**27
"""How much a shuffle mixes at a time, where rows come as they come."""

Place: TypeAlias = Callable[[int], str]


class Stage:
    """One link of the chain.

    Attributes:
        is_rowwise: whether what becomes of a row depends on no other row, nor on the order.
        keeps_rows: whether the rows that come out are as many as went in, and in the same order.
    """

    is_rowwise: bool = True
    keeps_rows: bool = True

    @property
    def skipped(self) -> Mapping[str, str]:
        """What was left out by how errors name it, and why."""
        return {}

    def rows(self, rows: int | None) -> int | None:
        """Return how many rows come out where so many go in; None where that is not known."""
        return rows if self.keeps_rows else None

    def blocks(self, blocks: Iterator[RowBlock], order: Order, place: Place) -> Iterator[RowBlock]:
        """Yield what comes out.

        Args:
            blocks: what goes in.
            order: which pass it is.
            place: how errors name a row of the source.
        """
        raise NotImplementedError


class Shuffle(Stage):
    """Mix rows, some at a time.

    Args:
        buffer: how many rows are mixed at a time; as many as 128 MB hold when not given.
    """

    is_rowwise = False
    keeps_rows = False

    def __init__(self, buffer: int | None) -> None:
        if buffer is not None:
            checks.integer("shuffle(buffer)", buffer)
        self._buffer = buffer

    def rows(self, rows: int | None) -> int | None:
        """Return how many rows come out: all."""
        return rows

    def blocks(self, blocks: Iterator[RowBlock], order: Order, place: Place) -> Iterator[RowBlock]:
        """Yield the rows in another order."""
        random, first = order.random("shuffle"), next(blocks, None)
        if first is None:
            return
        row = row_bytes(first.parts)
        at_once = max(1, READ_BYTES // row)
        buffer = self._buffer or max(at_once, WINDOW_BYTES // row)
        for window in recut(_with(first, blocks), buffer, place=place):
            mixed = random.permutation(len(window))
            yield from (window.take(mixed[start : start + at_once]) for start in range(0, len(window), at_once))


class Take(Stage):
    """Leave out rows at the beginning and the end.

    Args:
        start: the first row that is taken.
        stop: the row after the last; None for no end.
    """

    is_rowwise = False
    keeps_rows = False

    def __init__(self, start: int, stop: int | None) -> None:
        self._start = start
        self._stop = stop

    def rows(self, rows: int | None) -> int | None:
        """Return how many rows come out where so many go in; None where that is not known."""
        return rows and max(0, min(rows, rows if self._stop is None else self._stop) - self._start)

    def blocks(self, blocks: Iterator[RowBlock], order: Order, place: Place) -> Iterator[RowBlock]:
        """Yield the rows between, and read no further than the last."""
        seen = 0
        for block in blocks:
            inside = block.take(slice(max(0, self._start - seen), None if self._stop is None else self._stop - seen))
            seen += len(block)
            if len(inside):
                yield inside
            if self._stop is not None and seen >= self._stop:
                return


class Share(Stage):
    """Take one of two parts that a seed divides rows into.

    Where a row goes depends on its number in the source alone, so that it is the same in every pass.

    Args:
        fraction: how large the second part is.
        seed: what divides.
        is_second: whether to take the second part.
    """

    keeps_rows = False

    def __init__(self, fraction: float, seed: int, *, is_second: bool) -> None:
        self._fraction = fraction
        self._seed = seed
        self._is_second = is_second

    def blocks(self, blocks: Iterator[RowBlock], order: Order, place: Place) -> Iterator[RowBlock]:
        """Yield the rows of the part."""
        for block in blocks:
            inside = self.has(block.numbers)
            if inside.any():
                yield block.take(inside)

    def has(self, numbers: np.ndarray) -> np.ndarray:
        """Return True for each number that belongs to the part."""
        return np.equal(_uniform(numbers, self._seed) < self._fraction, self._is_second)


class Prefetch(Stage):
    """Let a thread do what comes before this link.

    Args:
        count: how many blocks of rows it may be ahead.
    """

    def __init__(self, count: int) -> None:
        checks.integer("prefetch(blocks)", count)
        self._count = count

    def blocks(self, blocks: Iterator[RowBlock], order: Order, place: Place) -> Iterator[RowBlock]:
        """Yield the same blocks."""
        return ahead(blocks, self._count)


def _with(first: RowBlock, others: Iterator[RowBlock]) -> Iterator[RowBlock]:
    yield first
    del first  # whoever takes it decides how long it stays in memory
    yield from others


def _uniform(numbers: np.ndarray, seed: int) -> np.ndarray:
    """Return for each whole number one from 0 to below 1, always the same one, as good as random (SplitMix64)."""
    key = int(seeds.stream(seed, "split").integers(2**63))
    mixed = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(key)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return ((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(11)) * 2.0**-53
