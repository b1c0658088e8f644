"""Turn targets into what the loss takes, and refuse those that cannot mean what it would make of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from lamina._core import checks
from lamina.data import _labels
from lamina.data._arrays import check_finite, place_of, read, to_numbers
from lamina.data._classes import to_class_numbers, to_one_hot
from lamina.data._target_shape import Shape, in_shape
from lamina.errors import DataError

CLASS_KINDS = ("one_hot", "classes")
TWO_CLASS_KINDS = ("binary", "sign")


class Targets(NamedTuple):
    """Targets as the loss takes them, and the labels they were given as.

    Args:
        values: one row for each example.
        classes: the labels that class 0, 1, ... stand for; None where the targets were numbers.
    """

    values: np.ndarray
    classes: np.ndarray | None


class Rule(NamedTuple):
    """Which numbers a loss allows, how errors say so, and what to do about others."""

    allows: Callable[[np.ndarray], np.ndarray]
    expected: str
    fix: str


RULES = {
    "binary": Rule(
        lambda values: (values >= 0) & (values <= 1),
        "0, 1 or a probability between them",
        "code the two classes as 0 and 1, or use a loss for numbers such as mse.",
    ),
    "sign": Rule(lambda values: np.abs(values) == 1, "-1 or 1 (or 0 and 1)", "code the two classes as -1 and 1."),
    "nonnegative": Rule(
        lambda values: values >= 0, "numbers of at least 0", "correct the negative numbers, or use another loss."
    ),
}


def to_targets(
    y: Any,
    kind: str,
    shape: Shape,
    *,
    where: str,
    classes: np.ndarray | None = None,
    ignored: int | None = None,
    dtype: str = "float32",
) -> Targets:
    """Return targets as a loss takes them.

    Args:
        y: numbers, class numbers, one-hot rows, booleans or labels.
        kind: what the loss takes (``loss.targets``).
        shape: the shape of the output, batch first.
        where: the place to name in an error, such as ``y``.
        classes: the labels seen in training, in the order of the outputs; None to learn them from `y`.
        ignored: a class number that does not count and needs not be a class (``loss.ignore_class``).
        dtype: the type for floating numbers, "float32" or "float64".

    Raises:
        DataError: for a shape that is not the output's, labels that do not fit its size, and values out of range.

    Example:
        >>> from lamina.data import to_targets
        >>> values, classes = to_targets(["rain", "sun", "rain"], "classes", (None, 2), where="y")
        >>> values.tolist(), classes.tolist()
        ([0, 1, 0], ['rain', 'sun'])
    """
    array, named = read(y, where=where)
    if named.rows is not None:
        check_finite(array, where=where, named=named)
    if _names_classes(array, kind, shape, known=classes is not None):
        if classes is None:
            of_outputs = kind in CLASS_KINDS
            classes = _labels.learned(array, shape[-1] if of_outputs else 2, where=where, of_outputs=of_outputs)
        array = _labels.numbered(array, classes, where=where)
    elif _labels.are_labels(array):
        raise checks.problem(
            DataError,
            where,
            expected="numbers, as the loss asks for",
            got=f"text such as {str(next(item for item in array.flat if isinstance(item, (str, bytes))))!r}",
            fix="use a loss for classes, such as sparse_categorical_crossentropy, or give numbers.",
        )
    if kind == "classes":
        return Targets(to_class_numbers(array, shape, where=where, ignored=ignored), classes)
    if kind == "one_hot":
        return Targets(to_one_hot(array, shape, where=where, dtype=dtype), classes)
    values = to_numbers(array, where=where, dtype=dtype).astype(dtype, copy=False)
    return Targets(values if kind == "any" else _in_range(in_shape(values, shape, where=where), kind, where), classes)


def _names_classes(array: np.ndarray, kind: str, shape: Shape, *, known: bool) -> bool:
    """Tell whether each value is the name of a class: text, a boolean, or whatever was learned in training."""
    if kind not in (*CLASS_KINDS, *TWO_CLASS_KINDS):
        return False
    one_a_row = array.ndim < len(shape) or array.shape[-1] == 1
    yes_or_no = _labels.are_booleans(array) and (kind in CLASS_KINDS or shape[-1] == 1)
    return _labels.are_labels(array) or (one_a_row and (yes_or_no or known))


def _in_range(values: np.ndarray, kind: str, where: str) -> np.ndarray:
    if kind == "sign" and bool(np.isin(values, (0, 1)).all()):
        return values * 2 - 1
    if kind not in RULES:
        return values
    rule = RULES[kind]
    if kind != "sign" and rule.allows(np.array([values.min(), values.max()])).all():
        return values  # all between two numbers that are allowed, and no copy made to see it
    wrong = ~rule.allows(values)
    if wrong.any():
        is_alone = values.ndim > 1 and values.shape[-1] == 1  # then it has no column in the user's eyes
        got = f"{values[wrong][0]:g} in {place_of(wrong[..., 0] if is_alone else wrong)}"
        raise checks.problem(DataError, where, expected=rule.expected, got=got, fix=rule.fix)
    return values
