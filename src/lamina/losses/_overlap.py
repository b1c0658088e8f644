"""Losses of overlap, for finding regions in images: Tversky and Dice."""

from __future__ import annotations

from typing import ClassVar

from lamina import ops
from lamina._core import checks
from lamina._core.config import Setting
from lamina._core.registry import register
from lamina.losses._loss import Loss, Targets
from lamina.losses._targets import paired
from lamina.ops import Array
from lamina.ops import _formulas as formulas


@register("loss")
class Tversky(Loss):
    """How badly predicted and true regions overlap, false alarms and misses apart.

    ``1 - Σ y·p / (Σ y·p + alpha·Σ (1 - y)·p + beta·Σ y·(1 - p))``, the sums over all of one row (an image, say). Where
    target and prediction are both empty the loss is 0.

    Args:
        alpha: the price of false positives, at least 0.
        beta: the price of false negatives, at least 0; above `alpha` it favours finding everything.

    Shape:
        y_true, y_pred: (batch, ..., outputs); values: (batch,).

    Raises:
        ArgumentError: for a price below 0.

    Example:
        >>> from lamina import losses
        >>> false_alarm = losses.Tversky(alpha=1.0, beta=0.0)([[1.0, 0.0]], [[1.0, 1.0]])
        >>> miss = losses.Tversky(alpha=1.0, beta=0.0)([[1.0, 1.0]], [[1.0, 0.0]])
        >>> float(false_alarm), float(miss)
        (0.5, 0.0)

    Reference:
        Salehi, Erdogmus and Gholipour, Tversky Loss Function for Image Segmentation, https://arxiv.org/abs/1706.05721
    """

    targets: ClassVar[Targets] = "binary"

    alpha: Setting = 0.5
    beta: Setting = 0.5

    def check(self) -> None:
        """Check both prices."""
        checks.number(self.place("alpha"), self.alpha, low=0)
        checks.number(self.place("beta"), self.beta, low=0)

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return `tversky` of each row."""
        return tversky(y_true, y_pred, alpha=self.alpha, beta=self.beta)


@register("loss")
class Dice(Loss):
    """How badly predicted and true regions overlap.

    ``1 - 2·Σ y·p / (Σ y + Σ p)``, the sums over all of one row (an image, say). Where target and prediction are both
    empty the loss is 0.

    Shape:
        y_true, y_pred: (batch, ..., outputs); values: (batch,).

    Example:
        >>> from lamina import losses
        >>> float(losses.Dice()([[1.0, 1.0, 0.0]], [[1.0, 0.0, 1.0]]))
        0.5

    Reference:
        Milletari, Navab and Ahmadi, V-Net, https://arxiv.org/abs/1606.04797
    """

    targets: ClassVar[Targets] = "binary"

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return `dice` of each row."""
        return dice(y_true, y_pred)


def tversky(y_true: Array, y_pred: Array, *, alpha: float | Array = 0.5, beta: float | Array = 0.5) -> Array:
    """Return one minus the Tversky index of each row.

    ``1 - Σ y·p / (Σ y·p + alpha·Σ (1 - y)·p + beta·Σ y·(1 - p))``

    Args:
        y_true: 0, 1 or a probability for each output, of the shape of `y_pred`.
        y_pred: probabilities, of shape (batch, ..., outputs).
        alpha: the price of false positives.
        beta: the price of false negatives.

    Example:
        >>> from lamina import losses
        >>> losses.tversky([[1.0, 0.0]], [[1.0, 1.0]], alpha=1.0, beta=0.0)
        Array([0.5], dtype=float32)
    """
    y_true, y_pred = paired(y_true, y_pred)
    inside = tuple(range(1, y_pred.ndim))
    hits = ops.sum(y_true * y_pred, axis=inside)
    false_alarms = ops.sum((1 - y_true) * y_pred, axis=inside)
    misses = ops.sum(y_true * (1 - y_pred), axis=inside)
    wrong = alpha * false_alarms + beta * misses
    return wrong / (hits + wrong + formulas.EPSILON)


def dice(y_true: Array, y_pred: Array) -> Array:
    """Return ``1 - 2·Σ y·p / (Σ y + Σ p)`` for each row.

    It is `tversky` with both prices ½.

    Args:
        y_true: 0, 1 or a probability for each output, of the shape of `y_pred`.
        y_pred: probabilities, of shape (batch, ..., outputs).

    Example:
        >>> from lamina import losses
        >>> losses.dice([[1.0, 1.0, 0.0]], [[1.0, 0.0, 1.0]])
        Array([0.5], dtype=float32)
    """
    return tversky(y_true, y_pred, alpha=0.5, beta=0.5)
