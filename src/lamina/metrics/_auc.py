"""Area under a curve of true answers against false ones, over all thresholds."""

from __future__ import annotations

import math
from dataclasses import field
from typing import ClassVar, Literal

from lamina import ops
from lamina._core import checks
from lamina._core.registry import register
from lamina.metrics._metric import Metric, Sums, Task
from lamina.metrics._rows import share, spread, yes_or_no
from lamina.metrics._sum import Sum
from lamina.ops import Array

BINS_PER_THRESHOLD = 8
LARGEST_LOGIT = 32.0
"""Where bins end on either side: at a probability of 1e-14."""


@register("metric")
class AUC(Metric):
    """Measure how well predictions rank true cases above the others.

    ``curve="ROC"`` is the probability that a true case gets a higher prediction than another one (ties count ½);
    ``curve="PR"`` is the average precision, Σ (recall gained) · precision. The value is exact for predictions rounded
    to bins, which are nowhere wider than `num_thresholds` equal steps of p, and far finer near 0 and 1, where the
    answers of a trained network crowd. NaN where all cases are true (for "ROC"), or none is.

    Args:
        num_thresholds: fineness of the bins, at least 2; 200 as in Keras. Take more where all answers are much alike.
        curve: "ROC" or "PR".
        multi_label: whether each output is a question of its own; the value is then the mean over those that have an
            answer. Otherwise all outputs are counted together.
        from_logits: whether predictions are logits (any number) rather than probabilities.
        name: key of the value in histories and scores.

    Shape:
        Targets (batch,), (batch, outputs), or class numbers; predictions (batch, outputs); the value is a scalar.

    Raises:
        ArgumentError: where an argument is outside its range.
        ShapeError: where targets and predictions do not fit together.

    Example:
        >>> from lamina import metrics
        >>> float(metrics.AUC()([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]))
        0.75

    Reference:
        Hanley, McNeil, "The meaning and use of the area under a receiver operating characteristic curve",
        https://doi.org/10.1148/radiology.143.1.7063747
    """

    task: ClassVar[Task] = "classes"

    num_thresholds: int = 200
    curve: Literal["ROC", "PR"] = "ROC"
    multi_label: bool = field(default=False, kw_only=True)
    from_logits: bool = field(default=False, kw_only=True)

    def check(self) -> None:
        """Check each argument."""
        super().check()
        checks.integer(self.place("num_thresholds"), self.num_thresholds, least=2)
        checks.choice(self.place("curve"), self.curve, ("ROC", "PR"))
        checks.boolean(self.place("multi_label"), self.multi_label)
        checks.boolean(self.place("from_logits"), self.from_logits)

    def init(self, outputs: int = 1) -> Sums:
        """Return counts of 0 for false and true cases, each label and each bin."""
        return {"counts": Sum.zero((2, outputs if self.multi_label else 1, BINS_PER_THRESHOLD * self.num_thresholds))}

    def update(self, sums: Sums, y_true: Array, y_pred: Array, weights: Array) -> Sums:
        """Add the weight of each row to the bin of its prediction."""
        truth, y_pred = yes_or_no(y_true, y_pred, where="AUC")
        weights = spread(weights, y_pred.shape, where="AUC")
        bin_of = _bin(y_pred, self.from_logits, BINS_PER_THRESHOLD * self.num_thresholds)
        label = ops.arange(y_pred.shape[-1]) if self.multi_label else 0
        counts = ops.zeros_like(sums["counts"].value).at[truth.astype("int32"), label, bin_of].add(weights)
        return {"counts": sums["counts"] + counts}

    def compute(self, sums: Sums) -> Array:
        """Return the area, averaged over the labels where it is defined."""
        negatives, positives = sums["counts"].value
        areas = _roc(negatives, positives) if self.curve == "ROC" else _pr(negatives, positives)
        defined = areas == areas
        return ops.sum(ops.where(defined, areas, 0.0)) / ops.sum(defined)


def _bin(y_pred: Array, from_logits: bool, bins: int) -> Array:
    """Return the number of the bin each prediction is in: equal steps of asinh(logit / 2), finest at p = ½."""
    logit = y_pred
    if not from_logits:
        probability = ops.clip(y_pred, 0.0, 1.0)
        logit = ops.log(probability) - ops.log1p(-probability)
    end = math.asinh(LARGEST_LOGIT / 2)
    position = (ops.clip(ops.arcsinh(logit / 2), -end, end) / end + 1) / 2
    return ops.minimum((position * bins).astype("int32"), bins - 1)


def _roc(negatives: Array, positives: Array) -> Array:
    """Return the share of pairs that are ranked rightly; pairs within one bin count ½."""
    below = ops.cumsum(negatives, axis=-1) - negatives / 2
    recall_gained = positives / ops.sum(positives, axis=-1, keepdims=True)
    return ops.sum(recall_gained * below, axis=-1) / ops.sum(negatives, axis=-1)


def _pr(negatives: Array, positives: Array) -> Array:
    """Return the precision at each bin, from the highest down, weighted by the recall gained there."""
    found = ops.flip(ops.cumsum(ops.flip(positives, axis=-1), axis=-1), axis=-1)
    wrong = ops.flip(ops.cumsum(ops.flip(negatives, axis=-1), axis=-1), axis=-1)
    precision = share(found, found + wrong, 1.0)
    return ops.sum(positives * precision, axis=-1) / ops.sum(positives, axis=-1)
