"""Many rows at once, as arrays side by side: what flows through a data set."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np

from lamina._core import checks
from lamina.data._arrays import to_array
from lamina.errors import DataError

Part: TypeAlias = Any
"""An array with an entry for each row, or a dictionary or tuple of such."""

NAMES = ("x", "y", "sample_weight")


@dataclasses.dataclass(frozen=True, eq=False)
class RowBlock:
    """Some rows of a data set.

    Args:
        parts: x; x and y; or x, y and sample_weight; each an array, or a dictionary or tuple of arrays.
        numbers: which rows of the source they are.

    Example:
        >>> import numpy as np
        >>> from lamina.data import Dataset
        >>> (block,) = Dataset.from_arrays(np.array([[1.0], [2.0]]), np.array([3, 4])).blocks()
        >>> block.x.tolist(), block.y.tolist(), block.numbers.tolist()
        ([[1.0], [2.0]], [3, 4], [0, 1])
    """

    parts: tuple[Part, ...]
    numbers: np.ndarray

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def x(self) -> Part:
        """What goes into the network."""
        return self.parts[0]

    @property
    def y(self) -> Part:
        """What should come out; None where the data set has no targets."""
        return self.parts[1] if len(self.parts) > 1 else None

    @property
    def sample_weight(self) -> Part:
        """How much each row counts; None for 1 each."""
        return self.parts[2] if len(self.parts) > 2 else None

    def take(self, chosen: slice | np.ndarray) -> RowBlock:
        """Return some of the rows.

        Args:
            chosen: their places in the block, or a True for each of them.
        """
        return RowBlock(each_array(lambda array: taken(array, chosen), self.parts), self.numbers[chosen])


def taken(array: np.ndarray, chosen: slice | np.ndarray) -> np.ndarray:
    """Return some rows of an array."""
    if isinstance(chosen, slice) or chosen.dtype == bool:
        return array[chosen]
    return np.take(array, chosen, axis=0)  # in half the time of brackets


def each_array(function: Callable[..., Any], part: Part, *others: Part) -> Any:
    """Return what a function makes of each array of a part, and of those in the same place of others."""
    if isinstance(part, dict):
        return {name: each_array(function, part[name], *(other[name] for other in others)) for name in part}
    if isinstance(part, tuple):
        return tuple(each_array(function, *items) for items in zip(part, *others, strict=True))
    return function(part, *others)


def leaves_of(part: Part) -> list[Any]:
    """Return all arrays of a part."""
    if isinstance(part, (dict, tuple)):
        return [leaf for item in (part.values() if isinstance(part, dict) else part) for leaf in leaves_of(item)]
    return [part]


def row_bytes(parts: Part) -> int:
    """Return how much memory one row takes."""
    return max(1, int(sum(array.nbytes // max(1, len(array)) for array in leaves_of(parts))))


def to_parts(value: Any, *, where: str) -> tuple[Part, ...]:
    """Return checked parts from what a function or an iterator gave for many rows.

    Args:
        value: x alone, or a tuple (x, y) or (x, y, sample_weight) of arrays, lists, or dictionaries or tuples of them.
        where: the place to name in an error.

    Raises:
        DataError: for another number of parts, what is no array, and arrays with different numbers of rows.
    """
    given = value if isinstance(value, tuple) else (value,)
    if len(given) not in (1, 2, 3):
        raise checks.problem(
            DataError,
            where,
            expected="x, (x, y) or (x, y, sample_weight)",
            got=f"a tuple of {len(given)}",
            fix="put several inputs or outputs into a dictionary by name.",
        )
    parts = tuple(
        each_array(lambda item, name=name: to_array(item, where=f"{where}, {name}"), part)
        for name, part in zip(NAMES, given, strict=False)
    )
    sizes = sorted({len(array) for array in leaves_of(parts)})
    if len(sizes) > 1:
        raise checks.problem(
            DataError,
            where,
            expected="as many rows in each array",
            got=checks.listed(sizes, "and"),
            fix="make sure that all come from the same rows, in the same order.",
        )
    return parts


def stacked(rows: Sequence[Any], numbers: np.ndarray, *, where: str, place: Callable[[int], str]) -> RowBlock:
    """Return single rows as a block.

    Args:
        rows: x alone, or tuples (x, y) or (x, y, sample_weight), of numbers, lists, arrays, or dictionaries of them.
        numbers: which rows of the source they are.
        where: the place to name in an error.
        place: how errors name a row, from its number.

    Raises:
        DataError: for the first row that has other parts, or another shape, than the first.
    """
    given = [row if isinstance(row, tuple) else (row,) for row in rows]
    try:
        parts = each_array(lambda *items: np.stack([np.asarray(item) for item in items]), *given)
    except (ValueError, KeyError, TypeError) as error:
        forms = [_form(row) for row in rows]
        wrong = next((index for index, form in enumerate(forms) if form != forms[0] or "lists of" in form), 0)
        raise checks.problem(
            DataError,
            f"{where}, {place(int(numbers[wrong]))}",
            expected=f"a row like those before, {forms[0]}" if wrong else "numbers or arrays",
            got=forms[wrong],
            fix="give every row the same parts and shape; resize or pad those that differ.",
        ) from error
    return RowBlock(to_parts(parts, where=where), numbers)


def joined(blocks: Sequence[RowBlock], place: Callable[[int], str]) -> RowBlock:
    """Return the rows of several blocks as one.

    Args:
        blocks: the blocks.
        place: how errors name a row, from its number.

    Raises:
        DataError: for the first block whose rows have other parts, or another shape, than those of the first.
    """
    if len(blocks) == 1:
        return blocks[0]
    try:
        parts = each_array(lambda *arrays: np.concatenate(arrays), *(block.parts for block in blocks))
    except (ValueError, KeyError) as error:
        forms = [_form_of_rows(block.parts) for block in blocks]
        wrong = next((index for index, form in enumerate(forms) if form != forms[0]), 0)
        raise checks.problem(
            DataError,
            f"Dataset, {place(int(blocks[wrong].numbers[0]))}",
            expected=f"rows like the first, {forms[0]}",
            got=forms[wrong],
            fix="give every row the same parts and shape; resize or pad those that differ.",
        ) from error
    return RowBlock(parts, np.concatenate([block.numbers for block in blocks]))


def recut(blocks: Iterable[RowBlock], rows: int, *, place: Callable[[int], str]) -> Iterator[RowBlock]:
    """Yield the same rows in blocks of one size, the last of which may be shorter.

    Args:
        blocks: the rows.
        rows: how many each block is to have.
        place: how errors name a row, from its number.
    """
    held: list[RowBlock] = []
    count = 0
    for block in blocks:
        held.append(block)
        count += len(block)
        if count >= rows:
            whole = joined(held, place)
            full = count - count % rows
            yield from (whole.take(slice(start, start + rows)) for start in range(0, full, rows))
            held, count = ([whole.take(slice(full, None))], count - full) if full < count else ([], 0)
    if held:
        yield joined(held, place)


def dropped(blocks: Iterable[RowBlock], rows: int) -> Iterator[RowBlock]:
    """Yield all but the first rows."""
    for block in blocks:
        if rows < len(block):
            yield block.take(slice(rows, None)) if rows else block
        rows = max(0, rows - len(block))


def _form_of_rows(parts: tuple[Part, ...]) -> str:
    """Describe the shapes of the rows of a block."""
    row = each_array(lambda array: array[0], parts)
    return _form(row if len(row) > 1 else row[0])


def _form(row: Any) -> str:
    """Describe the parts and shapes of a row."""
    if isinstance(row, dict):
        return "{" + ", ".join(f"{name}: {_form(item)}" for name, item in row.items()) + "}"
    if isinstance(row, tuple):
        return f"({', '.join(map(_form, row))})"
    try:
        return f"shape {np.shape(row)}"
    except ValueError:
        return "lists of different lengths"
