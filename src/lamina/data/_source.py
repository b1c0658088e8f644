"""Where the rows of a data set come from, and in which order a pass reads them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from lamina._core import seeds
from lamina.data._row_block import RowBlock

READ_BYTES = 2**22
"""How much is read at a time, where a source may choose."""


@dataclasses.dataclass(frozen=True)
class Order:
    """One pass through a data set; all its random choices follow from this.

    Args:
        seed: where random choices come from.
        epoch: which pass it is.
        shuffled: whether the source is to mix its rows, as far as it can.
    """

    seed: int
    epoch: int
    shuffled: bool = False

    def random(self, *names: str | int) -> np.random.Generator:
        """Return the random numbers of this pass for one purpose."""
        return seeds.stream(self.seed, *names, self.epoch)

    def numbers(self, count: int) -> np.ndarray:
        """Return the numbers from 0 to before `count`, mixed where the pass is shuffled."""
        return self.random("order").permutation(count) if self.shuffled else np.arange(count)


FIRST = Order(seed=0, epoch=0)
"""A pass that reads the rows as they lie."""


class Source:
    """Where rows come from: what a data set asks of arrays, files, folders and iterators."""

    @property
    def rows(self) -> int | None:
        """How many rows a pass gives; None where that is not known."""
        return None

    @property
    def steps(self) -> int | None:
        """How many batches a pass gives, where the source gives batches and says how many."""
        return None

    @property
    def any_order(self) -> bool:
        """Whether a shuffled pass mixes all rows; else it only reads pieces of many rows in another order."""
        return False

    @property
    def is_sorted(self) -> bool:
        """Whether rows of one class lie together, so that the last are no picture of all."""
        return False

    @property
    def columns(self) -> tuple[str, ...] | None:
        """The names of the columns of x; None where they have none."""
        return None

    @property
    def classes(self) -> tuple[str, ...] | None:
        """All labels that targets may be, in order; None where that is not known, or they are numbers."""
        return None

    @property
    def skipped(self) -> Mapping[str, str]:
        """What was left out by how errors name it, and why."""
        return {}

    def blocks(self, order: Order, skip: int = 0) -> Iterator[RowBlock]:
        """Yield the rows of a pass, all but the first `skip`."""
        raise NotImplementedError

    def place(self, number: int) -> str:
        """Return how errors name a row."""
        return f"row {number}"

    def peek(self) -> Iterator[RowBlock]:
        """Yield rows from the first one on, without using anything up."""
        return self.blocks(FIRST)

    def batch_size(self) -> int | None:
        """Return how many rows the source puts into a batch; None where it gives single rows."""
        return None

    def chosen(self, choose: Callable[[np.ndarray], np.ndarray]) -> Source | None:
        """Return a source of some rows only; None where the others would have to be read to find them.

        Args:
            choose: takes the numbers of all rows, and returns some of them.
        """
        return None
