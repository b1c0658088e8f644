"""The table of true against predicted classes, and what is computed from it."""

from __future__ import annotations

from typing import ClassVar, Literal

from lamina import ops
from lamina._core import checks
from lamina._core.registry import register
from lamina.metrics._metric import Direction, Metric, Sums, Task
from lamina.metrics._rows import class_numbers, share, spread, yes_or_no
from lamina.metrics._sum import Sum
from lamina.ops import Array


class _TableMetric(Metric):
    """Count rows by true class and predicted class; subclasses compute a value from the table."""

    task: ClassVar[Task] = "classes"

    num_classes: int | None = None
    threshold: float = 0.5

    def check(self) -> None:
        """Check the number of classes and the threshold."""
        super().check()
        if self.num_classes is not None:
            checks.integer(self.place("num_classes"), self.num_classes, least=2)
        checks.number(self.place("threshold"), self.threshold)

    def init(self, outputs: int = 1) -> Sums:
        """Return a table of 0 for each pair of classes; one output tells two classes apart."""
        size = self.num_classes or max(outputs, 2)
        return {"table": Sum.zero((size, size))}

    def update(self, sums: Sums, y_true: Array, y_pred: Array, weights: Array) -> Sums:
        """Add the weight of each row to its place in the table."""
        y_true, answer = self._classes(ops.asarray(y_true), ops.asarray(y_pred))
        weights = spread(weights, answer.shape, where=type(self).__name__)
        added = ops.zeros_like(sums["table"].value).at[y_true, answer].add(weights)
        return {"table": sums["table"] + added}

    def _classes(self, y_true: Array, y_pred: Array) -> tuple[Array, Array]:
        """Return the true and the predicted class of each row."""
        where = type(self).__name__
        if y_pred.ndim == 1 or y_pred.shape[-1] == 1:
            truth, y_pred = yes_or_no(y_true, y_pred, where=where)
            return truth[..., 0].astype("int32"), (y_pred[..., 0] > self.threshold).astype("int32")
        one_hot = y_true.shape == y_pred.shape
        truth = ops.argmax(y_true, axis=-1) if one_hot else class_numbers(y_true, y_pred, where=where)
        return truth, ops.argmax(y_pred, axis=-1)


@register("metric")
class ConfusionMatrix(_TableMetric):
    """Count how often each class was taken for each.

    Entry (i, j) is the weight of the rows of class i that were predicted as class j.

    Args:
        num_classes: how many classes there are; None takes the number of outputs, or 2 for one output.
        threshold: a single output above it says class 1.
        name: key of the value in histories and scores.

    Shape:
        Targets one-hot (batch, ..., classes) or class numbers (batch, ...); predictions (batch, ..., classes), or
        (batch, 1) for two classes; the value is a table (classes, classes), of 0 where no row was seen.

    Raises:
        ArgumentError: where an argument is outside its range.
        ShapeError: where targets and predictions do not fit together.

    Example:
        >>> from lamina import metrics
        >>> metrics.ConfusionMatrix()([0, 1, 1], [0.2, 0.9, 0.4]).tolist()
        [[1.0, 0.0], [1.0, 1.0]]
    """

    direction: ClassVar[Direction] = None

    def compute(self, sums: Sums) -> Array:
        """Return the table."""
        table: Array = sums["table"].value
        return table


@register("metric")
class CohenKappa(_TableMetric):
    """Measure agreement beyond chance.

    ``(observed - expected) / (1 - expected)`` with the share of rows that agree, and the share that would if truth and
    prediction had nothing to do with each other. 1 is perfect, 0 is chance. NaN where only one class occurs.

    Args:
        num_classes: how many classes there are; None takes the number of outputs, or 2 for one output.
        threshold: a single output above it says class 1.
        weighting: how much a mistake costs: None, all alike; "linear", by the distance of the classes; "quadratic", by
            its square; the latter two for classes that have an order.
        name: key of the value in histories and scores.

    Shape:
        Targets one-hot (batch, ..., classes) or class numbers (batch, ...); predictions (batch, ..., classes), or
        (batch, 1) for two classes; the value is a scalar.

    Raises:
        ArgumentError: where an argument is outside its range.
        ShapeError: where targets and predictions do not fit together.

    Example:
        >>> from lamina import metrics
        >>> float(metrics.CohenKappa()([0, 0, 1, 1], [0.2, 0.3, 0.9, 0.4]))
        0.5

    Reference:
        J. Cohen, "A coefficient of agreement for nominal scales", https://doi.org/10.1177/001316446002000104
    """

    weighting: Literal["linear", "quadratic"] | None = None

    def check(self) -> None:
        """Check the weighting too."""
        super().check()
        if self.weighting is not None:
            checks.choice(self.place("weighting"), self.weighting, ("linear", "quadratic"))

    def compute(self, sums: Sums) -> Array:
        """Return 1 - (cost of what was observed) / (cost of what chance would give)."""
        table, true, predicted = _shares(sums)
        distance = ops.abs(ops.arange(len(true))[:, None] - ops.arange(len(true))).astype("float32")
        cost = {None: ops.sign(distance), "linear": distance, "quadratic": ops.square(distance)}[self.weighting]
        return 1 - ops.sum(cost * table) / ops.sum(cost * true[:, None] * predicted)


@register("metric", aliases=("mcc",))
class MatthewsCorrelation(_TableMetric):
    """Correlate true and predicted classes.

    ``(Σ pₖₖ - Σ tₖ·qₖ) / sqrt((1 - Σ tₖ²)·(1 - Σ qₖ²))`` with the shares p of the table, t of true and q of predicted
    classes. 1 is perfect, 0 is chance, -1 is always wrong; 0 too where only one class occurs or is predicted.

    Args:
        num_classes: how many classes there are; None takes the number of outputs, or 2 for one output.
        threshold: a single output above it says class 1.
        name: key of the value in histories and scores.

    Shape:
        Targets one-hot (batch, ..., classes) or class numbers (batch, ...); predictions (batch, ..., classes), or
        (batch, 1) for two classes; the value is a scalar.

    Raises:
        ArgumentError: where an argument is outside its range.
        ShapeError: where targets and predictions do not fit together.

    Example:
        >>> from lamina import metrics
        >>> round(float(metrics.MatthewsCorrelation()([0, 0, 1, 1], [0.2, 0.3, 0.9, 0.4])), 4)
        0.5774

    Reference:
        J. Gorodkin, "Comparing two K-category assignments by a K-category correlation coefficient",
        https://doi.org/10.1016/j.compbiolchem.2004.09.006
    """

    def compute(self, sums: Sums) -> Array:
        """Return the covariance of the classes over the product of their deviations."""
        table, true, predicted = _shares(sums)
        covariance = ops.sum(ops.diagonal(table)) - ops.sum(true * predicted)
        # Σ t·(1 - t) is 1 - Σ t² without the cancellation.
        spread_of = ops.sum(true * (1 - true)) * ops.sum(predicted * (1 - predicted))
        return share(covariance, ops.sqrt(spread_of), sums["table"].value.sum())


@register("metric")
class MeanIoU(_TableMetric):
    """Average over the classes how far truth and prediction overlap.

    ``TP / (TP + FP + FN)``. The usual measure of image segmentation. Classes that neither occur nor are predicted do
    not count.

    Args:
        num_classes: how many classes there are; None takes the number of outputs, or 2 for one output.
        threshold: a single output above it says class 1.
        name: key of the value in histories and scores.

    Shape:
        Targets one-hot (batch, ..., classes) or class numbers (batch, ...); predictions (batch, ..., classes), or
        (batch, 1) for two classes; the value is a scalar.

    Raises:
        ArgumentError: where an argument is outside its range.
        ShapeError: where targets and predictions do not fit together.

    Example:
        >>> from lamina import metrics
        >>> round(float(metrics.MeanIoU()([0, 0, 1, 1], [0.2, 0.3, 0.9, 0.4])), 4)
        0.5833
    """

    def compute(self, sums: Sums) -> Array:
        """Return the mean of intersection over union."""
        table, true, predicted = _shares(sums)
        union = true + predicted - ops.diagonal(table)
        overlap = ops.where(union == 0, 0.0, ops.diagonal(table) / ops.where(union == 0, 1.0, union))
        return ops.sum(overlap) / ops.sum(union != 0)


def _shares(sums: Sums) -> tuple[Array, Array, Array]:
    """Return the table as shares of all rows, with the shares of true and of predicted classes; NaN for no rows."""
    table = sums["table"].value / ops.sum(sums["table"].value)
    return table, ops.sum(table, axis=1), ops.sum(table, axis=0)
