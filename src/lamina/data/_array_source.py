"""Rows that lie in arrays, in memory or mapped from a file."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from lamina.data._arrays import column_names
from lamina.data._labels import are_labels
from lamina.data._row_block import Part, RowBlock, each_array, leaves_of, row_bytes, taken, to_parts
from lamina.data._source import READ_BYTES, Order, Source


@dataclasses.dataclass(frozen=True, eq=False)
class ArraySource(Source):
    """Arrays with an entry for each row.

    Args:
        parts: x; x and y; or x, y and sample_weight.
        any_order: whether single rows are quickly read, as those in memory are.
        columns: the names of the columns of x.
        classes: all labels of y.
        numbers: which rows of the arrays to read; None for all.
    """

    parts: tuple[Part, ...]
    any_order: bool = True
    columns: tuple[str, ...] | None = None
    classes: tuple[str, ...] | None = None
    numbers: np.ndarray | None = None

    @property
    def rows(self) -> int:
        """How many rows a pass gives."""
        return len(leaves_of(self.parts)[0] if self.numbers is None else self.numbers)

    def blocks(self, order: Order, skip: int = 0) -> Iterator[RowBlock]:
        """Yield the rows of a pass, all but the first `skip`."""
        count, size = self.rows, max(1, READ_BYTES // row_bytes(self.parts))
        if order.shuffled and self.any_order:
            mixed = order.numbers(count)
            yield from (self._block(mixed[start : start + size]) for start in range(skip, count, size))
            return
        for piece in order.numbers(-(-count // size)):
            start, stop = int(piece) * size, min(count, (int(piece) + 1) * size)
            if skip < stop - start:
                yield self._block(slice(start + skip, stop))
            skip = max(0, skip - (stop - start))

    def chosen(self, choose: Callable[[np.ndarray], np.ndarray]) -> ArraySource:
        """Return a source of some rows only."""
        numbers = np.arange(self.rows) if self.numbers is None else self.numbers
        return dataclasses.replace(self, numbers=choose(numbers))

    def _block(self, places: slice | np.ndarray) -> RowBlock:
        chosen: Any = places if self.numbers is None else self.numbers[places]
        parts = each_array(lambda array: taken(array, chosen), self.parts)
        return RowBlock(parts, np.arange(chosen.start, chosen.stop) if isinstance(chosen, slice) else chosen)


def array_source(x: Part, y: Part = None, sample_weight: Part = None) -> ArraySource:
    """Return arrays as a source.

    Args:
        x: an array, frame or memory map, or a dictionary or tuple of them.
        y: the targets; None for none.
        sample_weight: how much each row counts; None for 1 each.

    Raises:
        DataError: for what is no array, and different numbers of rows.
    """
    given = _without_none(x, y, sample_weight)
    parts = to_parts(given, where="from_arrays")
    mapped = any(isinstance(array, np.memmap) for array in leaves_of(given))
    classes = None
    if y is not None and isinstance(parts[1], np.ndarray) and are_labels(parts[1]):
        classes = tuple(sorted({label for label in parts[1].flat if isinstance(label, str)}))
    return ArraySource(parts, any_order=not mapped, columns=column_names(x), classes=classes)


def _without_none(*parts: Part) -> tuple[Part, ...]:
    """Return the parts up to the last that is given."""
    given = [index for index, part in enumerate(parts) if part is not None]
    return parts[: given[-1] + 1] if given else parts[:1]
