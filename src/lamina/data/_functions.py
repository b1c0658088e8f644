"""The links of a data set's chain that call a function of the user's."""

from __future__ import annotations

import dataclasses
import functools
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from lamina._core import checks
from lamina.data._attempts import REMEDY, Skipped
from lamina.data._row_block import RowBlock, each_array, leaves_of, recut, stacked, to_parts
from lamina.data._source import Order
from lamina.data._stages import Place, Stage
from lamina.data._workers import Workers
from lamina.errors import ArgumentError, DataError

ROWS_AT_ONCE = 4096


@dataclasses.dataclass(frozen=True)
class Spread:
    """A function that takes what another one takes as several arguments as one."""

    function: Callable[..., Any]

    def __call__(self, parts: tuple[Any, ...]) -> Any:
        """Return what the function gives."""
        return self.function(*parts)


class Call(Stage):
    """Call a function on rows.

    Args:
        verb: how errors name this link.
        function: takes the parts of many rows, or of one row.
        by_row: whether it is called for each row.
        workers: how many processes call it; 0 to call it in this one.
        timeout: how many seconds a process may take for a call.
        on_error: "raise" or "skip".

    Raises:
        ArgumentError: for what is no function, and rows to be skipped where there are only blocks.
    """

    def __init__(
        self,
        verb: str,
        function: Callable[..., Any],
        *,
        by_row: bool,
        workers: int = 0,
        timeout: float | None = None,
        on_error: str = "raise",
    ) -> None:
        if not callable(function):
            raise checks.problem(
                ArgumentError,
                f"{verb}(function)",
                expected="a function",
                got=checks.plain(function),
                fix="pass the name of a function without ().",
            )
        checks.boolean(f"{verb}(by_row)", by_row)
        self._where = f"{verb}({getattr(function, '__name__', type(function).__name__)})"
        self._by_row = by_row
        remedy = REMEDY if verb == "map" and by_row else "correct the function."
        self._failed = Skipped(self._where, on_error, remedy=remedy)
        self._workers = Workers(Spread(function), workers, where=self._where, timeout=timeout)
        if self._failed.skips and not by_row:
            raise checks.problem(
                ArgumentError,
                f"{verb}(on_error)",
                expected="a function that is called for each row",
                got="one that is called for many at once, all of which would be left out",
                fix="write by_row=True.",
            )

    @property
    def skipped(self) -> Mapping[str, str]:
        """What was left out by how errors name it, and why."""
        return self._failed.reasons

    def results(self, blocks: Iterator[RowBlock], place: Place) -> Iterator[tuple[RowBlock, list[Any]]]:
        """Yield blocks, and what the function gave for each of their rows, or for all of them as one."""
        most = ROWS_AT_ONCE if self._by_row else sys.maxsize
        pieces = (piece for block in blocks for piece in recut([block], most, place=place))
        tasks = ((piece, _rows_of(piece) if self._by_row else [piece.parts]) for piece in pieces)
        for block, attempts in self._workers.run(tasks):
            found = self._failed.values(attempts, functools.partial(self._called, block, place))
            if found:
                yield block.take(np.array(list(found))) if self._by_row else block, list(found.values())

    def _called(self, block: RowBlock, place: Place, index: int) -> str:
        first = place(int(block.numbers[index]))
        return first if self._by_row else f"{len(block):,} rows from {first}"

    def _check_length(self, wanted: int, found: int, what: str) -> None:
        if wanted != found:
            raise checks.problem(
                DataError,
                self._where,
                expected=f"{what} for each of the {wanted:,} rows that it is given at once",
                got=f"{found:,}",
                fix="write the function for arrays of many rows, or write by_row=True.",
            )


class Map(Call):
    """Replace rows by what a function makes of them: x alone, or a tuple (x, y) or (x, y, sample_weight)."""

    def __init__(
        self, function: Callable[..., Any], *, by_row: bool, workers: int, timeout: float | None, on_error: str
    ) -> None:
        super().__init__("map", function, by_row=by_row, workers=workers, timeout=timeout, on_error=on_error)
        self.keeps_rows = not self._failed.skips

    def blocks(self, blocks: Iterator[RowBlock], order: Order, place: Place) -> Iterator[RowBlock]:
        """Yield what the function makes of the rows."""
        for block, values in self.results(blocks, place):
            if self._by_row:
                yield stacked(values, block.numbers, where=self._where, place=place)
            else:
                parts = to_parts(values[0], where=self._where)
                self._check_length(len(block), len(leaves_of(parts)[0]), "a row")
                yield RowBlock(parts, block.numbers)


class Filter(Call):
    """Keep the rows for which a function says True."""

    keeps_rows = False

    def __init__(self, function: Callable[..., Any], *, by_row: bool) -> None:
        super().__init__("filter", function, by_row=by_row)

    def blocks(self, blocks: Iterator[RowBlock], order: Order, place: Place) -> Iterator[RowBlock]:
        """Yield the rows that stay."""
        for block, values in self.results(blocks, place):
            kept = np.asarray(values if self._by_row else values[0])
            self._check_length(len(block), kept.shape[0] if kept.ndim == 1 else 1, "a True or False")
            if kept.dtype != bool:
                raise checks.problem(
                    DataError,
                    self._where,
                    expected="True or False",
                    got=f"values of type {kept.dtype}",
                    fix="return a comparison, such as x[:, 0] > 0.",
                )
            if kept.any():
                yield block.take(kept)


def _rows_of(block: RowBlock) -> list[Any]:
    """Return the parts of each row."""
    return [each_array(lambda array, index=index: array[index], block.parts) for index in range(len(block))]
