"""The share of variance that predictions explain."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from lamina import ops
from lamina._core import checks
from lamina._core.registry import register
from lamina.metrics._metric import Metric, Sums, Task
from lamina.metrics._rows import paired, spread, weighted_sum
from lamina.metrics._sum import Sum
from lamina.ops import Array


@register("metric", aliases=("r2",))
class R2Score(Metric):
    """Measure the share of variance explained.

    ``1 - Σ w·(y - p)² / Σ w·(y - ȳ)²``. 1 is perfect, 0 is as good as always saying the mean, below 0 is worse. Where
    all targets are equal, it is 1 for perfect predictions and else 0.

    Args:
        class_aggregation: "uniform_average", the mean over outputs; "variance_weighted_average", the mean weighted by
            the variance of each output; None, one value for each output.
        name: key of the value in histories and scores.

    Shape:
        Targets (batch,) or (batch, ..., outputs), predictions (batch, ..., outputs); the value is a scalar, or
        (outputs,) for ``class_aggregation=None``.

    Raises:
        ArgumentError: where `class_aggregation` is another word.
        ShapeError: where targets and predictions differ in shape.

    Example:
        >>> from lamina import metrics
        >>> round(float(metrics.R2Score()([1.0, 4.0, 3.0], [2.0, 4.0, 4.0])), 4)
        0.5714

    Reference:
        Chan, Golub, LeVeque, "Algorithms for computing the sample variance",
        https://doi.org/10.1080/00031305.1983.10483115
    """

    task: ClassVar[Task] = "numbers"

    class_aggregation: Literal["uniform_average", "variance_weighted_average"] | None = "uniform_average"

    def check(self) -> None:
        """Check the kind of average."""
        super().check()
        if self.class_aggregation is not None:
            options = ("uniform_average", "variance_weighted_average")
            checks.choice(self.place("class_aggregation"), self.class_aggregation, options)

    def init(self, outputs: int = 1) -> Sums:
        """Return no weight, and means and squares of 0 for each output."""
        zeros = np.zeros(outputs, np.float32)
        return {"weight": Sum.zero(), "mean": zeros, "squares": Sum.zero((outputs,)), "residuals": Sum.zero((outputs,))}

    def update(self, sums: Sums, y_true: Array, y_pred: Array, weights: Array) -> Sums:
        """Merge with the weight, mean and squares of one batch."""
        y_true, y_pred = paired(y_true, y_pred, where="R2Score")
        weights = spread(weights, y_pred.shape, where="R2Score")
        axes = tuple(range(y_pred.ndim - 1))
        weight = ops.sum(weights[..., 0])
        mean = weighted_sum(y_true, weights, axis=axes) / ops.where(weight == 0, 1.0, weight)
        batch = {
            "weight": Sum.zero() + weight,
            "mean": mean,
            "squares": Sum.zero(mean.shape) + weighted_sum(ops.square(y_true - mean), weights, axis=axes),
            "residuals": Sum.zero(mean.shape) + weighted_sum(ops.square(y_true - y_pred), weights, axis=axes),
        }
        return self.merge(sums, batch)

    def merge(self, first: Sums, second: Sums) -> Sums:
        """Join means, and squared deviations from them."""
        weight = first["weight"] + second["weight"]
        shift = second["mean"] - first["mean"]
        fraction = second["weight"].value / ops.where(weight.value == 0, 1.0, weight.value)
        between = ops.square(shift) * first["weight"].value * fraction
        return {
            "weight": weight,
            "mean": first["mean"] + shift * fraction,
            "squares": first["squares"] + second["squares"] + between,
            "residuals": first["residuals"] + second["residuals"],
        }

    def compute(self, sums: Sums) -> Array:
        """Return 1 - residuals / squares, averaged as `class_aggregation` says."""
        squares, residuals, seen = (sums[name].value for name in ("squares", "residuals", "weight"))
        scores = 1 - ops.where(squares == 0, residuals > 0, residuals / ops.where(squares == 0, 1.0, squares))
        scores = ops.where(seen == 0, float("nan"), scores)
        if self.class_aggregation == "uniform_average":
            return ops.mean(scores)
        if self.class_aggregation == "variance_weighted_average":
            return ops.where(ops.sum(squares) == 0, ops.mean(scores), ops.sum(scores * squares) / ops.sum(squares))
        return scores
