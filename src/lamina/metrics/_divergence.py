"""Metrics that judge predictions by the likelihood of what was seen: Kullback-Leibler and Poisson."""

from __future__ import annotations

from typing import ClassVar

from lamina._core.registry import register
from lamina.metrics._mean import MeanMetric
from lamina.metrics._metric import Direction, Task
from lamina.metrics._rows import paired
from lamina.ops import Array
from lamina.ops import _formulas as formulas


@register("metric", aliases=("kld", "KLD", "kullback_leibler_divergence"))
class KLDivergence(MeanMetric):
    """Average what it costs to take one distribution for another.

    ``mean(Σ y·log(y / p))``.

    Args:
        name: key of the value in histories and scores.

    Shape:
        Targets and predictions (batch, ..., classes), probabilities; the value is a scalar.

    Raises:
        ShapeError: where targets and predictions differ in shape.

    Example:
        >>> from lamina import metrics
        >>> round(float(metrics.KLDivergence()([[0.0, 1.0]], [[0.5, 0.5]])), 4)
        0.6931
    """

    task: ClassVar[Task] = "classes"
    direction: ClassVar[Direction] = "min"

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return the divergence of each row."""
        return formulas.kl_divergence(*paired(y_true, y_pred, where="KLDivergence"))


@register("metric")
class Poisson(MeanMetric):
    """Average the negative log-likelihood of counts under predicted rates.

    ``mean(p - y·log(p))``.

    Args:
        name: key of the value in histories and scores.

    Shape:
        Targets and predictions (batch, ..., outputs), of at least 0; the value is a scalar.

    Raises:
        ShapeError: where targets and predictions differ in shape.

    Example:
        >>> from lamina import metrics
        >>> round(float(metrics.Poisson()([[2.0]], [[1.0]])), 4)
        1.0
    """

    task: ClassVar[Task] = "numbers"
    direction: ClassVar[Direction] = "min"

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return the negative log-likelihood of each row."""
        return formulas.poisson(*paired(y_true, y_pred, where="Poisson"))
