"""Turn what people have (frames, lists, arrays of any library) into NumPy arrays of numbers."""

from __future__ import annotations

import decimal
import math
import numbers
from collections.abc import Sequence
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from lamina._core import checks
from lamina.errors import DataError

FLOATING_TYPES = ("float32", "float64")
SMALL_TYPES = ("uint8", "int8", "bool", "float16")
MISSING = ("nan", "NaT", "None", "<NA>")
WHOLE_TYPES = {"int32": "whole numbers from -2147483648 to 2147483647", "bool": "True and False, or 1 and 0"}


class Names(NamedTuple):
    """What the columns and rows of a frame are called; None where they are only counted."""

    columns: Sequence[str] | None = None
    rows: Any = None


def to_array(value: Any, *, where: str) -> np.ndarray:
    """Return data as a NumPy array of numbers or labels.

    Nothing is copied where that is possible.

    Args:
        value: a NumPy or JAX array, a pandas, polars or pyarrow frame or column, anything with ``__array__`` or DLPack,
            or nested lists of numbers.
        where: the place to name in an error.

    Raises:
        DataError: for what has no rows, rows of different lengths, or columns of text beside others.

    Example:
        >>> from lamina.data import to_array
        >>> to_array([[1, 2], [3, 4]], where="x").shape
        (2, 2)
    """
    return read(value, where=where)[0]


def to_numbers(value: Any, *, where: str, dtype: str = "float32") -> np.ndarray:
    """Return data as a NumPy array of finite numbers.

    Args:
        value: as in `to_array`.
        where: the place to name in an error.
        dtype: "float32", "float64", "int32" or "bool". Floating numbers that are shorter than asked for, bytes and
            booleans stay as they are; the compiled program widens them a batch at a time.

    Raises:
        DataError: for text, dates, NaN or infinite numbers, and numbers beyond the type, with the place of the first.

    Example:
        >>> from lamina.data import to_numbers
        >>> to_numbers([1, 2, float("nan")], where="x")
        Traceback (most recent call last):
            ...
        lamina.errors.DataError: x: expected finite numbers, got nan in row 2 (1 such in all).
          Fix: fill in, correct or drop what is missing or infinite before training.
    """
    array, named = read(value, where=where)
    if array.dtype == object:
        array = _from_objects(array, where, named)
    if array.dtype.name == "bfloat16":  # NumPy does not know it as a number
        array = array.astype(np.float32)
    if array.dtype.kind not in "fiub":
        raise checks.problem(
            DataError,
            where,
            expected="numbers",
            got=f"values of type {array.dtype}" + (f" such as {array.reshape(-1)[0].item()!r}" if array.size else ""),
            fix="turn text into numbers first (one column for each category), and dates into differences.",
        )
    check_finite(array, where=where, named=named)
    if dtype in FLOATING_TYPES and (array.dtype.name in SMALL_TYPES or array.dtype == np.float32):
        return array
    with np.errstate(over="ignore"):
        result = array.astype(dtype, copy=False)
    if dtype not in FLOATING_TYPES:
        _check_whole(array, result, where, named)
    elif result is not array:
        check_finite(result, where=where, named=named, before=array)
    return result


def column_names(value: Any) -> tuple[str, ...] | None:
    """Return the names of the columns of a frame, None for anything else.

    Args:
        value: data as in `to_array`; columns whose names are not text count as having none.
    """
    frames = _frames(value)
    names = tuple((frames and frames.columns_of(value)) or ())
    return names if names and all(isinstance(name, str) for name in names) else None


def in_columns(value: Any, columns: Sequence[str], *, where: str) -> Any:
    """Return a frame with its columns in a given order.

    Args:
        value: data as in `to_array`; what has no names of columns is returned as it is.
        columns: the names that it must have, in the order to return.
        where: the place to name in an error.

    Raises:
        DataError: for a column that is missing, or one too many.

    Example:
        >>> import pandas
        >>> from lamina.data import in_columns
        >>> list(in_columns(pandas.DataFrame({"a": [1], "b": [2]}), ["b", "a"], where="x").columns)
        ['b', 'a']
    """
    names = column_names(value)
    if names is None or names == tuple(columns):
        return value
    check_columns(names, columns, where=where)
    frames = _frames(value)
    return frames.select(value, columns, where=where) if frames else value


def check_columns(names: Sequence[str], columns: Sequence[str], *, where: str) -> None:
    """Refuse a frame with other columns than in training; their order does not matter.

    Args:
        names: the columns of the frame.
        columns: those seen in training.
        where: the place to name in an error.

    Raises:
        DataError: for a column that is missing, or one too many.
    """
    missing = [name for name in columns if name not in names]
    others = [name for name in names if name not in columns]
    if missing or others:
        near = checks.nearest(missing[0], others) if missing else None
        raise checks.problem(
            DataError,
            where,
            expected=f"the columns that the model was trained on, {checks.listed(columns, 'and')}",
            got=f"a frame without {missing[0]!r}" if missing else f"a frame that also has {others[0]!r}",
            fix=f"rename {near!r}, or add the column." if near else "select the same columns as for training.",
        )


def place_of(wrong: np.ndarray, named: Names | None = None) -> str:
    """Describe where the first True is: ``row 3 (labelled 'Eve'), column 'age'``."""
    columns, rows = named or Names()
    row, *rest = (int(index) for index in np.argwhere(wrong)[0])
    label = str(row) if rows is None else checks.plain(rows[row])
    place = f"row {row}" if label in (str(row), *MISSING) else f"row {row} (labelled {label})"
    if len(rest) == 1:
        return f"{place}, column {columns[rest[0]] if columns else rest[0]!r}"
    return f"{place}, place {tuple(rest)}" if rest else place


def read(value: Any, *, where: str) -> tuple[np.ndarray, Names]:
    """Return an array with at least one row, and what its columns and rows are called; see `to_array`."""
    frames = _frames(value)
    table = frames.read(value, where=where) if frames else None
    if table is not None:
        array, named = table.array, Names(table.columns, table.rows)
    elif np.ma.is_masked(value):
        array, named = np.array(value.tolist(), dtype=object), Names()  # what is masked is missing: None
    else:
        array, named = _from_object(value, where), Names()
    if array.ndim == 0:
        is_shown = value is None or np.isscalar(value) or hasattr(value, "shape")
        method = next((name for name in ("collect", "toarray", "to_numpy") if hasattr(value, name)), None)
        raise checks.problem(
            DataError,
            where,
            expected="rows",
            got=checks.plain(value) if is_shown else f"an object of type {type(value).__name__}",
            fix=f"call {method}() on it first." if method else _remedy(value),
        )
    if len(array) == 0:
        raise checks.problem(
            DataError, where, expected="at least one row", got="none", fix="check the filter or file it came from."
        )
    return array, named


def _frames(value: Any) -> ModuleType | None:
    """Return what reads frames, None for what is known to be none."""
    if isinstance(value, (np.ndarray, list, tuple)):
        return None
    from lamina.data import _frames  # noqa: PLC0415 - it takes a while, and only frames need it

    return _frames


def _from_object(value: Any, where: str) -> np.ndarray:
    try:
        return np.asarray(value)
    except ValueError as error:
        raise checks.problem(
            DataError,
            where,
            expected="rows of one length",
            got="nested lists of different lengths",
            fix="pad the short rows, or cut the long ones, to one length.",
        ) from error
    except (TypeError, RuntimeError):
        if hasattr(value, "__dlpack__"):
            return np.from_dlpack(value)
        raise


def _from_objects(array: np.ndarray, where: str, named: Names) -> np.ndarray:
    """Turn an array of Python objects into numbers if they all are numbers; None is a missing one."""
    wrong = np.array([not _is_number(item) for item in array.reshape(-1)], dtype=bool).reshape(array.shape)
    if wrong.any():
        raise checks.problem(
            DataError,
            where,
            expected="numbers",
            got=f"{checks.plain(array[wrong][0])} in {place_of(wrong, named)}",
            fix="turn text into numbers first (one column for each category), and fill in what is missing.",
        )
    return array.astype(np.float64)


def _is_number(item: object) -> bool:
    return item is None or isinstance(item, (numbers.Real, decimal.Decimal, np.bool_))


def check_finite(array: np.ndarray, *, where: str, named: Names, before: np.ndarray | None = None) -> None:
    """Refuse NaN and infinity; `before` is what the array was, so that numbers beyond float32 are told from them."""
    if array.dtype.kind != "f" or array.size == 0 or _is_finite(array):
        return
    wrong = ~np.isfinite(array)
    raise checks.problem(
        DataError,
        where,
        expected="finite numbers",
        got=f"{array[wrong][0] if before is None else f'{before[wrong][0]:g}, which is beyond float32,'} "
        f"in {place_of(wrong, named)} ({int(wrong.sum())} such in all)",
        fix="fill in, correct or drop what is missing or infinite before training.",
    )


def _is_finite(array: np.ndarray) -> bool:
    """Tell whether every number is finite."""
    if array.flags.c_contiguous and array.dtype in (np.float32, np.float64) and math.isfinite(np.vdot(array, array)):
        return True  # found out in one pass; a sum of squares beyond the type says nothing
    return bool(np.isfinite(array.min()) and np.isfinite(array.max()))


def _check_whole(before: np.ndarray, after: np.ndarray, where: str, named: Names) -> None:
    wrong = after != before
    if wrong.any():
        raise checks.problem(
            DataError,
            where,
            expected=WHOLE_TYPES[after.dtype.name],
            got=f"{before[wrong][0]:g} in {place_of(wrong, named)}",
            fix=f"correct the data, or state another type than {after.dtype.name} in Input(dtype=...).",
        )


def _remedy(value: Any) -> str:
    """Return what to do about a value that is no array."""
    if callable(value) or (hasattr(value, "__iter__") and not isinstance(value, (str, bytes))):
        return "write Dataset.from_batches(...), or from_rows(...) for single rows: see lamina.data.Dataset."
    return "pass an array with one row for each example."
