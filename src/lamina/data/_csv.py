"""CSV files, read from their beginning to their end."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lamina._core.optional import require
from lamina.data._attempts import Skipped
from lamina.data._file_source import FileSource, Paths, Piece, found_files, reading
from lamina.data._source import READ_BYTES
from lamina.data._table_columns import TableColumns, Wanted, table_columns


@dataclasses.dataclass(frozen=True, eq=False)
class CSVReader:
    """Opens CSV files that begin with a line of names.

    Args:
        failed: what becomes of lines that have too few or too many values.
        delimiter: what stands between two values.
        types: the Arrow type of each column to read; found out from the first lines when not given.
    """

    failed: Skipped
    delimiter: str = ","
    types: Mapping[str, Any] | None = None

    def schema(self, path: str) -> Any:
        """Return the columns of a file and their types, as far as the first lines tell."""
        with self._naming_rows(path), self._open(path) as batches:
            return batches.schema

    def batches(self, path: str) -> Iterator[Any]:
        """Yield the rows of a file as Arrow batches."""
        with self._naming_rows(path), self._open(path) as batches:
            yield from batches

    @contextlib.contextmanager
    def _naming_rows(self, path: str) -> Iterator[None]:
        """Read a file that is no good once more: several threads do not know the row, one does and raises for it."""
        try:
            yield
        except ValueError:
            with self._open(path, threads=False) as batches:
                list(batches)
            raise

    def _open(self, path: str, *, threads: bool = True) -> Any:
        """Return what reads a file bit by bit."""
        csv = require("pyarrow.csv", extra="data", purpose="Dataset.from_csv()")

        def leave_out(line: Any) -> str:
            reason = f"{line.actual_columns} values where the others have {line.expected_columns}"
            self.failed.reasons[f"{path}, {line.text}"] = reason
            return "skip"

        handler = leave_out if self.failed.skips else None
        return csv.open_csv(
            path,
            csv.ReadOptions(use_threads=threads, block_size=READ_BYTES),
            csv.ParseOptions(delimiter=self.delimiter, invalid_row_handler=handler),
            csv.ConvertOptions(
                include_columns=list(self.types or ()), column_types=self.types, strings_can_be_null=True
            ),
        )


class CSVSource(FileSource):
    """CSV files with a line of names.

    Args:
        paths: the files.
        reader: what opens them.
        table: what becomes of the columns.
        classes: all labels of y.
    """

    def __init__(
        self, paths: Sequence[str], reader: CSVReader, table: TableColumns, classes: Sequence[str] | None
    ) -> None:
        super().__init__(paths, [Piece(file) for file in range(len(paths))], table, classes)
        self._reader = reader

    @property
    def skipped(self) -> Mapping[str, str]:
        """What was left out by how errors name it, and why."""
        return self._reader.failed.reasons

    def read(self, piece: Piece) -> Iterator[Any]:
        """Yield the rows of a file as Arrow batches."""
        return self._reader.batches(self.paths[piece.file])


def csv_source(paths: Paths, columns: Sequence[Wanted], reader: CSVReader, classes: Sequence[str] | None) -> CSVSource:
    """Return CSV files as a source.

    Args:
        paths: a file, a folder, or a pattern such as "data/*.csv"; or several of them.
        columns: which are x, y and sample_weight; see `table_columns`.
        reader: what opens the files.
        classes: all labels of y, where it is text.

    Raises:
        DataError: for a path without a file, a file that is no table or lacks a column, and columns of text in x.
        MissingDependencyError: where pyarrow is not installed.
    """
    arrow = require("pyarrow", extra="data", purpose="Dataset.from_csv()")
    found = found_files(paths, ".csv", where="from_csv(paths)")
    with reading(found[0]):
        schema = reader.schema(found[0])
    table = table_columns(schema, *columns, where="from_csv")
    # The first lines decide what is a number. It is read as one that may have a fraction, or be missing, further on.
    types = {name: schema.field(name).type for name in table.names}
    numbers = (arrow.types.is_integer, arrow.types.is_floating, arrow.types.is_null)
    types = {name: arrow.float64() if any(is_a(kind) for is_a in numbers) else kind for name, kind in types.items()}
    return CSVSource(found, dataclasses.replace(reader, types=types), table, classes)
