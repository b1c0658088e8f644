"""Which columns of a table are inputs, targets and weights, and how they become arrays."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from lamina._core import checks
from lamina.data._row_block import NAMES, Part, each_array, leaves_of
from lamina.errors import DataError

Wanted: TypeAlias = str | Sequence[str] | Mapping[str, str | Sequence[str]] | None
"""One column, several side by side, or either of them for each name."""


ROWS_AT_ONCE = 1024
"""How many rows are filled, column by column, before the next ones: as many as stay in the processor's cache."""


@dataclasses.dataclass(frozen=True)
class Field:
    """Columns that become one array.

    Args:
        columns: their names.
        is_alone: whether the array is of shape (rows,), for one column that was not given in a list.
        dtype: the type of the numbers of columns side by side.
    """

    columns: tuple[str, ...]
    is_alone: bool
    dtype: str = "float32"


@dataclasses.dataclass(frozen=True)
class TableColumns:
    """What becomes of the columns of a table.

    Args:
        fields: x; x and y; or x, y and sample_weight; each a `Field`, or a dictionary of them.
        where: the place to name in an error.
    """

    fields: tuple[Part, ...]
    where: str

    @property
    def names(self) -> list[str]:
        """All columns that are read."""
        return sorted({name for field in leaves_of(self.fields) for name in field.columns})

    def parts(self, table: Any) -> tuple[Part, ...]:
        """Return the arrays for an Arrow table or batch of rows."""
        return tuple(each_array(lambda field: self._array(table, field), part) for part in self.fields)

    def _array(self, table: Any, field: Field) -> np.ndarray:
        arrays = [_numpy(table.column(name)) for name in field.columns]
        if field.is_alone:
            return arrays[0]
        dtype = np.dtype(field.dtype)
        if dtype.kind != "f" and any(array.dtype.kind == "f" for array in arrays):
            dtype = np.dtype("float64")  # whole numbers with some missing, which only a float can say
        rows = np.empty((table.num_rows, len(arrays)), dtype)
        with np.errstate(over="ignore"):  # what is beyond float32 becomes infinite, and is refused by the checks
            for start in range(0, len(rows), ROWS_AT_ONCE):
                for index, array in enumerate(arrays):
                    rows[start : start + ROWS_AT_ONCE, index] = array[start : start + ROWS_AT_ONCE]
        return rows


def table_columns(schema: Any, x: Wanted, y: Wanted, sample_weight: Wanted, *, where: str) -> TableColumns:
    """Return what becomes of the columns of a table.

    Args:
        schema: an Arrow schema.
        x: the columns of the inputs; None for all that are nothing else.
        y: the columns of the targets; None for none.
        sample_weight: the column that says how much a row counts; None for 1 each.
        where: the place to name in an error.

    Raises:
        DataError: for a column that does not exist, and columns of text or lists side by side with others.
    """
    if x is None:
        others = {*_names(y), *_names(sample_weight)}
        x = [name for name in schema.names if name not in others]
    fields: list[Part] = []
    for part, wanted in zip(NAMES, (x, y, sample_weight), strict=True):
        if wanted is None:
            break
        place = f"{where}, {part}"
        if isinstance(wanted, Mapping):
            fields.append({name: _field(schema, own, place) for name, own in wanted.items()})
        else:
            fields.append(_field(schema, wanted, place))
    return TableColumns(tuple(fields), where)


def _names(wanted: Wanted) -> Iterable[str]:
    if isinstance(wanted, Mapping):
        return (name for own in wanted.values() for name in _names(own))
    return [wanted] if isinstance(wanted, str) else wanted or []


def _field(schema: Any, wanted: str | Sequence[str], where: str) -> Field:
    columns = tuple(_names(wanted))
    for name in columns:
        if name not in schema.names:
            near = checks.nearest(name, schema.names)
            raise checks.problem(
                DataError,
                where,
                expected=f"columns of the table, {checks.listed(schema.names[:10], 'and')}",
                got=repr(name),
                fix=f"did you mean {near!r}?" if near else "name one of them.",
            )
    if isinstance(wanted, str):
        return Field(columns, is_alone=True)
    types = [_number_type(schema.field(name).type) for name in columns]
    for name, found in zip(columns, types, strict=True):
        if found is None:
            raise checks.problem(
                DataError,
                where,
                expected="columns of numbers",
                got=f"the column {name!r} of type {schema.field(name).type}",
                fix="turn it into numbers, or list the columns to use: x=[...].",
            )
    return Field(columns, is_alone=False, dtype=_common_type([found for found in types if found is not None]))


def _number_type(kind: Any) -> np.dtype[Any] | None:
    """Return the type of the numbers of an Arrow type; None where it is none of numbers."""
    if hasattr(kind, "value_type") and hasattr(kind, "index_type"):  # a dictionary of different values
        kind = kind.value_type
    if str(kind).startswith(("decimal", "null")):
        return np.dtype("float64")
    try:
        found = np.dtype(kind.to_pandas_dtype())
    except NotImplementedError:
        return None
    return found if found.kind in "fiub" else None


def _common_type(types: Sequence[np.dtype[Any]]) -> str:
    """Return float32, or for whole numbers alone a type that holds them all exactly: they may be tokens."""
    return str(np.result_type(*types)) if types and all(dtype.kind in "iub" for dtype in types) else "float32"


def _numpy(column: Any) -> np.ndarray:
    """Return an Arrow column as an array; what is missing becomes NaN or None."""
    if hasattr(column.type, "list_size") and not column.null_count:
        inner: np.ndarray = column.flatten().to_numpy(zero_copy_only=False)
        return inner.reshape(len(column), -1)
    if str(column.type).startswith(("decimal", "null")):
        column = column.cast("float64")
    array: np.ndarray = column.to_numpy(zero_copy_only=False)
    return array
