"""Hold rows back for validation, and give rows the weights of their classes."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np

from lamina._core import checks
from lamina.data import class_numbers
from lamina.errors import ArgumentError, DataError, LaminaWarning
from lamina.training._plan import Plan
from lamina.training._rows import Rows

TO_THE_CALL_OF_FIT = 5
"""How many calls above the warning the user's own line is: warn, prepare, fit, its check of arguments, the user."""


def split_tail(rows: Rows, fraction: float) -> tuple[Rows, Rows]:
    """Return all but the last rows, and the last rows, as Keras does: before any shuffling.

    Args:
        rows: the rows.
        fraction: the part that is held back, above 0 and below 1.

    Raises:
        DataError: where the fraction of the rows comes to none, or to all of them.
    """
    first = int(len(rows) * (1 - fraction))
    if first in (0, len(rows)):
        raise checks.problem(
            DataError,
            "fit(validation_split)",
            expected="at least one row to train on and one to validate on",
            got=f"{fraction:g} of {len(rows)} rows",
            fix="choose another part, or give validation_data.",
        )
    return rows.take(slice(0, first)), rows.take(slice(first, None))


def warn_of_missing_classes(plan: Plan, train: Rows, tail: Rows) -> None:
    """Warn when one part of the rows lacks a class that the other has: the data is probably sorted."""
    for index, output in enumerate(plan.outputs):
        kept, held = (class_numbers(rows.targets[index], output.loss.targets) for rows in (train, tail))
        if kept is None or held is None:
            continue
        untrained, unseen = np.setdiff1d(held, kept), np.setdiff1d(kept, held)
        if len(held) < 2 * len(np.union1d(kept, held)):
            unseen = unseen[:0]  # so few rows lack a class by chance
        if not len(untrained) and not len(unseen):
            continue
        names = [_label(number, train.classes[index]) for number in (untrained if len(untrained) else unseen)[:5]]
        problem = checks.problem(
            DataError,
            "fit(validation_split)",
            expected="every class in both parts",
            got=f"no {'training' if len(untrained) else 'validation'} row of {checks.listed(names, 'and')}",
            fix="shuffle sorted data first, as the last rows are taken before shuffling; or give validation_data.",
        )
        warnings.warn(str(problem), LaminaWarning, stacklevel=TO_THE_CALL_OF_FIT)


def class_weighted(plan: Plan, rows: Rows, class_weight: Mapping[Any, float] | None) -> Rows:
    """Return the rows with each row's weight multiplied by that of its class.

    Args:
        plan: the compiled model, with one output.
        rows: the rows.
        class_weight: the weight of each class, by number or label; every class must be in it.

    Raises:
        ArgumentError: for a model with several outputs or without classes, and a class that is missing or unknown.
    """
    if class_weight is None:
        return rows
    if not isinstance(class_weight, Mapping):
        raise _problem("a dictionary", checks.plain(class_weight), "write class_weight={0: 1.0, 1: 5.0}.")
    if len(plan.outputs) > 1:
        raise _problem("a model with one output", f"{len(plan.outputs)} outputs", "use sample_weight for each output.")
    loss = plan.outputs[0].loss
    numbers = class_numbers(rows.targets[0], loss.targets)
    if numbers is None:
        raise _problem("a loss for classes", "targets that are no classes", "use sample_weight.")
    if loss.targets == "sign":
        class_weight = {0 if key == -1 else key: weight for key, weight in class_weight.items()}
    _check_keys(class_weight, rows, plan.graph.outputs[0].shape[-1])
    found, places = np.unique(numbers, return_inverse=True)
    ignored = getattr(loss, "ignore_class", None)
    each = [0.0 if number == ignored else _weight_of(class_weight, number, rows) for number in found]
    own = np.array(each, dtype=np.float32)[places].reshape(numbers.shape)
    if rows.weights is not None:
        before = rows.weights[0]
        own = own * before.reshape(*before.shape, *(1,) * (own.ndim - before.ndim))
    return dataclasses.replace(rows, weights=(own,))


def _check_keys(class_weight: Mapping[Any, float], rows: Rows, count: int | None) -> None:
    labels = list(range(max(count or 0, 2))) if rows.classes[0] is None else rows.classes[0].tolist()
    for key, weight in class_weight.items():
        if key not in labels:
            near = checks.nearest(str(key), [str(label) for label in labels])
            fix = f"did you mean {near!r}?" if near else "remove it."
            raise _problem("the classes of the model as keys", checks.plain(key), fix)
        checks.number(f"fit(class_weight[{key!r}])", weight, low=0)


def _weight_of(class_weight: Mapping[Any, float], number: np.integer[Any], rows: Rows) -> float:
    label = _label(number, rows.classes[0])
    if label not in class_weight:
        raise _problem("a weight for every class in y", f"none for class {label!r}", f"add {{{label!r}: 1.0}}.")
    return float(class_weight[label])


def _label(number: np.integer[Any], labels: np.ndarray | None) -> Any:
    return int(number) if labels is None else labels[int(number)].item()


def _problem(expected: str, got: str, fix: str) -> ArgumentError:
    return checks.problem(ArgumentError, "fit(class_weight)", expected=expected, got=got, fix=fix)
