"""How much each row, and each step of a sequence, counts in losses and metrics."""

from __future__ import annotations

from collections.abc import Callable

from lamina import ops
from lamina._core import checks
from lamina.errors import ShapeError
from lamina.losses import Loss
from lamina.metrics import MeanMetric
from lamina.ops import Array
from lamina.training._plan import Output


def weights_of(real: Array, given: Array | None, mask: Array | None) -> Array:
    """Return the weights of an output: of shape (batch,), or (batch, time) where steps have their own.

    Args:
        real: 1 for each real row of a padded batch, 0 for the others.
        given: the weight of each row, or each row and step; None for 1 each.
        mask: which steps are real, of shape (batch, time); None when all are.
    """
    weights = real
    for each in (given, mask):
        if each is not None:
            rank = max(weights.ndim, each.ndim)
            weights = _lengthened(weights, rank) * _lengthened(each, rank)
    return weights


def counted(loss: Loss, y_true: Array, y_pred: Array, weights: Array) -> Array:
    """Return the weights for metrics: what the loss ignores does not count there either."""
    values = loss.counts(y_true, y_pred)
    return weights if values is None else _lengthened(weights, values.ndim) * values


def check_leaves_steps_out(output: Output, y_true: Array, y_pred: Array) -> None:
    """Refuse a loss or metric that gives one value for a whole sequence, masked steps included.

    Raises:
        ShapeError: for the first that does.
    """
    _check_by_steps(f"compile(loss={type(output.loss).__name__})", output.loss.call, y_true, y_pred)
    for key, metric in output.metrics.items():
        if isinstance(metric, MeanMetric):
            _check_by_steps(f"compile(metrics={key})", metric.call, y_true, y_pred)


def _check_by_steps(where: str, call: Callable[[Array, Array], Array], y_true: Array, y_pred: Array) -> None:
    found = ops.eval_shape(call, y_true, y_pred).shape
    if found[:2] != y_pred.shape[:2]:
        raise checks.problem(
            ShapeError,
            where,
            expected="a value for each step, of shape (batch, time), as the output has a mask",
            got=f"values of shape {found}",
            fix="average over the last axis alone, or end the sequence before the output.",
        )


def _lengthened(values: Array, rank: int) -> Array:
    return values.reshape(*values.shape, *(1,) * (rank - values.ndim))
