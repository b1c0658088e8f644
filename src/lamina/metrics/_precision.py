"""Precision and recall, from weighted counts of true and false answers."""

from __future__ import annotations

from typing import ClassVar

from lamina import ops
from lamina._core import checks
from lamina._core.registry import register
from lamina.metrics._metric import Metric, Sums, Task
from lamina.metrics._rows import share, spread, yes_or_no
from lamina.metrics._sum import Sum
from lamina.ops import Array

COUNTS = ("true_positives", "false_positives", "false_negatives", "true_negatives")


class CountingMetric(Metric):
    """Count true and false answers of yes and no; subclasses compute a value from the four counts."""

    task: ClassVar[Task] = "classes"

    thresholds: float | tuple[float, ...] | None = None
    top_k: int | None = None
    class_id: int | None = None

    def check(self) -> None:
        """Check each argument on its own, then that they go together."""
        super().check()
        if self.thresholds is not None:
            for threshold in self.thresholds if isinstance(self.thresholds, tuple) else (self.thresholds,):
                checks.number(self.place("thresholds"), threshold, low=0, high=1)
        if self.top_k is not None:
            checks.integer(self.place("top_k"), self.top_k)
        if self.class_id is not None:
            checks.integer(self.place("class_id"), self.class_id, least=0)

    def init(self, outputs: int = 1) -> Sums:
        """Return four counts of 0, for each threshold where there are several."""
        shape = (len(self.thresholds),) if isinstance(self.thresholds, tuple) else ()
        return {count: Sum.zero(shape) for count in COUNTS}

    def update(self, sums: Sums, y_true: Array, y_pred: Array, weights: Array) -> Sums:
        """Add the weights of each of the four kinds of answers."""
        truth, y_pred = yes_or_no(y_true, y_pred, where=type(self).__name__)
        weights = spread(weights, y_pred.shape, where=type(self).__name__)
        least = 0.5 if self.thresholds is None else self.thresholds
        if self.top_k is not None:
            ranks = ops.argsort(ops.argsort(-y_pred, axis=-1), axis=-1)
            y_pred = ops.where(ranks < self.top_k, y_pred, -float("inf"))
            least = -float("inf") if self.thresholds is None else self.thresholds
        if self.class_id is not None:
            truth, y_pred, weights = (item[..., self.class_id] for item in (truth, y_pred, weights))
        yes = y_pred > ops.asarray(least)[(..., *(None,) * y_pred.ndim)]  # one leading axis for several thresholds
        kinds = (truth & yes, ~truth & yes, truth & ~yes, ~truth & ~yes)
        axes = tuple(range(-y_pred.ndim, 0))
        return {
            count: sums[count] + ops.sum(weights * kind, axis=axes) for count, kind in zip(COUNTS, kinds, strict=True)
        }


@register("metric")
class Precision(CountingMetric):
    """Judge the yes answers by the share of them that are right.

    ``TP / (TP + FP)``. 0 where no answer was yes. With several outputs all of them
    are counted together, unless `class_id` picks one.

    Args:
        thresholds: a prediction above it says yes, 0 … 1; several in a tuple give a value each. None is 0.5, or, beside
            `top_k`, lets each of the first k say yes.
        top_k: only the k highest outputs of a row may say yes.
        class_id: look at this output alone.
        name: key of the value in histories and scores.

    Shape:
        Targets (batch,), (batch, outputs), or class numbers; predictions (batch, outputs); the value is a scalar or has
        one number for each threshold.

    Raises:
        ArgumentError: where an argument is outside its range.
        ShapeError: where targets and predictions do not fit together.

    Example:
        >>> from lamina import metrics
        >>> round(float(metrics.Precision()([0, 1, 1, 1], [1.0, 0.0, 1.0, 1.0])), 4)
        0.6667
    """

    def compute(self, sums: Sums) -> Array:
        """Return TP / (TP + FP)."""
        right, wrong, missed, rejected = (sums[count].value for count in COUNTS)
        return share(right, right + wrong, right + wrong + missed + rejected)


@register("metric")
class Recall(CountingMetric):
    """Judge the search for true cases by the share of them that is found.

    ``TP / (TP + FN)``. 0 where there is no true case. With several outputs all of them are counted together, unless
    `class_id` picks one.

    Args:
        thresholds: a prediction above it says yes, 0 … 1; several in a tuple give a value each. None is 0.5, or, beside
            `top_k`, lets each of the first k say yes.
        top_k: only the k highest outputs of a row may say yes.
        class_id: look at this output alone.
        name: key of the value in histories and scores.

    Shape:
        Targets (batch,), (batch, outputs), or class numbers; predictions (batch, outputs); the value is a scalar or has
        one number for each threshold.

    Raises:
        ArgumentError: where an argument is outside its range.
        ShapeError: where targets and predictions do not fit together.

    Example:
        >>> from lamina import metrics
        >>> round(float(metrics.Recall()([0, 1, 1, 1], [1.0, 0.0, 1.0, 1.0])), 4)
        0.6667
    """

    def compute(self, sums: Sums) -> Array:
        """Return TP / (TP + FN)."""
        right, wrong, missed, rejected = (sums[count].value for count in COUNTS)
        return share(right, right + missed, right + wrong + missed + rejected)
