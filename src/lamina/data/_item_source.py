"""Rows that are read one by one, each by itself: files of a folder, or the items of a map-style data set."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from lamina._core import checks
from lamina.data._attempts import Skipped
from lamina.data._row_block import RowBlock, dropped, stacked
from lamina.data._source import Order, Source
from lamina.data._workers import Workers
from lamina.errors import DataError

ITEMS_AT_ONCE = 16


@dataclasses.dataclass(frozen=True, eq=False)
class ItemSource(Source):
    """Items, and what reads a row from each.

    Args:
        items: what there is, in order.
        workers: what reads it, here or in other processes.
        failed: what becomes of items that cannot be read.
        called: how errors name an item, from its number.
        labels: the label of each item, which becomes y; None where reading gives the whole row.
        numbers: which items to read; None for all.
    """

    items: Sequence[Any]
    workers: Workers
    failed: Skipped
    called: Callable[[int], str]
    labels: np.ndarray | None = None
    numbers: np.ndarray | None = None

    @property
    def rows(self) -> int | None:
        """How many rows a pass gives; not known where some may be left out."""
        return None if self.failed.skips else self._count

    @property
    def any_order(self) -> bool:
        """Whether a shuffled pass mixes all rows."""
        return True

    @property
    def is_sorted(self) -> bool:
        """Whether rows of one class lie together."""
        return self.labels is not None

    @property
    def classes(self) -> tuple[str, ...] | None:
        """All labels, in order."""
        return None if self.labels is None else tuple(np.unique(self.labels).tolist())

    @property
    def skipped(self) -> Mapping[str, str]:
        """What was left out by how errors name it, and why."""
        return self.failed.reasons

    def blocks(self, order: Order, skip: int = 0) -> Iterator[RowBlock]:
        """Yield the rows of a pass, all but the first `skip`."""
        places = order.numbers(self._count)
        if self.failed.skips:  # which of the first are rows can only be seen by reading them
            return dropped(self._read(places), skip)
        return self._read(places[skip:])

    def place(self, number: int) -> str:
        """Return how errors name a row."""
        return self.called(number)

    def peek(self) -> Iterator[RowBlock]:
        """Yield rows from the first one on, and read none that is not asked for."""
        places = np.arange(self._count)
        starts = range(0, self._count, ITEMS_AT_ONCE)
        return (block for start in starts for block in self._read(places[start : start + ITEMS_AT_ONCE]))

    def chosen(self, choose: Callable[[np.ndarray], np.ndarray]) -> ItemSource:
        """Return a source of some rows only."""
        numbers = np.arange(self._count) if self.numbers is None else self.numbers
        return dataclasses.replace(self, numbers=choose(numbers))

    @property
    def _count(self) -> int:
        return len(self.items if self.numbers is None else self.numbers)

    def _read(self, places: np.ndarray) -> Iterator[RowBlock]:
        numbers = places if self.numbers is None else self.numbers[places]
        parts = (numbers[start : start + ITEMS_AT_ONCE] for start in range(0, len(numbers), ITEMS_AT_ONCE))
        tasks = ((part, [self.items[number] for number in part]) for part in parts)
        for part, attempts in self.workers.run(tasks):
            found = self.failed.values(attempts, functools.partial(self._called, part))
            if found:
                yield self._block(list(found.values()), part[list(found)])

    def _called(self, numbers: np.ndarray, index: int) -> str:
        return self.called(int(numbers[index]))

    def _block(self, rows: list[Any], numbers: np.ndarray) -> RowBlock:
        block = stacked(rows, numbers, where=self.failed.where, place=self.called)
        return block if self.labels is None else RowBlock((block.x, self.labels[numbers]), numbers)


def map_source(dataset: Any, *, workers: int = 0, timeout: float | None = None, on_error: str = "raise") -> ItemSource:
    """Return a map-style data set as a source: an object with a length that gives a row for each number.

    Args:
        dataset: an object with ``__len__`` and ``__getitem__``.
        workers: how many processes read it; 0 to read it in this one.
        timeout: how many seconds a process may take for an item.
        on_error: "raise" or "skip".

    Raises:
        DataError: for an object without a length or items, and an empty one.
    """
    where = f"from_map({type(dataset).__name__})"
    if not hasattr(dataset, "__getitem__") or not hasattr(dataset, "__len__"):
        raise checks.problem(
            DataError,
            "from_map(dataset)",
            expected="an object with __len__ and __getitem__",
            got=f"an object of type {type(dataset).__name__}",
            fix="write Dataset.from_rows(dataset) for what can only be gone through.",
        )
    return ItemSource(
        range(len(dataset)),
        Workers(dataset.__getitem__, workers, where=where, timeout=timeout),
        Skipped(where, on_error),
        "row {}".format,
    )
