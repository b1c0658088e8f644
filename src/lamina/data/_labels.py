"""Targets that are names: text or booleans, numbered in sorted order and remembered."""

from __future__ import annotations

from typing import NoReturn

import numpy as np

from lamina._core import checks
from lamina.data._arrays import place_of
from lamina.errors import DataError


def are_labels(array: np.ndarray) -> bool:
    """Tell whether an array has text in it."""
    return _is_text(array) or (array.dtype == object and any(isinstance(item, (str, bytes)) for item in array.flat))


def are_booleans(array: np.ndarray) -> bool:
    """Tell whether an array has nothing but booleans in it."""
    return array.dtype == bool or (
        array.dtype == object and all(isinstance(item, (bool, np.bool_)) for item in array.flat)
    )


def learned(labels: np.ndarray, count: int | None, *, where: str, of_outputs: bool) -> np.ndarray:
    """Return the different labels in sorted order: what class 0, 1, ... are called.

    Args:
        labels: text or booleans.
        count: how many different ones there must be.
        where: the place to name in an error.
        of_outputs: whether there is an output for each, rather than one output that says yes or no.

    Raises:
        DataError: for another number of labels, and rows without one.
    """
    known = np.array([False, True]) if are_booleans(labels) else np.unique(_text(labels, where))
    if len(known) == count:
        return known
    raise checks.problem(
        DataError,
        where,
        expected=f"{count} different labels" + (", one for each output" if of_outputs else ""),
        got=f"{len(known)} ({', '.join(map(repr, known[:5].tolist()))}{', ...' if len(known) > 5 else ''})",
        fix=f"give the last layer {len(known)} units and a softmax, or train on rows of every class."
        if len(known) > 1
        else "train on rows of every class.",
    )


def numbered(labels: np.ndarray, known: np.ndarray, *, where: str) -> np.ndarray:
    """Return the number of each label: its place among those known.

    Args:
        labels: text, booleans, or whatever the known labels are.
        known: the labels in sorted order.
        where: the place to name in an error.

    Raises:
        DataError: for a label that is not known, and rows without one.
    """
    if are_booleans(labels):
        labels = labels.astype(bool)
    elif are_labels(labels):
        labels = _text(labels, where)
    if _is_text(labels) != _is_text(known):
        _refuse(labels, np.ones(labels.shape, dtype=bool), known, where)
    places = np.minimum(np.searchsorted(known, labels), len(known) - 1)
    unknown = known[places] != labels
    if unknown.any():
        _refuse(labels, unknown, known, where)
    return places


def _is_text(array: np.ndarray) -> bool:
    return array.dtype.kind in "UST"


def _text(labels: np.ndarray, where: str) -> np.ndarray:
    """Return labels as an array of text; one that is missing would become the label 'None' or 'nan'."""
    if _is_text(labels):
        return labels if labels.dtype.kind in "US" else np.array(labels.tolist())
    missing = np.array([not isinstance(item, (str, bytes)) for item in labels.flat]).reshape(labels.shape)
    if missing.any():
        raise checks.problem(
            DataError,
            where,
            expected="a label in every row",
            got=f"{checks.plain(labels[missing][0])} in {place_of(missing)}",
            fix="drop the rows whose label is missing.",
        )
    return labels.astype(str)


def _refuse(labels: np.ndarray, unknown: np.ndarray, known: np.ndarray, where: str) -> NoReturn:
    raise checks.problem(
        DataError,
        where,
        expected="the labels seen in training",
        got=f"{labels[unknown].tolist()[0]!r} in {place_of(unknown)}",
        fix=f"use the labels {checks.listed(known.tolist()[:10], 'and')}.",
    )
