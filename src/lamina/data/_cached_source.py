"""A data set that is read once and then lies in memory."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from lamina.data._array_source import ArraySource
from lamina.data._row_block import RowBlock, joined
from lamina.data._source import Order, Source

if TYPE_CHECKING:
    from lamina.data._pipeline import Pipeline


@dataclasses.dataclass(frozen=True, eq=False)
class CachedSource(Source):
    """All rows of a data set, read in the order they lie in when the first of them is asked for.

    Args:
        dataset: where they come from.
    """

    dataset: Pipeline

    @property
    def rows(self) -> int | None:
        """How many rows a pass gives; None where that is known only when they have been read."""
        return len(self._kept) if "_kept" in vars(self) else self.dataset.rows

    @property
    def any_order(self) -> bool:
        """Whether a shuffled pass mixes all rows."""
        return True

    @property
    def is_sorted(self) -> bool:
        """Whether rows of one class lie together."""
        return self.dataset.source.is_sorted

    @property
    def columns(self) -> tuple[str, ...] | None:
        """The names of the columns of x; None where they have none."""
        return self.dataset.columns

    @property
    def classes(self) -> tuple[str, ...] | None:
        """All labels that targets may be, in order."""
        return self.dataset.classes

    @property
    def skipped(self) -> Mapping[str, str]:
        """What was left out by how errors name it, and why."""
        return self.dataset.skipped

    def blocks(self, order: Order, skip: int = 0) -> Iterator[RowBlock]:
        """Yield the rows of a pass, all but the first `skip`."""
        kept = self._kept
        for block in ArraySource(kept.parts).blocks(order, skip):
            yield RowBlock(block.parts, kept.numbers[block.numbers])

    def place(self, number: int) -> str:
        """Return how errors name a row."""
        return self.dataset.source.place(number)

    def peek(self) -> Iterator[RowBlock]:
        """Yield rows from the first one on, without reading all of them."""
        return self.dataset.peek()

    def batch_size(self) -> int | None:
        """Return how many rows the source puts into a batch; None where it gives single rows."""
        return self.dataset.batch_size

    @functools.cached_property
    def _kept(self) -> RowBlock:
        return joined(list(self.dataset.blocks()), self.dataset.place)
