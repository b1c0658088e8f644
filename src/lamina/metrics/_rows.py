"""Bring targets, predictions and weights into shapes that belong together; unequal rows are never broadcast."""

from __future__ import annotations

from lamina import ops
from lamina._core import checks
from lamina.errors import ShapeError
from lamina.ops import Array


def paired(y_true: Array, y_pred: Array, *, where: str) -> tuple[Array, Array]:
    """Return both as float32 arrays of one shape (batch, ..., outputs); one output may go without its axis."""
    y_true, y_pred = ops.asarray(y_true, "float32"), ops.asarray(y_pred, "float32")
    if y_pred.ndim == 1:
        y_pred = y_pred[:, None]
    if (*y_true.shape, 1) == y_pred.shape:
        y_true = y_true[..., None]
    if y_true.shape == y_pred.shape:
        return y_true, y_pred
    raise checks.problem(
        ShapeError,
        where,
        expected=f"one target for each prediction, of shape {y_pred.shape}",
        got=f"targets of shape {y_true.shape}",
        fix="give both one shape; class numbers need a metric whose name starts with Sparse.",
    )


def yes_or_no(y_true: Array, y_pred: Array, *, where: str) -> tuple[Array, Array]:
    """Return both in one shape, targets as whether the answer is yes; class numbers become one-hot rows."""
    y_true, y_pred = ops.asarray(y_true), ops.asarray(y_pred, "float32")
    one_class_a_row = y_true.shape in (y_pred.shape[:-1], (*y_pred.shape[:-1], 1))
    if y_pred.ndim > 1 and y_pred.shape[-1] > 1 and one_class_a_row:
        return class_numbers(y_true, y_pred, where=where)[..., None] == ops.arange(y_pred.shape[-1]), y_pred
    y_true, y_pred = paired(y_true, y_pred, where=where)
    return y_true > 0.5, y_pred


def class_numbers(y_true: Array, y_pred: Array, *, where: str) -> Array:
    """Return the number of the true class for each row, from an array of shape (batch, ...) or (batch, ..., 1)."""
    y_true = ops.asarray(y_true)
    if y_true.shape == (*y_pred.shape[:-1], 1):
        y_true = y_true[..., 0]
    if y_true.shape == y_pred.shape[:-1]:
        return y_true.astype("int32")
    raise checks.problem(
        ShapeError,
        where,
        expected=f"one class number for each row, of shape {y_pred.shape[:-1]}",
        got=f"targets of shape {y_true.shape}",
        fix="give class numbers; one-hot targets need the metric without Sparse in its name.",
    )


def spread(weights: Array, shape: tuple[int, ...], *, where: str) -> Array:
    """Give weights of shape (batch,) or (batch, time) the shape of the values: stretched, or averaged within a row."""
    weights = ops.asarray(weights, "float32")
    if weights.ndim > len(shape):
        weights = ops.mean(weights, axis=tuple(range(len(shape), weights.ndim)))
    stretched = weights.reshape(weights.shape + (1,) * (len(shape) - weights.ndim))
    if all(own in (1, size) for own, size in zip(stretched.shape, shape, strict=True)):
        return ops.broadcast_to(stretched, shape)
    raise checks.problem(
        ShapeError,
        where,
        expected=f"one weight for each of {shape[0]} rows",
        got=f"weights of shape {weights.shape}",
        fix="give an array of shape (batch,), or (batch, time) for sequences.",
    )


def weighted_sum(values: Array, weights: Array, *, axis: int | tuple[int, ...] | None = None) -> Array:
    """Return Σ w·v, where a weight of 0 drops even a value that is not a number."""
    return ops.sum(ops.where(weights == 0, 0.0, values * weights), axis=axis)


def share(part: Array, whole: Array, seen: Array | float) -> Array:
    """Return part / whole: 0 where there is no whole though rows were seen, NaN where none were."""
    ratio = ops.where(whole == 0, 0.0, part / ops.where(whole == 0, 1.0, whole))
    return ops.where(seen == 0, float("nan"), ratio)
