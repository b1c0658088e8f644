"""Parquet files, read a row group at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lamina._core import checks
from lamina._core.optional import require
from lamina.data._file_source import FileSource, Paths, Piece, found_files, reading
from lamina.data._table_columns import TableColumns, Wanted, table_columns
from lamina.errors import DataError

ROWS_AT_ONCE = 2**16


class ParquetSource(FileSource):
    """Parquet files. Their footers are read once, and tell how many rows there are.

    Args:
        paths: the files.
        footers: what each file says of itself.
        table: what becomes of the columns.
        classes: all labels of y.
    """

    def __init__(
        self, paths: Sequence[str], footers: Sequence[Any], table: TableColumns, classes: Sequence[str] | None
    ) -> None:
        pieces = []
        for file, footer in enumerate(footers):
            first = 0
            for group in range(footer.num_row_groups):
                rows = footer.row_group(group).num_rows
                pieces.append(Piece(file, group, first, rows))
                first += rows
        super().__init__(paths, pieces, table, classes)
        self._footers = tuple(footers)

    def read(self, piece: Piece) -> Iterator[Any]:
        """Yield the rows of a row group as Arrow batches."""
        parquet = require("pyarrow.parquet", extra="data", purpose="Dataset.from_parquet()")
        path, footer = self.paths[piece.file], self._footers[piece.file]
        # Read bit by bit and not as a whole: a row group may be larger than what should be held in memory.
        with parquet.ParquetFile(path, metadata=footer, pre_buffer=False, buffer_size=2**20) as file:
            yield from file.iter_batches(ROWS_AT_ONCE, row_groups=[piece.group], columns=self.table.names)


def parquet_source(paths: Paths, columns: Sequence[Wanted], classes: Sequence[str] | None) -> ParquetSource:
    """Return Parquet files as a source.

    Args:
        paths: a file, a folder, or a pattern such as "data/*.parquet"; or several of them.
        columns: which are x, y and sample_weight; see `table_columns`.
        classes: all labels of y, where it is text.

    Raises:
        DataError: for a path without a file, a file that is not Parquet or lacks a column, and columns of text in x.
        MissingDependencyError: where pyarrow is not installed.
    """
    parquet = require("pyarrow.parquet", extra="data", purpose="Dataset.from_parquet()")
    found = found_files(paths, ".parquet", where="from_parquet(paths)")
    footers = []
    for path in found:
        with reading(path):
            footers.append(parquet.read_metadata(path))
    table = table_columns(footers[0].schema.to_arrow_schema(), *columns, where="from_parquet")
    for path, footer in zip(found, footers, strict=True):
        missing = set(table.names) - set(footer.schema.to_arrow_schema().names)
        if missing:
            raise checks.problem(
                DataError,
                path,
                expected=f"the columns of {found[0]}",
                got=f"no column {min(missing)!r}",
                fix="leave the file out, or list the columns that all files have: x=[...].",
            )
    return ParquetSource(found, footers, table, classes)
