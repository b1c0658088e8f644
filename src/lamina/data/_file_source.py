"""Rows in files of tables, read a piece at a time."""

from __future__ import annotations

import contextlib
import glob
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from lamina._core import checks
from lamina._core.optional import require
from lamina.data._row_block import RowBlock, dropped
from lamina.data._source import Order, Source
from lamina.data._table_columns import TableColumns
from lamina.errors import DataError

Paths: TypeAlias = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]

ROWS_OF_A_FILE = 2**40
"""Numbers of rows are given out a file at a time, so that none needs to be counted before the next."""


class Piece(NamedTuple):
    """What is read as a whole: a row group, or a file.

    Args:
        file: the number of the file.
        group: the number of the group in it.
        first: the number of its first row in the file.
        rows: how many it has; None where that is not known.
    """

    file: int
    group: int = 0
    first: int = 0
    rows: int | None = None


class FileSource(Source):
    """Files of tables.

    Args:
        paths: the files.
        pieces: what is read as a whole.
        table: what becomes of the columns.
        classes: all labels of y.
    """

    def __init__(
        self, paths: Sequence[str], pieces: Sequence[Piece], table: TableColumns, classes: Sequence[str] | None
    ) -> None:
        self.paths = tuple(paths)
        self.pieces = tuple(pieces)
        self.table = table
        self._classes = None if classes is None else tuple(sorted(classes))

    @property
    def rows(self) -> int | None:
        """How many rows a pass gives; None where a piece does not say."""
        counts = [piece.rows for piece in self.pieces]
        return None if None in counts else sum(count or 0 for count in counts)

    @property
    def columns(self) -> tuple[str, ...] | None:
        """The names of the columns of x; None where they are by the name of an input, or one alone."""
        field = self.table.fields[0]
        return None if isinstance(field, dict) or field.is_alone else field.columns

    @property
    def classes(self) -> tuple[str, ...] | None:
        """All labels of y, in order."""
        return self._classes

    def blocks(self, order: Order, skip: int = 0) -> Iterator[RowBlock]:
        """Yield the rows of a pass, all but the first `skip`."""
        pieces = [self.pieces[index] for index in order.numbers(len(self.pieces))]
        while pieces and pieces[0].rows is not None and pieces[0].rows <= skip:
            skip -= pieces.pop(0).rows or 0
        return dropped((block for piece in pieces for block in self._rows(piece)), skip)

    def place(self, number: int) -> str:
        """Return how errors name a row."""
        file, row = divmod(number, ROWS_OF_A_FILE)
        return f"row {row} of {self.paths[file]}"

    def read(self, piece: Piece) -> Iterator[Any]:
        """Yield the rows of a piece as Arrow batches."""
        raise NotImplementedError

    def _rows(self, piece: Piece) -> Iterator[RowBlock]:
        first = piece.file * ROWS_OF_A_FILE + piece.first
        with reading(self.paths[piece.file]):
            for batch in self.read(piece):
                if batch.num_rows:
                    yield RowBlock(self.table.parts(batch), np.arange(first, first + batch.num_rows))
                    first += batch.num_rows


@contextlib.contextmanager
def reading(path: str) -> Iterator[None]:
    """Say which file it is where one cannot be read.

    Raises:
        DataError: for a file that is damaged, or is no table of the kind it should be.
    """
    arrow = require("pyarrow", extra="data", purpose="reading files of tables")
    try:
        yield
    except (OSError, arrow.ArrowException) as error:
        reason, fix = " ".join(str(error).split()), "check how it was written, or leave it out."
        if "columns, got" in reason:  # what pyarrow says of a line of CSV that is too short or too long
            fix = 'correct the line, or write on_error="skip" to leave such lines out.'
        raise checks.problem(DataError, path, expected="a file that can be read", got=reason, fix=fix) from error


def found_files(paths: Paths, ending: str, *, where: str) -> list[str]:
    """Return files in the order of their names.

    Args:
        paths: a file, a folder, or a pattern such as "data/*.parquet"; or several of them.
        ending: which files of a folder to take.
        where: the place to name in an error.

    Raises:
        ArgumentError: for what is no path.
        DataError: for a path or pattern without a file, and an empty list of them.
    """
    several = list(paths) if isinstance(paths, Iterable) and not isinstance(paths, str) else [paths]
    fix = f'name a file, a folder of {ending} files, or a pattern such as "data/*{ending}".'
    if not several:
        raise checks.problem(DataError, where, expected="files", got="none", fix=fix)
    found: list[str] = []
    for given in several:
        path = str(checks.path(where, given, of="file", example=f"data/*{ending}"))
        inside = sorted(map(str, Path(path).rglob(f"*{ending}"))) if os.path.isdir(path) else sorted(glob.glob(path))
        if not inside:
            raise checks.problem(DataError, where, expected="files", got=f"none at {path!r}", fix=fix)
        found += inside
    return found
