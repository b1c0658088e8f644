"""Frames and columns of pandas, polars and pyarrow, seen through narwhals.

Narwhals takes a while to import, and arrays do not need it: `_arrays` loads this file with the first frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np

from lamina._core import checks
from lamina.errors import DataError


class Table(NamedTuple):
    """The numbers of a frame or column, and what its columns and rows are called; None where they have no names."""

    array: np.ndarray
    columns: list[str] | None
    rows: Any


def read(value: Any, *, where: str) -> Table | None:
    """Return what a frame or column holds, None for anything else.

    Raises:
        DataError: for columns of text beside others, and two columns of one name.
    """
    native = _native(value, where)
    if isinstance(native, nw.DataFrame):
        return Table(_array(native, where), native.columns, nw.maybe_get_index(native))
    if isinstance(native, nw.Series):
        return Table(native.to_numpy(), None, nw.maybe_get_index(native))
    return None


def columns_of(value: Any) -> list[str] | None:
    """Return the names of the columns of a frame, None for anything else."""
    native = _native(value, "x")
    return native.columns if isinstance(native, nw.DataFrame) else None


def select(value: Any, columns: Sequence[str], *, where: str) -> Any:
    """Return some columns of a frame, in their order."""
    return _native(value, where).select(list(columns)).to_native()


def _native(value: Any, where: str) -> Any:
    """Return a frame or column as narwhals sees it, anything else as it is."""
    try:
        return nw.from_native(value, pass_through=True, eager_only=True, allow_series=True)
    except nw.exceptions.DuplicateError as error:
        raise checks.problem(
            DataError,
            where,
            expected="a different name for each column",
            got="two columns of one name",
            fix="rename one of them, or leave it out.",
        ) from error


def _array(frame: nw.DataFrame[Any], where: str) -> np.ndarray:
    kinds = (nw.Boolean, nw.Object)  # objects may all be numbers; that is seen value by value
    text = [name for name, dtype in frame.schema.items() if not (dtype.is_numeric() or dtype in kinds)]
    if text and len(frame.columns) > 1:
        raise checks.problem(
            DataError,
            where,
            expected="columns of numbers",
            got=f"the column {text[0]!r} of type {frame.schema[text[0]]}"
            + (f" and {len(text) - 1} more such" if len(text) > 1 else ""),
            fix="turn it into numbers, or leave the column out.",
        )
    return frame.to_numpy()
