"""Accuracies: the share of predictions that are right."""

from __future__ import annotations

from typing import ClassVar

from lamina import ops
from lamina._core import checks
from lamina._core.registry import register
from lamina.metrics._mean import MeanMetric
from lamina.metrics._metric import Task
from lamina.metrics._rows import class_numbers, paired
from lamina.ops import Array


@register("metric")
class Accuracy(MeanMetric):
    """Count how often predictions are equal to targets.

    ``mean(y_true = y_pred)``. For predictions that are answers already, such as class numbers. The word ``"accuracy"``
    in ``compile`` means the accuracy that fits the loss, as `accuracy_for` finds it.

    Args:
        name: key of the value in histories and scores.

    Shape:
        Targets and predictions (batch, ...) alike; the value is a scalar.

    Raises:
        ShapeError: where targets and predictions differ in shape.

    Example:
        >>> from lamina import metrics
        >>> float(metrics.Accuracy()([1, 2, 3, 4], [0, 2, 3, 4]))
        0.75
    """

    task: ClassVar[Task] = "classes"

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return 1 where equal, else 0, averaged over the outputs of a row."""
        y_true, y_pred = paired(y_true, y_pred, where="Accuracy")
        return ops.mean(y_true == y_pred, axis=-1)


@register("metric")
class BinaryAccuracy(MeanMetric):
    """Count how often a thresholded prediction is right.

    ``mean(y_true = (y_pred > threshold))``. A target above ½ counts as true, so that 0 and 1, -1 and 1, False and True
    all do.

    Args:
        threshold: predictions above it say yes; 0.5 fits probabilities (as in Keras), 0 fits scores and logits.
        name: key of the value in histories and scores.

    Shape:
        Targets (batch,) or (batch, outputs), predictions (batch, outputs); the value is a scalar.

    Raises:
        ArgumentError: where `threshold` is not a finite number.
        ShapeError: where targets and predictions differ in shape.

    Example:
        >>> from lamina import metrics
        >>> float(metrics.BinaryAccuracy()([1, 1, 0, 0], [0.98, 0.4, 0.1, 0.6]))
        0.5
    """

    task: ClassVar[Task] = "classes"

    threshold: float = 0.5

    def check(self) -> None:
        """Check the threshold."""
        super().check()
        checks.number(self.place("threshold"), self.threshold)

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return the share of right outputs for each row."""
        y_true, y_pred = paired(y_true, y_pred, where="BinaryAccuracy")
        return ops.mean((y_true > 0.5) == (y_pred > self.threshold), axis=-1)


@register("metric")
class CategoricalAccuracy(MeanMetric):
    """Count how often the likeliest class is the true one.

    ``mean(argmax y_true = argmax y_pred)``.

    Args:
        name: key of the value in histories and scores.

    Shape:
        Targets (one-hot) and predictions (batch, ..., classes); the value is a scalar.

    Raises:
        ShapeError: where targets and predictions differ in shape.

    Example:
        >>> from lamina import metrics
        >>> float(metrics.CategoricalAccuracy()([[0, 0, 1], [0, 1, 0]], [[0.1, 0.9, 0.8], [0.05, 0.95, 0.0]]))
        0.5
    """

    task: ClassVar[Task] = "classes"

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return 1 for a right row, else 0."""
        y_true, y_pred = paired(y_true, y_pred, where="CategoricalAccuracy")
        return ops.argmax(y_true, axis=-1) == ops.argmax(y_pred, axis=-1)


@register("metric")
class SparseCategoricalAccuracy(MeanMetric):
    """Count how often the likeliest class is the true one.

    ``mean(y_true = argmax y_pred)``.

    Args:
        name: key of the value in histories and scores.

    Shape:
        Targets, the class numbers, (batch, ...) or (batch, ..., 1); predictions (batch, ..., classes); the value is a
        scalar.

    Raises:
        ShapeError: where there is not one class number for each row.

    Example:
        >>> from lamina import metrics
        >>> float(metrics.SparseCategoricalAccuracy()([2, 1], [[0.1, 0.6, 0.3], [0.05, 0.95, 0.0]]))
        0.5
    """

    task: ClassVar[Task] = "classes"

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return 1 for a right row, else 0."""
        return class_numbers(y_true, y_pred, where="SparseCategoricalAccuracy") == ops.argmax(y_pred, axis=-1)
