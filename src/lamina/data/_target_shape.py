"""Give targets the shape of the output they are for."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from lamina._core import checks
from lamina.errors import DataError

Shape: TypeAlias = tuple[int | None, ...]


def in_shape(values: np.ndarray, shape: Shape, *, where: str, fix: str | None = None) -> np.ndarray:
    """Return values in the shape of an output; (rows,) and (rows, 1) are the same thing, nothing is broadcast.

    Args:
        values: one row of targets for each example.
        shape: the shape of the output, batch first.
        where: the place to name in an error.
        fix: what to do about another shape; found from both shapes when not given.

    Raises:
        DataError: for another shape.
    """
    if values.ndim == len(shape) - 1 and shape[-1] == 1:
        values = values[..., None]
    elif values.ndim == len(shape) + 1 and values.shape[-1] == 1:
        values = values[..., 0]
    known = zip(shape[1:], values.shape[1:], strict=False)
    if values.ndim == len(shape) and all(wanted in (None, size) for wanted, size in known):
        return values
    wanted = ", ".join("rows" if axis == 0 else str(size or "any") for axis, size in enumerate(shape))
    raise checks.problem(
        DataError,
        where,
        expected=f"targets of shape ({wanted}{',' if len(shape) == 1 else ''}), as the output has",
        got=str(values.shape),
        fix=fix or _fix(values.shape, shape),
    )


def _fix(given: tuple[int, ...], wanted: Shape) -> str:
    if len(given) < len(wanted) and len(given) < 3 <= len(wanted):
        return "put Flatten() before the first Dense for one result a row, or give targets for each place."
    if len(given) == len(wanted):
        return f"give the last layer {given[-1]} units, or select the columns."
    if len(given) == len(wanted) - 1:
        return 'give one column for each output; class numbers need the loss "sparse_categorical_crossentropy".'
    return "reshape the targets, or change the last layer."
