"""Hold rows back for validation, and give rows the weights of their classes."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np

from lamina._core import checks
from lamina.errors import ArgumentError, DataError, LaminaWarning
from lamina.training._plan import Plan
from lamina.training._rows import Rows


def split_tail(rows: Rows, fraction: float) -> tuple[Rows, Rows]:
    """Return all but the last rows, and the last rows, as Keras does: before any shuffling.

    Raises:
        DataError: where the fraction of the rows comes to none, or to all of them.
    """
    checks.number("fit(validation_split)", fraction, low=0, high=1, open_high=True)
    first = int(len(rows) * (1 - fraction))
    if first in (0, len(rows)):
        raise checks.problem(
            DataError,
            "fit(validation_split)",
            expected="at least one row to train on and one to validate on",
            got=f"{fraction:g} of {len(rows)} rows",
            fix="choose a larger part, or give validation_data.",
        )
    return rows.take(slice(0, first)), rows.take(slice(first, None))


def warn_of_missing_classes(plan: Plan, train: Rows, tail: Rows) -> None:
    """Warn when the last rows, taken for validation, lack a class that the others have: the data is probably sorted."""
    for output, kept, held in zip(plan.outputs, train.targets, tail.targets, strict=True):
        numbers = class_numbers(kept, output.loss.targets)
        if numbers is None:
            continue
        held_numbers = class_numbers(held, output.loss.targets)
        lacking = np.setdiff1d(numbers, held_numbers)
        extra = np.setdiff1d(held_numbers, numbers)
        if len(lacking) == 0 and len(extra) == 0:
            continue
        if len(held) < 2 * len(np.union1d(numbers, held_numbers)) and len(extra) == 0:
            continue  # so few rows that a class may be missing by chance
        names = ", ".join(str(number) for number in (extra if len(extra) else lacking)[:5])
        missing = "training rows have none" if len(extra) else "validation rows have none"
        warnings.warn(
            f"fit(validation_split): expected every class in both parts, got {missing} of class {names}.\n"
            "  Fix: the last rows are taken before shuffling; shuffle sorted data first, or give validation_data.",
            LaminaWarning,
            stacklevel=5,
        )


def class_numbers(targets: np.ndarray, kind: str) -> np.ndarray | None:
    """Return the class number of each row, None where the targets are no classes."""
    if kind == "classes" and targets.ndim == 1:
        return targets
    if kind == "one_hot" and targets.ndim == 2:
        return np.asarray(targets.argmax(axis=1))
    if kind in ("binary", "sign") and targets.shape[1:] == (1,) and np.isin(targets, (-1, 0, 1)).all():
        return np.asarray(targets[:, 0] > 0, dtype=np.int32)
    return None


def class_weighted(plan: Plan, rows: Rows, class_weight: Mapping[Any, float] | None) -> Rows:
    """Return the rows with each row's weight multiplied by that of its class.

    Args:
        plan: the compiled model, with one output.
        rows: the rows.
        class_weight: the weight of each class, by number or label; every class must be in it.

    Raises:
        ArgumentError: for a model with several outputs or without classes, or a class that is missing.
    """
    if class_weight is None:
        return rows
    numbers = class_numbers(rows.targets[0], plan.outputs[0].loss.targets) if len(plan.outputs) == 1 else None
    if numbers is None:
        raise checks.problem(
            ArgumentError,
            "fit(class_weight)",
            expected="a model with one output and a loss for classes",
            got=f"{len(plan.outputs)} outputs" if len(plan.outputs) > 1 else "targets that are no classes",
            fix="use sample_weight=.",
        )
    labels = rows.classes[0]
    weight_of = {}
    for number in np.unique(numbers).tolist():
        label = number if labels is None else labels[number].item()
        if label not in class_weight:
            raise checks.problem(
                ArgumentError,
                "fit(class_weight)",
                expected="a weight for every class in y",
                got=f"none for class {label!r}",
                fix=f"add {{{label!r}: 1.0}}.",
            )
        checks.number(f"fit(class_weight[{label!r}])", class_weight[label], low=0)
        weight_of[number] = float(class_weight[label])
    own = np.array([weight_of.get(number, 0.0) for number in range(max(weight_of) + 1)], dtype=np.float32)[numbers]
    before = np.ones_like(own) if rows.weights is None else rows.weights[0]
    return dataclasses.replace(rows, weights=(before * own,))
