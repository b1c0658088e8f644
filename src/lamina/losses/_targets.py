"""Bring targets to the shape and type of the predictions, and refuse what does not fit."""

from __future__ import annotations

from lamina import ops
from lamina._core import checks
from lamina.errors import ShapeError
from lamina.ops import Array


def floating(values: Array) -> Array:
    """Return numbers as float32, or wider where they are; sums of half-precision losses would lose rows."""
    values = ops.asarray(values)
    return values.astype(ops.promote_types(values.dtype, "float32"))


def paired(y_true: Array, y_pred: Array) -> tuple[Array, Array]:
    """Return targets and predictions in one shape and one floating type; (batch,) targets one output.

    Raises:
        ShapeError: where there is not one target for each prediction; nothing is ever broadcast.
    """
    y_pred = floating(y_pred)
    y_true = with_last_axis(ops.asarray(y_true), y_pred)
    if y_true.shape != y_pred.shape:
        raise checks.problem(
            ShapeError,
            "y_true",
            expected=f"one target for each prediction, of shape {y_pred.shape}",
            got=checks.plain(y_true),
            fix="give both one shape; class numbers need the loss sparse_categorical_crossentropy.",
        )
    return y_true.astype(y_pred.dtype), y_pred


def with_last_axis(y_true: Array, y_pred: Array) -> Array:
    """Return targets of shape (batch, ...) as (batch, ..., 1) where the model has one output."""
    if y_true.ndim == y_pred.ndim - 1 and y_pred.shape[-1] == 1:
        return y_true[..., None]
    return y_true


def class_numbers(y_true: Array, y_pred: Array) -> Array:
    """Return targets as integers of shape ``y_pred.shape[:-1]``, without a last axis of size 1.

    Raises:
        ShapeError: where there is not one class for each row of predictions.
    """
    y_true = ops.asarray(y_true)
    if y_true.ndim == y_pred.ndim and y_true.shape[-1] == 1:
        y_true = y_true[..., 0]
    if y_true.shape != y_pred.shape[:-1]:
        raise checks.problem(
            ShapeError,
            "y_true",
            expected=f"one class number for each row of predictions, of shape {y_pred.shape[:-1]}",
            got=checks.plain(y_true),
            fix="give class numbers; one-hot targets need the loss categorical_crossentropy.",
        )
    return y_true.astype("int32")
