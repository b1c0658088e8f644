"""Give rows the weights of their classes."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

import numpy as np

from lamina._core import checks
from lamina.data import class_numbers
from lamina.errors import ArgumentError, DataError
from lamina.training._plan import Plan
from lamina.training._rows import Rows

ClassWeight: TypeAlias = Mapping[Any, float] | Literal["balanced"]

BALANCED = "balanced"


def class_weighted(plan: Plan, rows: Rows, class_weight: ClassWeight | None) -> Rows:
    """Return the rows with each row's weight multiplied by that of its class.

    Args:
        plan: the compiled model, with one output.
        rows: the rows.
        class_weight: the weight of each class, by number or label; every class must be in it. "balanced" for weights
            that let each class count as much as any other.

    Raises:
        ArgumentError: for a model with several outputs or without classes, and a class that is missing or unknown.
        DataError: for a class without a row, where the weights are to be balanced.
    """
    if class_weight is None:
        return rows
    is_balanced = isinstance(class_weight, str) and class_weight == BALANCED
    if not is_balanced and not isinstance(class_weight, Mapping):
        raise _problem('a dictionary or "balanced"', checks.plain(class_weight), "write class_weight={0: 1.0, 1: 5.0}.")
    if len(plan.outputs) > 1:
        raise _problem("a model with one output", f"{len(plan.outputs)} outputs", "use sample_weight for each output.")
    loss = plan.outputs[0].loss
    numbers = class_numbers(rows.targets[0], loss.targets)
    if numbers is None:
        raise _problem("a loss for classes", "targets that are no classes", "use sample_weight.")
    ignored = getattr(loss, "ignore_class", None)
    before = np.ones(1, np.float32) if rows.weights is None else rows.weights[0]
    before = before.reshape(*before.shape, *(1,) * (numbers.ndim - before.ndim))
    labels = _labels(rows, plan.graph.outputs[0].shape[-1])
    if not isinstance(class_weight, Mapping):
        kept = {number: label for number, label in enumerate(labels) if number != ignored}
        class_weight = _balanced(numbers, np.broadcast_to(before, numbers.shape), kept)
    elif loss.targets == "sign":
        class_weight = {0 if key == -1 else key: weight for key, weight in class_weight.items()}
    _check_keys(class_weight, labels)
    found, places = np.unique(numbers, return_inverse=True)
    each = [0.0 if number == ignored else _weight_of(class_weight, number, rows) for number in found]
    own = np.array(each, dtype=plan.types.kept)[places].reshape(numbers.shape)
    return dataclasses.replace(rows, weights=(own * before,))


def known_weights(class_weight: ClassWeight | None) -> Mapping[Any, float] | None:
    """Return weights for rows that are read one after the other, which must be known before.

    Raises:
        ArgumentError: for "balanced", as that asks for all rows.
    """
    if isinstance(class_weight, str):
        fix = "count the classes once, and write a dictionary with the weight rows / (classes * rows of the class)."
        raise _problem("a dictionary beside a data set, which is not read before training", repr(class_weight), fix)
    return class_weight


def label_of(number: np.integer[Any], labels: np.ndarray | None) -> Any:
    """Return what a class is called: its label, or its number where there are no labels."""
    return int(number) if labels is None else labels[int(number)].item()


def _labels(rows: Rows, count: int | None) -> list[Any]:
    """Return what the classes of the model are called, in the order of their numbers."""
    return list(range(max(count or 0, 2))) if rows.classes[0] is None else rows.classes[0].tolist()


def _balanced(numbers: np.ndarray, counted: np.ndarray, labels: Mapping[int, Any]) -> dict[Any, float]:
    """Return the weight of each class with which all of them count alike, and a row counts 1 on average.

    Formula: rows / (classes * rows of the class), as in scikit-learn; a row of weight 2 is two rows.

    Args:
        numbers: the class of each row, or each row and time step.
        counted: how much each of them counts so far.
        labels: what the classes are called, by number; others do not count.

    Raises:
        DataError: for a class without a row that counts.
    """
    counts = {label: float(counted[numbers == number].sum(dtype=np.float64)) for number, label in labels.items()}
    for label, count in counts.items():
        if not count:
            raise checks.problem(
                DataError,
                "fit(class_weight)",
                expected="a row of every class that counts, to balance them",
                got=f"none of class {label!r}",
                fix="write a dictionary such as {0: 1.0, 1: 5.0}, or a last layer for those classes alone that y has.",
            )
    total = sum(counts.values())
    return {label: total / (len(counts) * count) for label, count in counts.items()}


def _check_keys(class_weight: Mapping[Any, float], labels: Sequence[Any]) -> None:
    for key, weight in class_weight.items():
        if key not in labels:
            near = checks.nearest(str(key), [str(label) for label in labels])
            fix = f"did you mean {near!r}?" if near else "remove it."
            raise _problem("the classes of the model as keys", checks.plain(key), fix)
        checks.number(f"fit(class_weight[{key!r}])", weight, low=0)


def _weight_of(class_weight: Mapping[Any, float], number: np.integer[Any], rows: Rows) -> float:
    label = label_of(number, rows.classes[0])
    if label not in class_weight:
        raise _problem("a weight for every class in y", f"none for class {label!r}", f"add {{{label!r}: 1.0}}.")
    return float(class_weight[label])


def _problem(expected: str, got: str, fix: str) -> ArgumentError:
    return checks.problem(ArgumentError, "fit(class_weight)", expected=expected, got=got, fix=fix)
