"""Turn what people have (frames, lists, arrays of any library) into NumPy arrays of numbers."""

from __future__ import annotations

import decimal
import numbers
from collections.abc import Sequence
from typing import Any

import narwhals as nw
import numpy as np

from lamina._core import checks
from lamina.errors import DataError

SMALL_TYPES = ("uint8", "int8", "bool", "float16")
WHOLE_TYPES = {"int32": "whole numbers from -2147483648 to 2147483647", "bool": "True and False, or 1 and 0"}

Columns = list[str] | None


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
    return _read(value, where)[0]


def to_numbers(value: Any, *, where: str, dtype: str = "float32") -> np.ndarray:
    """Return data as a NumPy array of finite numbers.

    Args:
        value: as in `to_array`.
        where: the place to name in an error.
        dtype: "float32", "int32" or "bool". For float32, bytes, booleans and half floats stay as they are; the
            compiled program widens them a batch at a time.

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
    array, columns = _read(value, where)
    if array.dtype == object:
        array = _from_objects(array, where, columns)
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
    _check_finite(array, where, columns)
    if dtype == "float32" and array.dtype.name in SMALL_TYPES:
        return array
    with np.errstate(over="ignore"):
        result = array.astype(dtype, copy=False)
    if dtype != "float32":
        _check_whole(array, result, where, columns)
    elif result is not array:
        _check_finite(result, where, columns, before=array)
    return result


def column_names(value: Any) -> tuple[str, ...] | None:
    """Return the names of the columns of a frame, None for anything else.

    Args:
        value: data as in `to_array`; columns whose names are not text count as having none.
    """
    native = _native(value, "x")
    names = tuple(native.columns) if isinstance(native, nw.DataFrame) else ()
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
    return _native(value, where).select(list(columns)).to_native()


def place_of(wrong: np.ndarray, columns: Columns = None) -> str:
    """Describe where the first True is: ``row 3, column 'age'``."""
    row, *rest = (int(index) for index in np.argwhere(wrong)[0])
    if len(rest) == 1:
        return f"row {row}, column {columns[rest[0]] if columns else rest[0]!r}"
    return f"row {row}, place {tuple(rest)}" if rest else f"row {row}"


def _read(value: Any, where: str) -> tuple[np.ndarray, Columns]:
    """Return an array with at least one row, and the names of its columns where it had any."""
    columns = None
    native = _native(value, where)
    if isinstance(native, nw.DataFrame):
        array, columns = _from_frame(native, where), native.columns
    elif isinstance(native, nw.Series):
        array = native.to_numpy()
    elif np.ma.is_masked(value):
        array = np.array(value.tolist(), dtype=object)  # what is masked is missing: None
    else:
        array = _from_object(value, where)
    if array.ndim == 0:
        is_shown = value is None or np.isscalar(value) or hasattr(value, "shape")
        method = next((name for name in ("collect", "toarray", "to_numpy") if hasattr(value, name)), None)
        raise checks.problem(
            DataError,
            where,
            expected="rows",
            got=checks.plain(value) if is_shown else f"an object of type {type(value).__name__}",
            fix=f"call {method}() on it first." if method else "pass an array with one row for each example.",
        )
    if len(array) == 0:
        raise checks.problem(
            DataError, where, expected="at least one row", got="none", fix="check the filter or file it came from."
        )
    return array, columns


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


def _from_frame(frame: nw.DataFrame[Any], where: str) -> np.ndarray:
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


def _from_objects(array: np.ndarray, where: str, columns: Columns) -> np.ndarray:
    """Turn an array of Python objects into numbers if they all are numbers; None is a missing one."""
    wrong = np.array([not _is_number(item) for item in array.reshape(-1)], dtype=bool).reshape(array.shape)
    if wrong.any():
        raise checks.problem(
            DataError,
            where,
            expected="numbers",
            got=f"{checks.plain(array[wrong][0])} in {place_of(wrong, columns)}",
            fix="turn text into numbers first (one column for each category), and fill in what is missing.",
        )
    return array.astype(np.float64)


def _is_number(item: object) -> bool:
    return item is None or isinstance(item, (numbers.Real, decimal.Decimal, np.bool_))


def _check_finite(array: np.ndarray, where: str, columns: Columns, *, before: np.ndarray | None = None) -> None:
    """Refuse NaN and infinity; `before` is what the array was, so that numbers beyond float32 are told from them."""
    if array.dtype.kind != "f" or array.size == 0 or (np.isfinite(array.min()) and np.isfinite(array.max())):
        return
    wrong = ~np.isfinite(array)
    raise checks.problem(
        DataError,
        where,
        expected="finite numbers",
        got=f"{array[wrong][0] if before is None else f'{before[wrong][0]:g}, which is beyond float32,'} "
        f"in {place_of(wrong, columns)} ({int(wrong.sum())} such in all)",
        fix="fill in, correct or drop what is missing or infinite before training.",
    )


def _check_whole(before: np.ndarray, after: np.ndarray, where: str, columns: Columns) -> None:
    wrong = after != before
    if wrong.any():
        raise checks.problem(
            DataError,
            where,
            expected=WHOLE_TYPES[after.dtype.name],
            got=f"{before[wrong][0]:g} in {place_of(wrong, columns)}",
            fix=f"correct the data, or state another type than {after.dtype.name} in Input(dtype=...).",
        )
