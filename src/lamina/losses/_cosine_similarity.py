"""Cosine of the angle between target and prediction."""

from __future__ import annotations

from lamina._core.registry import register
from lamina.losses._loss import Loss
from lamina.losses._targets import paired
from lamina.ops import Array
from lamina.ops import _formulas as formulas


@register("loss")
class CosineSimilarity(Loss):
    """Negative cosine of the angle between target and prediction.

    ``-Σ y·p / (‖y‖·‖p‖)`` over the outputs of a row: -1 where they point the same way, 1 where opposite. Lengths do not
    matter; the zero vector has cosine 0 with all.

    Shape:
        y_true, y_pred: (batch, ..., outputs); values: (batch, ...).

    Example:
        >>> from lamina import losses
        >>> round(float(losses.CosineSimilarity()([[3.0, 4.0]], [[6.0, 8.0]])), 4)
        -1.0
    """

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return `cosine_similarity` of each row."""
        return cosine_similarity(y_true, y_pred)


def cosine_similarity(y_true: Array, y_pred: Array) -> Array:
    """Return ``-Σ y·p / (‖y‖·‖p‖)`` for each row.

    Args:
        y_true: targets, of the shape of `y_pred`.
        y_pred: predictions, of shape (batch, ..., outputs).

    Example:
        >>> from lamina import losses
        >>> losses.cosine_similarity([[0.0, 1.0]], [[0.0, -5.0]])
        Array([1.], dtype=float32)
    """
    return -formulas.cosine_similarity(*paired(y_true, y_pred))
