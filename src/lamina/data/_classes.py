"""Targets that are classes: numbers from 0, or one-hot rows."""

from __future__ import annotations

import numpy as np

from lamina._core import checks
from lamina.data._arrays import place_of, to_numbers
from lamina.data._target_shape import Shape, in_shape
from lamina.errors import DataError

ROW_SUM_TOLERANCE = 1e-3


def one_hot(numbers: np.ndarray, count: int) -> np.ndarray:
    """Return float32 rows with a 1 at each number's place.

    Args:
        numbers: class numbers from 0 to count - 1, of any shape.
        count: how many classes there are.

    Example:
        >>> import numpy as np
        >>> from lamina.data import one_hot
        >>> one_hot(np.array([1, 0]), 3).tolist()
        [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]
    """
    rows = np.zeros((*numbers.shape, count), dtype=np.float32)
    np.put_along_axis(rows, numbers[..., None], 1, axis=-1)
    return rows


def class_numbers(targets: np.ndarray, kind: str) -> np.ndarray | None:
    """Return the class of each row, or each row and time step; None for numbers.

    Args:
        targets: as `to_targets` gives them.
        kind: what the loss takes (``loss.targets``).

    Example:
        >>> import numpy as np
        >>> from lamina.data import class_numbers
        >>> class_numbers(np.array([[0.0, 1.0], [1.0, 0.0]]), "one_hot").tolist()
        [1, 0]
    """
    if kind == "classes":
        return targets
    if kind == "one_hot":
        return np.asarray(targets.argmax(axis=-1))
    if kind in ("binary", "sign") and targets.shape[-1:] == (1,) and np.isin(targets, (-1, 0, 1)).all():
        return (targets[..., 0] > 0).astype(np.int32)
    return None


def to_class_numbers(array: np.ndarray, shape: Shape, *, where: str, ignored: int | None = None) -> np.ndarray:
    """Return class numbers as int32, of the shape of the output without its last axis.

    Args:
        array: class numbers, or one-hot rows.
        shape: the shape of the output, batch first, one output for each class.
        where: the place to name in an error.
        ignored: a number that is allowed though it is no class.

    Raises:
        DataError: for numbers that are no class, and another shape.
    """
    count = int(shape[-1] or 0)
    if array.ndim == len(shape) and array.shape[-1] == count > 1:
        return np.asarray(to_one_hot(array, shape, where=where, exact=True).argmax(axis=-1), dtype=np.int32)
    fix = "give one class number for each row, or one-hot rows."
    if array.ndim == len(shape) and array.shape[-1] > 1:
        fix = f"give the last layer {array.shape[-1]} units for one-hot rows of as many classes, or give class numbers."
    elif len(shape) > 2:
        fix = (
            "put Flatten() before the first Dense for one class a row, or give a class number for each place in a row."
        )
    array = in_shape(array, shape[:-1], where=where, fix=fix)
    values = array if array.dtype.kind in "iub" else to_numbers(array, where=where)
    wrong = (values < 0) | (values >= count) | (values != np.floor(values))
    if ignored is not None:
        _check_counted(values, ignored, where)
        wrong &= values != ignored
    if wrong.any():
        raise checks.problem(
            DataError,
            where,
            expected=f"class numbers from 0 to {count - 1}",
            got=f"{values[wrong][0]:g} in {place_of(wrong)}",
            fix=_fix(values, count),
        )
    return values.astype(np.int32)


def to_one_hot(
    array: np.ndarray, shape: Shape, *, where: str, exact: bool = False, dtype: str = "float32"
) -> np.ndarray:
    """Return one row of class probabilities for each example, as floating numbers.

    Args:
        array: rows of probabilities, or class numbers.
        shape: the shape of the output, batch first, one output for each class.
        where: the place to name in an error.
        exact: whether each row must have a single 1.
        dtype: the type of probabilities, "float32" or "float64".

    Raises:
        DataError: for rows that are no probabilities, and another shape.
    """
    count = int(shape[-1] or 0)
    if count > 1 and (array.ndim == len(shape) - 1 or (array.ndim == len(shape) and array.shape[-1] == 1)):
        return one_hot(to_class_numbers(array, shape, where=where), count)
    values = in_shape(to_numbers(array, where=where, dtype=dtype), shape, where=where).astype(dtype, copy=False)
    sums = values.sum(axis=-1)
    wrong = (values.min(axis=-1) < 0) | ((np.abs(sums - 1) > ROW_SUM_TOLERANCE) & (count > 1))
    if exact:
        wrong |= values.max(axis=-1) != 1
    if wrong.any():
        least, most, total = (found[wrong][0] for found in (values.min(axis=-1), values.max(axis=-1), sums))
        raise checks.problem(
            DataError,
            where,
            expected="one-hot rows" if exact else "class probabilities of at least 0 that sum to 1 in each row",
            got=f"numbers from {least:g} to {most:g} with a sum of {total:g} in {place_of(wrong)}",
            fix="give one-hot rows or class numbers; several labels in a row need sigmoid and binary_crossentropy.",
        )
    return values


def _check_counted(values: np.ndarray, ignored: int, where: str) -> None:
    if bool((values == ignored).all()):
        raise checks.problem(
            DataError,
            where,
            expected=f"at least one class that counts beside ignore_class={ignored}",
            got="none",
            fix="check the targets, or ignore_class.",
        )


def _fix(values: np.ndarray, count: int) -> str:
    low, high = values.min().item(), values.max().item()
    if bool((values != np.floor(values)).any()) or low < 0:
        return "class numbers count from 0; other targets need another loss."
    if low > 0 and high - low < count:
        return f"subtract {low:g} from the labels."
    if len(np.unique(values)) == count:
        return "number the labels from 0: y = np.unique(y, return_inverse=True)[1]."
    return f"give the last layer {int(high) + 1} units, or correct the labels."
