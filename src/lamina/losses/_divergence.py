"""Losses that compare what was predicted with what was seen by their likelihood: Kullback-Leibler and Poisson."""

from __future__ import annotations

from typing import ClassVar

from lamina._core.registry import register
from lamina.losses._loss import Loss, Targets
from lamina.losses._targets import paired
from lamina.ops import Array
from lamina.ops import _formulas as formulas


@register("loss", aliases=("kld", "KLD", "kullback_leibler_divergence"))
class KLDivergence(Loss):
    """Kullback-Leibler divergence: what it costs to take one distribution for another.

    ``Σ y·log(y / p)`` over the classes: cross-entropy less what even a perfect prediction would cost.

    Shape:
        y_true, y_pred: (batch, ..., classes), probabilities; values: (batch, ...).

    Example:
        >>> from lamina import losses
        >>> round(float(losses.KLDivergence()([[0.0, 1.0]], [[0.5, 0.5]])), 4)
        0.6931

    Reference:
        Kullback and Leibler, On Information and Sufficiency (1951), https://doi.org/10.1214/aoms/1177729694
    """

    targets: ClassVar[Targets] = "one_hot"

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return `kl_divergence` of each row."""
        return kl_divergence(y_true, y_pred)


@register("loss")
class Poisson(Loss):
    """Negative log-likelihood of counts under the predicted rates.

    ``mean(p - y·log(p))`` over the outputs of a row, which leaves out what does not depend on the prediction. The last
    layer must not give negative rates: end the model with ``"softplus"`` or ``"exponential"``. A negative rate has no
    likelihood, so its loss is NaN.

    Shape:
        y_true, y_pred: (batch, ..., outputs); values: (batch, ...).

    Example:
        >>> from lamina import losses
        >>> round(float(losses.Poisson()([[2.0]], [[1.0]])), 4)
        1.0
    """

    targets: ClassVar[Targets] = "nonnegative"

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return `poisson` of each row."""
        return poisson(y_true, y_pred)


def kl_divergence(y_true: Array, y_pred: Array) -> Array:
    """Return ``Σ y·log(y / p)`` for each row.

    Args:
        y_true: class probabilities, of the shape of `y_pred`.
        y_pred: class probabilities, kept between 1e-7 and 1; of shape (batch, ..., classes).

    Example:
        >>> from lamina import losses
        >>> losses.kl_divergence([[0.0, 1.0]], [[0.0, 1.0]])
        Array([0.], dtype=float32)
    """
    return formulas.kl_divergence(*paired(y_true, y_pred))


def poisson(y_true: Array, y_pred: Array) -> Array:
    """Return ``mean(p - y·log(p + 1e-7))`` for each row.

    Args:
        y_true: counts (or rates) of at least 0, of the shape of `y_pred`.
        y_pred: rates of at least 0, of shape (batch, ..., outputs).

    Example:
        >>> from lamina import losses
        >>> losses.poisson([[0.0]], [[3.0]])
        Array([3.], dtype=float32)
    """
    return formulas.poisson(*paired(y_true, y_pred))
