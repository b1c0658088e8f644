"""Turn targets into what the loss takes, and refuse those that cannot mean what it would make of them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from lamina._core import checks
from lamina.data._arrays import to_array, to_numbers
from lamina.errors import DataError

CLASS_TARGETS = ("one_hot", "classes")
TWO_CLASSES = ("binary", "sign")
ROW_SUM_TOLERANCE = 1e-3


class Targets(NamedTuple):
    """Targets as the loss takes them, and the labels that class 0, 1, ... stand for (None where they are numbers)."""

    values: np.ndarray
    classes: np.ndarray | None


def to_targets(y: Any, kind: str, shape: tuple[int | None, ...], *, where: str, classes: np.ndarray | None = None) -> Targets:
    """Return targets as a loss takes them.

    Args:
        y: numbers, class numbers, one-hot rows, booleans or labels.
        kind: what the loss takes (``loss.targets``).
        shape: the shape of the output, batch first.
        where: the place to name in an error, such as ``y``.
        classes: the labels seen in training, in the order of the outputs; None to learn them from `y`.

    Raises:
        DataError: for a shape that is not the output's, labels that do not fit its size, and values out of range.
    """
    array = to_array(y, where=where)
    if kind == "any":
        return Targets(to_numbers(array, where=where), None)
    if _is_labels(array):
        return _from_labels(array, kind, shape, where, classes)
    if array.dtype == bool and kind in CLASS_TARGETS and array.shape[1:] in ((), (1,)):
        return _from_labels(array.reshape(-1), kind, shape, where, classes)
    if classes is not None and kind in (*CLASS_TARGETS, *TWO_CLASSES) and array.ndim == 1:
        return _from_labels(array, kind, shape, where, classes)
    if kind == "classes":
        return Targets(_class_numbers(array, shape, where), None)
    if kind == "one_hot":
        return Targets(_one_hot_rows(array, shape, where), None)
    values = _of_shape(to_numbers(array, where=where), shape, where).astype(np.float32, copy=False)
    return Targets(_in_range(values, kind, where), None)


def one_hot(numbers: np.ndarray, count: int) -> np.ndarray:
    """Return float32 rows with a 1 at each number's place."""
    return np.eye(count, dtype=np.float32)[numbers]


def _is_labels(array: np.ndarray) -> bool:
    if array.dtype.kind in "US":
        return True
    return array.dtype == object and any(isinstance(item, (str, bytes)) for item in array.reshape(-1))


def _from_labels(
    array: np.ndarray, kind: str, shape: tuple[int | None, ...], where: str, classes: np.ndarray | None
) -> Targets:
    if array.shape[1:] == (1,):
        array = array[:, 0]
    if kind not in (*CLASS_TARGETS, *TWO_CLASSES) or array.ndim != 1:
        raise checks.problem(
            DataError,
            where,
            expected="numbers, as the loss asks for",
            got=f"labels such as {array.reshape(-1)[0]!r}",
            fix="use a loss for classes, such as sparse_categorical_crossentropy, or give numbers.",
        )
    if array.dtype == object:
        _check_all_text(array, where)
        array = array.astype(str)
    known = np.unique(array) if classes is None else classes
    count = 2 if kind in TWO_CLASSES else shape[-1]
    if classes is None and len(known) != count:
        raise checks.problem(
            DataError,
            where,
            expected=f"{count} different labels, one for each output" if kind in CLASS_TARGETS else "2 different labels",
            got=f"{len(known)} ({', '.join(map(repr, known[:5].tolist()))}{', ...' if len(known) > 5 else ''})",
            fix=f"give the last layer {len(known)} units and a softmax." if len(known) > 1 else "check the labels.",
        )
    numbers = np.searchsorted(known, array)
    numbers = np.minimum(numbers, len(known) - 1)
    unknown = known[numbers] != array
    if unknown.any():
        raise checks.problem(
            DataError,
            where,
            expected="the labels seen in training",
            got=f"{array[unknown][0].item()!r} in row {int(np.argmax(unknown))}",
            fix=f"use the labels {checks.listed(known.tolist()[:10], 'and')}.",
        )
    return Targets(_as_kind(numbers, kind, shape), known)


def _check_all_text(array: np.ndarray, where: str) -> None:
    for row, item in enumerate(array):
        if not isinstance(item, (str, bytes)):
            raise checks.problem(
                DataError,
                where,
                expected="a label in every row",
                got=f"{checks.plain(item)} in row {row}",
                fix="drop the rows whose label is missing.",
            )


def _as_kind(numbers: np.ndarray, kind: str, shape: tuple[int | None, ...]) -> np.ndarray:
    if kind == "one_hot":
        return one_hot(numbers, int(shape[-1] or 0))
    if kind == "classes":
        return numbers.astype(np.int32)
    values = numbers.astype(np.float32).reshape(-1, *(1,) * (len(shape) - 1))
    return values * 2 - 1 if kind == "sign" else values


def _class_numbers(array: np.ndarray, shape: tuple[int | None, ...], where: str) -> np.ndarray:
    count = int(shape[-1] or 0)
    if array.ndim == len(shape) and array.shape[-1] == count != 1 and array.shape[-1] != 1:
        return np.asarray(_one_hot_rows(array, shape, where).argmax(axis=-1), dtype=np.int32)
    if array.ndim == len(shape) and array.shape[-1] == 1:
        array = array[..., 0]
    if array.ndim != len(shape) - 1:
        _refuse_shape(array, shape[:-1], where, "give one class number for each row, or one-hot rows.")
    _check_sizes(array, shape[:-1], where, "give one class number for each row.")
    return _checked_classes(array, count, where)


def _checked_classes(array: np.ndarray, count: int, where: str) -> np.ndarray:
    values = to_numbers(array, where=where) if array.dtype.kind not in "iub" else array
    wrong = (values < 0) | (values >= count) | (values != np.floor(values))
    if wrong.any():
        row = int(np.argwhere(wrong)[0][0])
        value = values[wrong].reshape(-1)[0].item()
        low, high = values.min().item(), values.max().item()
        whole = not (values != np.floor(values)).any()
        fix = (
            f"subtract {low:g} from the labels."
            if whole and low > 0 and high - low < count
            else f"give the last layer {int(high) + 1} units, or correct the labels."
            if whole and low >= 0
            else "class numbers count from 0; for other targets use another loss."
        )
        raise checks.problem(
            DataError, where, expected=f"class numbers from 0 to {count - 1}", got=f"{value:g} in row {row}", fix=fix
        )
    return values.astype(np.int32)


def _one_hot_rows(array: np.ndarray, shape: tuple[int | None, ...], where: str) -> np.ndarray:
    count = int(shape[-1] or 0)
    is_class_numbers = array.ndim == len(shape) - 1 or (array.ndim == len(shape) and array.shape[-1] == 1 != count)
    if is_class_numbers and count > 1:
        return one_hot(_class_numbers(array, shape, where), count)
    values = _of_shape(to_numbers(array, where=where), shape, where).astype(np.float32, copy=False)
    sums = values.sum(axis=-1)
    wrong = (values.min(axis=-1) < 0) | (np.abs(sums - 1) > ROW_SUM_TOLERANCE)
    if wrong.any() and count > 1:
        row = int(np.argwhere(wrong)[0][0])
        raise checks.problem(
            DataError,
            where,
            expected="class probabilities of at least 0 that sum to 1 in each row",
            got=f"a sum of {float(sums[wrong].reshape(-1)[0]):g} in row {row}",
            fix="give one-hot rows or class numbers; for several labels in one row use sigmoid and binary_crossentropy.",
        )
    return values


def _in_range(values: np.ndarray, kind: str, where: str) -> np.ndarray:
    if kind == "sign" and bool(np.isin(values, (0, 1)).all()):
        return values * 2 - 1
    rules = {
        "binary": ((values < 0) | (values > 1), "0, 1 or a probability between them", "scale them to 0 … 1."),
        "sign": (np.abs(values) != 1, "-1 or 1 (or 0 and 1)", "recode the two classes as -1 and 1."),
        "nonnegative": (values < 0, "numbers of at least 0", "use another loss, or correct the negative numbers."),
    }
    if kind not in rules:
        return values
    wrong, expected, fix = rules[kind]
    if wrong.any():
        row = int(np.argwhere(wrong)[0][0])
        raise checks.problem(
            DataError, where, expected=expected, got=f"{float(values[wrong][0]):g} in row {row}", fix=fix
        )
    return values


def _of_shape(values: np.ndarray, shape: tuple[int | None, ...], where: str) -> np.ndarray:
    """Return values in the shape of the output; (rows,) and (rows, 1) are the same thing, nothing is broadcast."""
    if values.ndim == len(shape) - 1 and shape[-1] == 1:
        values = values[..., None]
    elif values.ndim == len(shape) + 1 and values.shape[-1] == 1:
        values = values[..., 0]
    units = values.shape[-1] if values.ndim == len(shape) else None
    fix = f"give the last layer {units} units, or select the columns." if units else "reshape the targets."
    if values.ndim != len(shape):
        _refuse_shape(values, shape, where, fix)
    _check_sizes(values, shape, where, fix)
    return values


def _check_sizes(values: np.ndarray, shape: tuple[int | None, ...], where: str, fix: str) -> None:
    if any(wanted not in (None, size) for wanted, size in zip(shape[1:], values.shape[1:], strict=True)):
        _refuse_shape(values, shape, where, fix)


def _refuse_shape(values: np.ndarray, shape: tuple[int | None, ...], where: str, fix: str) -> None:
    wanted = ", ".join("rows" if axis == 0 else str(size) for axis, size in enumerate(shape))
    raise checks.problem(
        DataError,
        where,
        expected=f"targets of shape ({wanted}{',' if len(shape) == 1 else ''}), as the output has",
        got=str(values.shape),
        fix=fix,
    )
