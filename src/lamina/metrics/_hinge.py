"""Hinge metrics: how far answers are from being right by a margin of 1."""

from __future__ import annotations

from typing import ClassVar

from lamina._core.registry import register
from lamina.metrics._mean import MeanMetric
from lamina.metrics._metric import Direction, Task
from lamina.metrics._rows import paired
from lamina.ops import Array
from lamina.ops import _formulas as formulas


class _MarginMetric(MeanMetric):
    """Average what is missing to a margin, which is better where it is less."""

    task: ClassVar[Task] = "classes"
    direction: ClassVar[Direction] = "min"


@register("metric")
class Hinge(_MarginMetric):
    """Average what is missing to a margin of 1.

    ``mean(max(1 - y·p, 0))``.

    Args:
        name: key of the value in histories and scores.

    Shape:
        Targets, -1 or 1 (0 is taken for -1), and predictions (batch, ..., outputs); the value is a scalar.

    Raises:
        ShapeError: where targets and predictions differ in shape.

    Example:
        >>> from lamina import metrics
        >>> float(metrics.Hinge()([[-1.0], [1.0]], [[-2.0], [0.5]]))
        0.25
    """

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return the mean hinge of each row."""
        return formulas.hinge(*paired(y_true, y_pred, where="Hinge"))


@register("metric")
class SquaredHinge(_MarginMetric):
    """Average the square of what is missing to a margin of 1.

    ``mean(max(1 - y·p, 0)²)``.

    Args:
        name: key of the value in histories and scores.

    Shape:
        Targets, -1 or 1 (0 is taken for -1), and predictions (batch, ..., outputs); the value is a scalar.

    Raises:
        ShapeError: where targets and predictions differ in shape.

    Example:
        >>> from lamina import metrics
        >>> float(metrics.SquaredHinge()([[-1.0], [1.0]], [[-2.0], [0.5]]))
        0.125
    """

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return the mean squared hinge of each row."""
        return formulas.squared_hinge(*paired(y_true, y_pred, where="SquaredHinge"))


@register("metric")
class CategoricalHinge(_MarginMetric):
    """Average what the true class misses to a margin of 1.

    ``mean(max(1 + max((1 - y)·p) - Σ y·p, 0))``.

    Args:
        name: key of the value in histories and scores.

    Shape:
        Targets (one-hot) and predictions (batch, ..., classes); the value is a scalar.

    Raises:
        ShapeError: where targets and predictions differ in shape.

    Example:
        >>> from lamina import metrics
        >>> float(metrics.CategoricalHinge()([[0.0, 1.0]], [[0.5, 0.75]]))
        0.75
    """

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return what the true class of each row misses."""
        return formulas.categorical_hinge(*paired(y_true, y_pred, where="CategoricalHinge"))
