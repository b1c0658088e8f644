"""A chain from a source of rows to training, and the verbs that add a link to it."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Self

from lamina._core import checks, seeds
from lamina._core.renamed import explain_arguments
from lamina.data._cached_source import CachedSource
from lamina.data._functions import Filter, Map
from lamina.data._row_block import RowBlock, dropped, recut
from lamina.data._source import FIRST, Order, Source
from lamina.data._stages import Prefetch, Share, Shuffle, Stage, Take
from lamina.errors import ArgumentError, DataError, StageError

DEFAULT_BATCH = 32


class _NoLength(StageError, TypeError):
    """Python asks for a length even where none is needed, and takes a TypeError for no."""


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Pipeline:
    """A source and the links after it. Users meet it as `Dataset`."""

    source: Source
    stages: tuple[Stage, ...] = ()
    rows_per_batch: int | None = None

    @explain_arguments
    def map(
        self,
        function: Callable[..., Any],
        *,
        by_row: bool = False,
        workers: int = 0,
        timeout: float | None = None,
        on_error: str = "raise",
    ) -> Self:
        """Replace rows by what a function makes of them.

        Args:
            function: takes x, y and sample_weight, as many as there are, and returns x alone or a tuple like them. It
                gets the arrays of many rows at once, and returns as many rows.
            by_row: whether to call it for each row by itself.
            workers: how many processes call it; 0 to call it in this one. Other processes can call functions of modules
                that they can import, not those written in the main script.
            timeout: how many seconds a process may take for a call before that has failed; 300 when not given.
            on_error: "raise", or "skip" to leave out rows for which it fails; see `skipped`.

        Raises:
            ArgumentError: for what is no function, or cannot be called as asked.
        """
        return self._with(Map(function, by_row=by_row, workers=workers, timeout=timeout, on_error=on_error))

    @explain_arguments
    def filter(self, function: Callable[..., Any], *, by_row: bool = False) -> Self:
        """Keep the rows for which a function says True.

        Args:
            function: takes x, y and sample_weight, as many as there are, for many rows at once; returns a boolean for
                each row.
            by_row: whether to call it for each row by itself.

        Raises:
            ArgumentError: for what is no function.
        """
        return self._with(Filter(function, by_row=by_row))

    @explain_arguments
    def shuffle(self, buffer: int | None = None) -> Self:
        """Give each epoch an order of its own, which follows from the seed of the training.

        Rows that can be read one by one (arrays in memory, images, map-style data sets) are mixed all with all. Files
        are read in a new order of their pieces, such as row groups, and the rows of several pieces are mixed.

        Args:
            buffer: how many rows are mixed at a time where they cannot be read one by one; as many as 128 MB hold when
                not given.

        Raises:
            ArgumentError: for a buffer of less than one row.
        """
        return self._with(Shuffle(buffer))

    @explain_arguments
    def batch(self, batch_size: int) -> Self:
        """Say how many rows each step of training takes.

        Args:
            batch_size: how many; the last batch of an epoch may be shorter.

        Raises:
            ArgumentError: for less than one.
        """
        checks.integer("batch(batch_size)", batch_size)
        return dataclasses.replace(self, rows_per_batch=batch_size)

    @explain_arguments
    def prefetch(self, blocks: int = 2) -> Self:
        """Let a thread do what comes before, while this one goes on.

        Training has such a thread at the end of the chain in any case.

        Args:
            blocks: how many blocks of rows it may be ahead.

        Raises:
            ArgumentError: for less than one.
        """
        return self._with(Prefetch(blocks))

    @explain_arguments
    def take(self, rows: int) -> Self:
        """Keep the first rows of each pass.

        Args:
            rows: how many.

        Raises:
            ArgumentError: for less than one.
        """
        checks.integer("take(rows)", rows)
        return self._part(0, rows)

    @explain_arguments
    def split(self, fraction: float, *, seed: int | None = None) -> tuple[Self, Self]:
        """Divide the rows into those to train on and those to hold back.

        Args:
            fraction: the part that is held back, above 0 and below 1.
            seed: where to draw from which rows are held back, about the fraction of them; the last rows when not given.

        Raises:
            ArgumentError: for a fraction or order of rows that would make no two parts, or the same rows in both.
        """
        checks.number("split(fraction)", fraction, low=0, high=1, open_low=True, open_high=True)
        if seed is not None:
            seed = seeds.chosen(seed, where="split(seed)")
            return self._share(fraction, seed, is_second=False), self._share(fraction, seed, is_second=True)
        if self.is_shuffled:
            got, fix = "rows that are shuffled, and would change sides each epoch", "shuffle after splitting."
            raise self._no_split("rows in one order", got, fix)
        if self.source.is_sorted:
            raise self._no_split("a seed, as rows of one class lie together", "None", "write split(..., seed=1).")
        if self.rows is None:
            raise self._no_split("a known number of rows", "None", "write split(..., seed=1).")
        first = int(self.rows * (1 - fraction))
        if first in (0, self.rows):
            raise self._no_split("a row for each part", f"{fraction:g} of {self.rows} rows", "choose another part.")
        return self._part(0, first), self._part(first, None)

    def cache(self) -> Self:
        """Read all rows once, when the first is needed, and keep them in memory as they are here, unshuffled."""
        return dataclasses.replace(self, source=CachedSource(self.unshuffled()), stages=())

    def unshuffled(self) -> Self:
        """Return the same rows in the order they lie in."""
        return dataclasses.replace(self, stages=tuple(item for item in self.stages if not isinstance(item, Shuffle)))

    def blocks(self, epoch: int = 0, *, seed: int = 0, start: int = 0) -> Iterator[RowBlock]:
        """Yield the rows of one pass, many at a time.

        The order is a function of the data set, the seed and the epoch alone.

        Args:
            epoch: which pass; with the seed it decides the order of what is shuffled. Training counts the updates made
                before the pass.
            seed: where all random choices come from.
            start: how many rows to leave out at the beginning, to go on in the middle of a pass.

        Raises:
            DataError: for a pass without a single row, and whatever cannot be read.
        """
        first = next((index for index, stage in enumerate(self.stages) if isinstance(stage, Shuffle)), None)
        mixes = first is not None and all(stage.is_rowwise for stage in self.stages[:first])
        stages = [
            stage for index, stage in enumerate(self.stages) if not (mixes and self.source.any_order and index == first)
        ]
        order = Order(seed, epoch, shuffled=mixes)
        skip = start if all(stage.keeps_rows for stage in stages) else 0
        blocks = self._after(self.source.blocks(order, skip), order, stages)
        return self._some(dropped(blocks, start - skip), start)

    def peek(self) -> Iterator[RowBlock]:
        """Yield rows from the first one on, unshuffled, without using anything up."""
        return self._after(self.source.peek(), FIRST, self.unshuffled().stages)

    def steps(self, batch_size: int) -> int | None:
        """Return how many batches a pass has; None where that is not known.

        Args:
            batch_size: how many rows each has.
        """
        if self.rows is not None:
            return math.ceil(self.rows / batch_size)
        is_as_given = self.rows_per_batch is None and all(stage.keeps_rows for stage in self.stages)
        return self.source.steps if is_as_given else None

    @property
    def rows(self) -> int | None:
        """How many rows a pass has; None where that is not known."""
        rows = self.source.rows
        for stage in self.stages:
            rows = stage.rows(rows)
        return rows

    @property
    def batch_size(self) -> int | None:
        """How many rows a step of training takes; None where that was not said, and the source gives no batches."""
        return self.rows_per_batch or self.source.batch_size()

    @property
    def columns(self) -> tuple[str, ...] | None:
        """The names of the columns of x; None where they have none, or a function has replaced them."""
        return None if any(isinstance(stage, Map) for stage in self.stages) else self.source.columns

    @property
    def classes(self) -> tuple[str, ...] | None:
        """All labels that targets may be; None where targets are no labels, or were not listed."""
        return self.source.classes

    @property
    def is_shuffled(self) -> bool:
        """Whether each pass has an order of its own."""
        return any(isinstance(stage, Shuffle) for stage in self.stages)

    @property
    def skipped(self) -> Mapping[str, str]:
        """What was left out so far by how errors name it, and why."""
        return {**self.source.skipped, **{place: why for stage in self.stages for place, why in stage.skipped.items()}}

    def place(self, number: int) -> str:
        """Return how errors name a row.

        Args:
            number: its number in the source; see `RowBlock`.
        """
        return self.source.place(number)

    def __len__(self) -> int:
        """Return how many rows a pass has."""
        if self.rows is None:
            got = "a source or a filter that does not tell"
            fix = "look at dataset.rows, which is None then, or count them: sum(map(len, dataset.blocks()))."
            raise checks.problem(_NoLength, "len(dataset)", expected="a known number of rows", got=got, fix=fix)
        return self.rows

    def __iter__(self) -> Iterator[Any]:
        """Yield the batches of the first epoch: x alone, (x, y) or (x, y, sample_weight)."""
        for block in recut(self.blocks(), self.batch_size or DEFAULT_BATCH, place=self.place):
            yield block.parts if len(block.parts) > 1 else block.x

    def __repr__(self) -> str:
        count = "an unknown number of" if self.rows is None else f"{self.rows:,}"
        return f"<{type(self).__name__} of {count} rows>"

    def _with(self, stage: Stage) -> Self:
        return dataclasses.replace(self, stages=(*self.stages, stage))

    def _after(self, blocks: Iterator[RowBlock], order: Order, stages: Sequence[Stage]) -> Iterator[RowBlock]:
        for stage in stages:
            blocks = stage.blocks(blocks, order, self.source.place)
        return blocks

    def _part(self, start: int, stop: int | None) -> Self:
        """Return the rows from `start` to before `stop`."""
        chosen = None
        if self.source.rows is not None and all(stage.keeps_rows for stage in self.stages):
            chosen = self.source.chosen(lambda numbers: numbers[start:stop])
        return self._with(Take(start, stop)) if chosen is None else dataclasses.replace(self, source=chosen)

    def _share(self, fraction: float, seed: int, *, is_second: bool) -> Self:
        """Return one of two parts that a seed divides the rows into."""
        share = Share(fraction, seed, is_second=is_second)
        chosen = None
        if all(stage.is_rowwise for stage in self.stages):
            chosen = self.source.chosen(lambda numbers: numbers[share.has(numbers)])
        return self._with(share) if chosen is None else dataclasses.replace(self, source=chosen)

    def _no_split(self, expected: str, got: str, fix: str) -> ArgumentError:
        return checks.problem(ArgumentError, "split", expected=expected, got=got, fix=fix)

    def _some(self, blocks: Iterator[RowBlock], start: int) -> Iterator[RowBlock]:
        """Yield blocks, and refuse a pass without any."""
        is_empty = start == 0
        for block in blocks:
            is_empty = False
            yield block
        if is_empty:
            got = f"none, {len(self.skipped):,} having been left out" if self.skipped else "none"
            fix = "look at dataset.skipped." if self.skipped else "check the filter or the files it came from."
            raise checks.problem(DataError, "Dataset", expected="at least one row", got=got, fix=fix)
