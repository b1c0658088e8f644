"""Hold rows back for validation: the last ones, or some of each class."""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np

from lamina._core import callers, checks, seeds
from lamina.data import class_numbers
from lamina.errors import ArgumentError, DataError, LaminaWarning
from lamina.training._class_weights import label_of
from lamina.training._plan import Plan
from lamina.training._rows import Rows

STRATIFIED = "stratified"


class Split(NamedTuple):
    """Which rows are held back.

    Args:
        fraction: the part of the rows; 0 for none.
        is_stratified: whether it is this part of each class, and not of the last rows.
    """

    fraction: float
    is_stratified: bool = False


def to_split(given: float | str) -> Split:
    """Return what the argument `validation_split` asks for.

    Args:
        given: a fraction, or a text such as "stratified:0.2".

    Raises:
        ArgumentError: for another text, and a fraction outside its range.
    """
    where = "fit(validation_split)"
    if not isinstance(given, str):
        checks.number(where, given, low=0, high=1, open_high=True)
        return Split(given)
    try:
        kind, part = given.split(":")
        split = Split(float(part), is_stratified=True)
    except ValueError:
        kind, split = "", Split(0)
    if kind != STRATIFIED or not 0 < split.fraction < 1:
        raise checks.problem(
            ArgumentError,
            where,
            expected=f'a number, or "{STRATIFIED}:" and a number above 0 and below 1',
            got=checks.plain(given),
            fix=f'write validation_split="{STRATIFIED}:0.2".',
        )
    return split


def split_stratified(plan: Plan, rows: Rows, fraction: float, *, seed: int) -> tuple[Rows, Rows]:
    """Return rows to train on and rows held back, with the same share of each class in both.

    Which rows are held back follows from the seed; both parts keep the order in which the rows lie.

    Args:
        plan: the compiled model, with one output for classes.
        rows: the rows.
        fraction: the part of each class that is held back, rounded to whole rows, at least one and not all.
        seed: the seed of the training.

    Raises:
        ArgumentError: for a model with several outputs, or without one class a row.
        DataError: for a class with a single row.
    """
    numbers = _one_class_a_row(plan, rows)
    held = np.zeros(len(rows), dtype=bool)
    for number in np.unique(numbers):
        own = np.flatnonzero(numbers == number)
        if len(own) == 1:
            raise checks.problem(
                DataError,
                "fit(validation_split)",
                expected="at least two rows of each class, one for each part",
                got=f"one of class {label_of(number, rows.classes[0])!r}, row {own[0]}",
                fix="leave this row out, or write a number such as validation_split=0.2 for the last rows.",
            )
        count = min(max(1, round(len(own) * fraction)), len(own) - 1)
        mixed = seeds.stream(seed, "validation_split", int(number)).permutation(own)
        held[mixed[:count]] = True
    return rows.take(~held), rows.take(held)


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
        names = [label_of(number, train.classes[index]) for number in (untrained if len(untrained) else unseen)[:5]]
        problem = checks.problem(
            DataError,
            "fit(validation_split)",
            expected="every class in both parts",
            got=f"no {'training' if len(untrained) else 'validation'} row of {checks.listed(names, 'and')}",
            fix="shuffle sorted data first, as the last rows are taken before shuffling; or give validation_data.",
        )
        warnings.warn(str(problem), LaminaWarning, stacklevel=callers.levels_up())


def _one_class_a_row(plan: Plan, rows: Rows) -> np.ndarray:
    """Return the class of each row."""
    if len(plan.outputs) > 1:
        got, fix = f"{len(plan.outputs)} outputs", "give validation_data."
    else:
        numbers = class_numbers(rows.targets[0], plan.outputs[0].loss.targets)
        if numbers is not None and numbers.ndim == 1:
            return numbers
        got = "targets that are no classes" if numbers is None else "a class for each place in a row"
        fix = "write a number such as validation_split=0.2 for the last rows, or give validation_data."
    raise checks.problem(
        ArgumentError, "fit(validation_split)", expected="one class a row, to divide by", got=got, fix=fix
    )
