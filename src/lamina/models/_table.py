"""Tables as text, as wide as what they hold or as there is room for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import zip_longest
from textwrap import wrap

LEAST_WIDTH = 12
GAP = "   "


def lines(
    table: Sequence[Sequence[str]],
    *,
    numbers: Collection[str] = (),
    wrapped: Collection[str] = (),
    room: int | None = None,
) -> Iterator[str]:
    """Yield the lines of a table.

    Args:
        table: rows of cells, the headings first.
        numbers: the headings of columns that end at the right.
        wrapped: the headings of columns whose cells take several lines where there is not enough room.
        room: the width to keep to, where there is one.
    """
    headings = table[0]
    widths = [max(map(len, cells)) for cells in zip(*table, strict=True)]
    while room is not None and sum(widths) + len(GAP) * (len(widths) - 1) > room:
        widest = max(range(len(widths)), key=lambda column: (headings[column] in wrapped, widths[column]))
        if widths[widest] <= LEAST_WIDTH:
            break
        widths[widest] -= 1
    for row in table:
        for line in zip_longest(*map(wrap, row, widths), fillvalue=""):
            cells = zip(headings, line, widths, strict=True)
            yield GAP.join(_aligned(cell, width, heading in numbers) for heading, cell, width in cells).rstrip()


def _aligned(cell: str, width: int, is_number: bool) -> str:
    return cell.rjust(width) if is_number else cell.ljust(width)
