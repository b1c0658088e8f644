"""Rows or batches that an iterator gives, one after the other."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Iterable, Iterator, Sized
from typing import Any, TypeAlias

import numpy as np

from lamina._core import checks
from lamina.data._row_block import RowBlock, dropped, leaves_of, stacked, to_parts
from lamina.data._source import FIRST, READ_BYTES, Order, Source
from lamina.errors import ArgumentError, DataError, LaminaError

Given: TypeAlias = Iterable[Any] | Callable[..., Iterable[Any]]

ENDLESS = (itertools.count, itertools.cycle, itertools.repeat)
FIRST_ROWS = 32
MOST_ROWS = 1024


class IteratorSource(Source):
    """What an iterator gives.

    Args:
        given: an iterable, or a function that returns one; a function that takes an argument is given random numbers
            that follow from the seed and the epoch.
        gives_batches: whether each item is a batch, and not a row.
        limit: how many items make a pass; None for all.
        where: the place to name in an error.

    Raises:
        ArgumentError: for an iterator that never ends, without a limit.
        DataError: for what cannot be iterated over.
    """

    def __init__(self, given: Given, *, gives_batches: bool, limit: int | None, where: str) -> None:
        self._where = where
        self._unit, word = ("batch", "steps") if gives_batches else ("row", "rows")
        if limit is not None:
            checks.integer(f"{where.partition('(')[0]}({word})", limit)
        if not callable(given) and not isinstance(given, Iterable):
            raise self._problem(
                "an iterable or a function that returns one",
                checks.plain(given),
                "write Dataset.from_map(data) for an object with __len__ and __getitem__.",
            )
        if isinstance(given, ENDLESS) and limit is None:
            raise checks.problem(
                ArgumentError,
                f"{where.partition('(')[0]}({word})",
                expected=f"how many {'batches' if gives_batches else 'rows'} make an epoch, as there is no end",
                got="None",
                fix=f"write {word}=1000.",
            )
        self._gives_batches = gives_batches
        self._limit = _length(given) if limit is None else limit
        self._given = given
        self._once = iter(given) if isinstance(given, Iterator) else None
        self._is_used = False

    @property
    def rows(self) -> int | None:
        """How many rows a pass gives; None where that is not known."""
        return None if self._gives_batches else self._limit

    @property
    def steps(self) -> int | None:
        """How many batches a pass gives, where that is known."""
        return self._limit if self._gives_batches else None

    def blocks(self, order: Order, skip: int = 0) -> Iterator[RowBlock]:
        """Yield the rows of a pass, all but the first `skip`."""
        return dropped(self._blocks(self._used(self._opened(order) if self._once is None else self._once)), skip)

    def peek(self) -> Iterator[RowBlock]:
        """Yield rows from the first one on; an iterator that can be gone through once still has them."""
        if self._once is None:
            return self._blocks(self._items(self._opened(FIRST)))
        self._once, copy = itertools.tee(self._once)
        return self._blocks(self._items(copy))

    def batch_size(self) -> int | None:
        """Return how many rows the first batch has; None where there are single rows."""
        return len(next(self.peek())) if self._gives_batches else None

    def _blocks(self, items: Iterator[Any]) -> Iterator[RowBlock]:
        return self._batches(items) if self._gives_batches else self._rows(items)

    def _batches(self, items: Iterator[Any]) -> Iterator[RowBlock]:
        first = 0
        for index, item in enumerate(items):
            parts = to_parts(item, where=f"{self._where}, batch {index}")
            rows = len(leaves_of(parts)[0])
            yield RowBlock(parts, np.arange(first, first + rows))
            first += rows

    def _rows(self, items: Iterator[Any]) -> Iterator[RowBlock]:
        first, most = 0, FIRST_ROWS
        while rows := list(itertools.islice(items, most)):
            block = stacked(rows, np.arange(first, first + len(rows)), where=self._where, place=self.place)
            yield block
            first += len(rows)
            row = sum(array[:1].nbytes for array in leaves_of(block.parts))
            most = max(1, min(MOST_ROWS, READ_BYTES // max(1, row)))

    def _used(self, iterator: Iterator[Any]) -> Iterator[Any]:
        yield from self._items(iterator)
        self._is_used = True

    def _items(self, iterator: Iterator[Any]) -> Iterator[Any]:
        """Yield the items of a pass, and see to it that there are as many as there should be."""
        count = 0
        while self._limit is None or count < self._limit:
            try:
                item = next(iterator)
            except StopIteration:
                break
            except LaminaError:
                raise
            except Exception as error:  # whatever goes wrong in code of the user's
                got = f"{type(error).__name__}: {error} after {self._unit} {count - 1}" if count else repr(error)
                raise self._problem("an iterator without errors", got, "correct the code that makes it.") from error
            yield item
            count += 1
        self._check(count)

    def _check(self, count: int) -> None:
        """Refuse a pass that gave nothing, or less than was said."""
        if count == 0 and self._once is not None and self._is_used:
            raise self._problem(
                "an iterator that can be gone through again for the next epoch",
                "one that is used up",
                "pass the function that makes it: the name of the generator without ().",
            )
        if count == 0 or (self._limit is not None and count < self._limit):
            unit = "batches" if self._gives_batches else "rows"
            wanted = f"at least one {self._unit}" if self._limit is None else f"{self._limit:,} {unit}"
            raise self._problem(wanted, f"{count:,}" if count else "none", "check the source, or what was said of it.")

    def _opened(self, order: Order) -> Iterator[Any]:
        """Return a new iterator."""
        made = self._given
        if callable(made) and not isinstance(made, Iterable):
            made = made(order.random("source")) if _takes_one(made) else made()
        if not isinstance(made, Iterable):
            raise self._problem("a function that returns an iterator", checks.plain(made), "write yield in it.")
        return iter(made)

    def _problem(self, expected: str, got: str, fix: str) -> DataError:
        return checks.problem(DataError, self._where, expected=expected, got=got, fix=fix)


def _length(given: Given) -> int | None:
    try:
        return (len(given) or None) if isinstance(given, Sized) else None
    except TypeError:  # there are those that have a length only sometimes
        return None


def _takes_one(function: Callable[..., Any]) -> bool:
    """Tell whether a function needs an argument."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # some that are not written in Python do not say
        return False
    required = [item for item in parameters if item.default is item.empty]
    return len([item for item in required if item.kind in (item.POSITIONAL_ONLY, item.POSITIONAL_OR_KEYWORD)]) == 1
