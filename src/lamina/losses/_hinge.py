"""Margin losses, as in support vector machines: right is not enough, it must be right by a margin of 1."""

from __future__ import annotations

from typing import ClassVar

from lamina._core.registry import register
from lamina.losses._loss import Loss, Targets
from lamina.losses._targets import paired
from lamina.ops import Array
from lamina.ops import _formulas as formulas


@register("loss")
class Hinge(Loss):
    """How much is missing to a margin of 1 on the right side of 0.

    ``mean(max(1 - y·p, 0))`` over the outputs of a row. The last layer should be linear or tanh.

    Shape:
        y_true, y_pred: (batch, ..., outputs), targets -1 or 1 (0 is taken for -1); values: (batch, ...).

    Example:
        >>> from lamina import losses
        >>> float(losses.Hinge()([[-1.0, 1.0]], [[-2.0, 0.5]]))
        0.25

    Reference:
        Cortes and Vapnik, Support-Vector Networks (1995), https://doi.org/10.1007/BF00994018
    """

    targets: ClassVar[Targets] = "sign"

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return `hinge` of each row."""
        return hinge(y_true, y_pred)


@register("loss")
class SquaredHinge(Loss):
    """The square of what is missing to a margin of 1, which is smooth at the margin.

    ``mean(max(1 - y·p, 0)²)`` over the outputs of a row. The last layer should be linear or tanh.

    Shape:
        y_true, y_pred: (batch, ..., outputs), targets -1 or 1 (0 is taken for -1); values: (batch, ...).

    Example:
        >>> from lamina import losses
        >>> float(losses.SquaredHinge()([[-1.0, 1.0]], [[-2.0, 0.5]]))
        0.125
    """

    targets: ClassVar[Targets] = "sign"

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return `squared_hinge` of each row."""
        return squared_hinge(y_true, y_pred)


@register("loss")
class CategoricalHinge(Loss):
    """How much the right class is missing to a margin of 1 over the best wrong one.

    ``max(1 + max((1 - y)·p) - Σ y·p, 0)``, for targets in one-hot form. As in Keras, the best wrong class counts as at
    least 0.

    Shape:
        y_true, y_pred: (batch, ..., classes); values: (batch, ...).

    Example:
        >>> from lamina import losses
        >>> float(losses.CategoricalHinge()([[0.0, 1.0]], [[0.5, 0.75]]))
        0.75

    Reference:
        Crammer and Singer, On the Algorithmic Implementation of Multiclass Kernel-based Vector Machines (2001),
        https://www.jmlr.org/papers/v2/crammer01a.html
    """

    targets: ClassVar[Targets] = "one_hot"

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return `categorical_hinge` of each row."""
        return categorical_hinge(y_true, y_pred)


def hinge(y_true: Array, y_pred: Array) -> Array:
    """Return ``mean(max(1 - y·p, 0))`` for each row.

    Args:
        y_true: -1 or 1 (0 is taken for -1), of the shape of `y_pred`.
        y_pred: predictions, of shape (batch, ..., outputs).

    Example:
        >>> from lamina import losses
        >>> losses.hinge([[-1.0, 1.0]], [[-2.0, 0.5]])
        Array([0.25], dtype=float32)
    """
    return formulas.hinge(*paired(y_true, y_pred))


def squared_hinge(y_true: Array, y_pred: Array) -> Array:
    """Return ``mean(max(1 - y·p, 0)²)`` for each row.

    Args:
        y_true: -1 or 1 (0 is taken for -1), of the shape of `y_pred`.
        y_pred: predictions, of shape (batch, ..., outputs).

    Example:
        >>> from lamina import losses
        >>> losses.squared_hinge([[-1.0, 1.0]], [[-2.0, 0.5]])
        Array([0.125], dtype=float32)
    """
    return formulas.squared_hinge(*paired(y_true, y_pred))


def categorical_hinge(y_true: Array, y_pred: Array) -> Array:
    """Return ``max(1 + max((1 - y)·p) - Σ y·p, 0)`` for each row.

    Args:
        y_true: targets in one-hot form, of the shape of `y_pred`.
        y_pred: predictions, of shape (batch, ..., classes).

    Example:
        >>> from lamina import losses
        >>> losses.categorical_hinge([[0.0, 1.0]], [[0.5, 0.75]])
        Array([0.75], dtype=float32)
    """
    return formulas.categorical_hinge(*paired(y_true, y_pred))
