"""Turn what people have (frames, lists, arrays of any library) into NumPy arrays of numbers."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np

from lamina._core import checks
from lamina.errors import DataError

SMALL_TYPES = ("uint8", "int8", "bool", "float16")


def to_array(value: Any, *, where: str) -> np.ndarray:
    """Return `value` as a NumPy array, numbers or labels, without copying where that is possible.

    Args:
        value: a NumPy or JAX array, a pandas, polars or pyarrow frame or column, anything with ``__array__`` or DLPack,
            or nested lists of numbers.
        where: the place to name in an error.

    Raises:
        DataError: for what has no rows, or rows of different lengths.
    """
    if isinstance(value, np.ndarray):
        array = value
    else:
        native = nw.from_native(value, pass_through=True, eager_only=True, allow_series=True)
        if isinstance(native, nw.DataFrame):
            array = _from_frame(native, where)
        elif isinstance(native, nw.Series):
            array = native.to_numpy()
        else:
            array = _from_object(value, where)
    if array.ndim == 0:
        raise checks.problem(
            DataError,
            where,
            expected="rows",
            got=f"{checks.plain(value)} ({type(value).__name__})",
            fix="pass an array with one row for each example.",
        )
    if len(array) == 0:
        raise checks.problem(
            DataError, where, expected="at least one row", got="none", fix="check the filter or file it came from."
        )
    return array


def to_numbers(value: Any, *, where: str, dtype: str = "float32") -> np.ndarray:
    """Return `value` as finite numbers: `dtype`, or the type it has where that is small and exact.

    Args:
        value: as in `to_array`.
        where: the place to name in an error.
        dtype: "float32", "int32" or "bool". For float32, bytes, booleans and half floats stay as they are; the
            compiled program widens them a batch at a time.

    Raises:
        DataError: for text, dates, NaN or infinite numbers, and numbers beyond the type, with the place of the first.
    """
    array = to_array(value, where=where)
    if array.dtype == object:
        array = _from_objects(array, where)
    if array.dtype.kind not in "fiub":
        raise checks.problem(
            DataError,
            where,
            expected="numbers",
            got=f"values of type {array.dtype} such as {array.reshape(-1)[0]!r}",
            fix="turn text into numbers first (one column for each category), and dates into differences.",
        )
    if dtype == "float32" and array.dtype.name in SMALL_TYPES:
        result = array
    else:
        with np.errstate(over="ignore", invalid="ignore"):
            result = array.astype(dtype, copy=False)
    _check_finite(array, result, where)
    return result


def _from_frame(frame: nw.DataFrame[Any], where: str) -> np.ndarray:
    text = [name for name, dtype in frame.schema.items() if not (dtype.is_numeric() or dtype == nw.Boolean)]
    if text and len(frame.columns) > 1:
        raise checks.problem(
            DataError,
            where,
            expected="columns of numbers",
            got=f"the column {text[0]!r} of type {frame.schema[text[0]]}"
            + (f" and {len(text) - 1} more such" if len(text) > 1 else ""),
            fix=f"turn it into numbers, or leave it out: drop({text!r}).",
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


def _from_objects(array: np.ndarray, where: str) -> np.ndarray:
    """Turn an array of Python objects into numbers if they all are numbers."""
    try:
        return array.astype(np.float64)
    except (TypeError, ValueError):
        culprit = next(item for item in array.reshape(-1) if not isinstance(item, (int, float)))
    raise checks.problem(
        DataError,
        where,
        expected="numbers",
        got=f"{checks.plain(culprit)} among them",
        fix="turn text into numbers first (one column for each category), and fill in what is missing.",
    )


def _check_finite(before: np.ndarray, after: np.ndarray, where: str) -> None:
    if after.dtype.kind != "f" and before.dtype.kind != "f":
        return
    source = after if after.dtype.kind == "f" else before
    if source.size == 0 or (np.isfinite(source.min()) and np.isfinite(source.max())):
        return
    bad = ~np.isfinite(source)
    place = tuple(int(index) for index in np.argwhere(bad)[0])
    got = "a number beyond float32" if np.isfinite(before[place]) else str(before[place])
    column = f", column {place[1]}" if len(place) == 2 else f", place {place[1:]}" if len(place) > 2 else ""
    raise checks.problem(
        DataError,
        where,
        expected="finite numbers",
        got=f"{got} in row {place[0]}{column} ({int(bad.sum())} such in all)",
        fix="fill in, correct or drop what is missing or infinite before training.",
    )
