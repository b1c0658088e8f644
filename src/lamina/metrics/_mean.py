"""Metrics that are a weighted mean of one value for each row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from lamina import ops
from lamina._core import checks
from lamina._core.registry import register
from lamina.errors import ArgumentError, ShapeError
from lamina.metrics._metric import Direction, Metric, Sums
from lamina.metrics._rows import spread, weighted_sum
from lamina.metrics._sum import Sum
from lamina.ops import Array


class MeanMetric(Metric):
    """Average one value for each row.

    ``Σ w·v / Σ w`` with the weights w and the values v of ``call``, which subclasses write as a loss does.

    Example:
        >>> from lamina import metrics, ops
        >>> class WithinOne(metrics.MeanMetric):
        ...     def call(self, y_true, y_pred):
        ...         return ops.mean(ops.abs(y_true - y_pred) <= 1.0, axis=-1)
        >>> float(WithinOne()([[1.0], [2.0]], [[1.5], [4.0]]))
        0.5
    """

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return one value for each row (or row and time step)."""
        raise NotImplementedError

    def counts(self, y_true: Array, y_pred: Array) -> Array | None:
        """Return which values of `call` count at all, as booleans; None where all do."""
        return None

    def init(self, outputs: int = 1) -> Sums:
        """Return a total and a weight of 0."""
        return {"total": Sum.zero(), "weight": Sum.zero()}

    def update(self, sums: Sums, y_true: Array, y_pred: Array, weights: Array) -> Sums:
        """Add the values and weights of one batch."""
        values = self.call(y_true, y_pred).astype("float32")
        weights = spread(weights, values.shape, where=type(self).__name__)
        counted = self.counts(y_true, y_pred)
        if counted is not None:
            weights = weights * counted
        return {"total": sums["total"] + weighted_sum(values, weights), "weight": sums["weight"] + ops.sum(weights)}

    def compute(self, sums: Sums) -> Array:
        """Return total / weight."""
        mean: Array = sums["total"].value / sums["weight"].value
        return mean


@register("metric")
class Mean(MeanMetric):
    """Average the predictions themselves, whatever the targets are.

    ``Σ w·p / Σ w``. Shows drift in what a network says, such as the share of rows it calls positive.

    Args:
        name: key of the value in histories and scores.

    Shape:
        Predictions of any shape (batch, ...); targets are not looked at; the value is a scalar.

    Example:
        >>> from lamina import metrics
        >>> float(metrics.Mean()([[0.0], [0.0]], [[1.0], [3.0]], [3.0, 1.0]))
        1.5
    """

    direction: ClassVar[Direction] = None

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return the predictions."""
        return y_pred


class FunctionMetric(MeanMetric):
    """Average what a function of targets and predictions returns.

    The function must not average over rows itself: a mean of batch means is not the mean, as the last batch may be
    shorter and rows may have weights.

    Args:
        function: takes ``y_true`` and ``y_pred``; returns an array of shape (batch,) or (batch, ...).
        name: key of the value in histories and scores; by default the name of the function.

    Shape:
        Whatever the function takes, targets (batch,) of one output as (batch, 1); the value is a scalar.

    Raises:
        ShapeError: where the function returns no value for each row.

    Example:
        >>> from lamina import metrics, ops
        >>> def largest_error(y_true, y_pred):
        ...     return ops.max(ops.abs(y_true - y_pred), axis=-1)
        >>> metric = metrics.get(largest_error)
        >>> metric.key, float(metric([[0.0, 0.0], [0.0, 0.0]], [[1.0, 3.0], [2.0, 1.0]]))
        ('largest_error', 2.5)
    """

    direction: ClassVar[Direction] = None

    function: Callable[[Array, Array], Array]

    def check(self) -> None:
        """Check that it can be called."""
        super().check()
        if not callable(self.function) or isinstance(self.function, type):
            raise checks.problem(
                ArgumentError,
                self.place("function"),
                expected="a function of y_true and y_pred",
                got=checks.plain(self.function),
                fix="write it as def my_metric(y_true, y_pred): ...",
            )

    @property
    def key(self) -> str:
        """The name given, or that of the function."""
        return self.name or str(getattr(self.function, "__name__", type(self.function).__name__))

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return what the function returns, once it is known to be one value for each row."""
        if (*y_true.shape, 1) == y_pred.shape:
            y_true = y_true[..., None]  # else (batch,) and (batch, 1) would broadcast to (batch, batch)
        rows = y_pred.shape[0]
        with ops.explained(f"metric {self.key}"):
            found: Any = self.function(y_true, y_pred)
        if found is None:
            fix = "return the values; the function has no return, or not on every way through it."
            expected = f"one value for each of the {rows} rows"
            raise checks.problem(ArgumentError, f"metric {self.key}", expected=expected, got="None", fix=fix)
        values = ops.asarray(found)
        if values.ndim and values.shape[0] == rows:
            return values
        raise checks.problem(
            ShapeError,
            f"metric {self.key}",
            expected=f"one value for each of the {rows} rows",
            got="a scalar" if values.ndim == 0 else f"shape {values.shape}",
            fix="average over the last axis alone, as in ops.mean(..., axis=-1), or subclass Metric.",
        )
