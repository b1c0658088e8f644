"""F-scores: precision and recall in one number, for each output."""

from __future__ import annotations

from dataclasses import field
from typing import ClassVar, Literal, TypeAlias

from lamina import ops
from lamina._core import checks
from lamina._core.registry import register
from lamina.metrics._metric import Metric, Sums, Task
from lamina.metrics._rows import share, spread, weighted_sum, yes_or_no
from lamina.metrics._sum import Sum
from lamina.ops import Array

Average: TypeAlias = Literal["macro", "micro", "weighted"] | None


class _ScoringMetric(Metric):
    """Count right, wrong and missed answers of each output, and average a score over the outputs."""

    task: ClassVar[Task] = "classes"

    average: Average = "macro"
    threshold: float | None = field(default=None, kw_only=True)

    def check(self) -> None:
        """Check the kind of average and the threshold."""
        super().check()
        if self.average is not None:
            checks.choice(self.place("average"), self.average, ("macro", "micro", "weighted"))
        if self.threshold is not None:
            checks.number(self.place("threshold"), self.threshold, low=0, high=1)

    def init(self, outputs: int = 1) -> Sums:
        """Return counts of 0 for each output."""
        counts = {count: Sum.zero((outputs,)) for count in ("right", "wrong", "missed")}
        return {**counts, "seen": Sum.zero()}

    def update(self, sums: Sums, y_true: Array, y_pred: Array, weights: Array) -> Sums:
        """Add the weights of right, wrong and missed answers."""
        truth, y_pred = yes_or_no(y_true, y_pred, where=type(self).__name__)
        weights = spread(weights, y_pred.shape, where=type(self).__name__)
        yes = self._answers(y_pred)
        kinds = {"right": truth & yes, "wrong": ~truth & yes, "missed": truth & ~yes}
        axes = tuple(range(y_pred.ndim - 1))
        counts = {name: sums[name] + weighted_sum(kind, weights, axis=axes) for name, kind in kinds.items()}
        return {**counts, "seen": sums["seen"] + ops.sum(weights)}

    def _answers(self, y_pred: Array) -> Array:
        """Return which outputs say yes: the likeliest alone, or all above the threshold."""
        outputs = y_pred.shape[-1]
        if self.threshold is None and outputs > 1:
            return ops.argmax(y_pred, axis=-1)[..., None] == ops.arange(outputs)
        return y_pred > (0.5 if self.threshold is None else self.threshold)

    def score(self, sums: Sums, beta: float) -> Array:
        """Return the F-score, averaged over the outputs as `average` says."""
        right, wrong, missed = (sums[count].value for count in ("right", "wrong", "missed"))
        true = right + missed
        if self.average == "micro":
            right, wrong, missed = ops.sum(right), ops.sum(wrong), ops.sum(missed)
        whole = (1 + beta**2) * right + beta**2 * missed + wrong
        scores = share((1 + beta**2) * right, whole, sums["seen"].value)
        if self.average == "macro":
            return ops.mean(scores)
        if self.average == "weighted":
            return share(ops.sum(scores * true), ops.sum(true), sums["seen"].value)
        return scores


@register("metric", aliases=("fbeta_score",))
class FBetaScore(_ScoringMetric):
    """Balance precision and recall.

    ``(1 + β²)·P·R / (β²·P + R)``. Recall counts β times as much as precision. 0 where an output has neither true cases
    nor yes answers.

    Args:
        average: "macro", the mean over outputs; "micro", one score over all counts; "weighted", the mean weighted by
            true cases; None, one score for each output (Keras' default, an array that no callback can watch).
        beta: how many times recall counts more than precision; above 0.
        threshold: outputs above it say yes, 0 … 1. None lets only the highest of several outputs say yes, and takes 0.5
            for a single one.
        name: key of the value in histories and scores.

    Shape:
        Targets (batch,), (batch, outputs), or class numbers; predictions (batch, outputs); the value is a scalar, or
        (outputs,) for ``average=None``.

    Raises:
        ArgumentError: where an argument is outside its range.
        ShapeError: where targets and predictions do not fit together.

    Example:
        >>> from lamina import metrics
        >>> metric = metrics.FBetaScore(beta=2.0, threshold=0.5)
        >>> round(float(metric([1, 1, 1, 0], [0.9, 0.2, 0.3, 0.1])), 4)
        0.3846
    """

    beta: float = 1.0

    def check(self) -> None:
        """Check beta too."""
        super().check()
        checks.number(self.place("beta"), self.beta, low=0, open_low=True)

    def compute(self, sums: Sums) -> Array:
        """Return the F-score for `beta`."""
        return self.score(sums, self.beta)


@register("metric")
class F1Score(_ScoringMetric):
    """Balance precision and recall alike.

    ``2·P·R / (P + R)``. 0 where an output has neither true cases nor yes answers.

    Args:
        average: "macro", the mean over outputs; "micro", one score over all counts; "weighted", the mean weighted by
            true cases; None, one score for each output (Keras' default, an array that no callback can watch).
        threshold: outputs above it say yes, 0 … 1. None lets only the highest of several outputs say yes, and takes 0.5
            for a single one.
        name: key of the value in histories and scores.

    Shape:
        Targets (batch,), (batch, outputs), or class numbers; predictions (batch, outputs); the value is a scalar, or
        (outputs,) for ``average=None``.

    Raises:
        ArgumentError: where an argument is outside its range.
        ShapeError: where targets and predictions do not fit together.

    Example:
        >>> from lamina import metrics
        >>> float(metrics.F1Score()([1, 1, 0, 0], [0.9, 0.2, 0.3, 0.6]))
        0.5
    """

    def compute(self, sums: Sums) -> Array:
        """Return the F-score for beta = 1."""
        return self.score(sums, 1.0)
