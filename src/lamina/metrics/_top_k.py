"""Top-k accuracies: the share of rows whose true class is among the k likeliest."""

from __future__ import annotations

from typing import ClassVar

from lamina import ops
from lamina._core import checks
from lamina._core.registry import register
from lamina.metrics._mean import MeanMetric
from lamina.metrics._metric import Task
from lamina.metrics._rows import class_numbers, paired
from lamina.ops import Array


@register("metric", aliases=("top_k_categorical_accuracy",))
class TopKCategoricalAccuracy(MeanMetric):
    """Count how often the true class is among the k likeliest, for one-hot targets.

    ``mean(rank of class argmax y_true ≤ k)``; of equal predictions the first ranks highest, so k = 1 is exactly
    `CategoricalAccuracy`.

    Args:
        k: how many guesses a row has; 5 as in the ImageNet challenge.
        name: key of the value in histories and scores.

    Shape:
        Targets (one-hot) and predictions (batch, ..., classes); the value is a scalar.

    Raises:
        ArgumentError: where `k` is not a positive integer.
        ShapeError: where targets and predictions differ in shape.

    Example:
        >>> from lamina import metrics
        >>> metric = metrics.TopKCategoricalAccuracy(k=2)
        >>> float(metric([[0, 0, 1], [1, 0, 0]], [[0.1, 0.6, 0.3], [0.1, 0.6, 0.3]]))
        0.5
    """

    task: ClassVar[Task] = "classes"

    k: int = 5

    def check(self) -> None:
        """Check k."""
        super().check()
        checks.integer(self.place("k"), self.k)

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return 1 for a row whose class is among the first k, else 0."""
        y_true, y_pred = paired(y_true, y_pred, where="TopKCategoricalAccuracy")
        return _among_first(self.k, ops.argmax(y_true, axis=-1), y_pred)


@register("metric", aliases=("sparse_top_k_categorical_accuracy",))
class SparseTopKCategoricalAccuracy(MeanMetric):
    """Count how often the true class is among the k likeliest, for class numbers.

    ``mean(rank of class y_true ≤ k)``; of equal predictions the first ranks highest, so k = 1 is exactly
    `SparseCategoricalAccuracy`.

    Args:
        k: how many guesses a row has; 5 as in the ImageNet challenge.
        name: key of the value in histories and scores.

    Shape:
        Targets (batch, ...) or (batch, ..., 1); predictions (batch, ..., classes); the value is a scalar.

    Raises:
        ArgumentError: where `k` is not a positive integer.
        ShapeError: where there is not one class number for each row.

    Example:
        >>> from lamina import metrics
        >>> metric = metrics.SparseTopKCategoricalAccuracy(k=2)
        >>> float(metric([2, 0], [[0.1, 0.6, 0.3], [0.1, 0.6, 0.3]]))
        0.5
    """

    task: ClassVar[Task] = "classes"

    k: int = 5

    def check(self) -> None:
        """Check k."""
        super().check()
        checks.integer(self.place("k"), self.k)

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return 1 for a row whose class is among the first k, else 0."""
        y_true = class_numbers(y_true, y_pred, where="SparseTopKCategoricalAccuracy")
        return _among_first(self.k, y_true, y_pred)


def _among_first(k: int, true_class: Array, y_pred: Array) -> Array:
    """Return whether fewer than k classes rank above the true one."""
    true_class = true_class[..., None]
    asked = ops.take_along_axis(y_pred, true_class, axis=-1)
    number = ops.arange(y_pred.shape[-1])
    # Count what is not below, as a prediction that is not a number is neither above nor below and must not help.
    below = (y_pred < asked) | ((y_pred == asked) & (number > true_class)) | (number == true_class)
    return ops.sum(~below, axis=-1) < k
