"""Losses that are squared for small errors and absolute for large ones."""

from __future__ import annotations

from lamina import ops
from lamina._core import checks
from lamina._core.config import Setting
from lamina._core.registry import register
from lamina.losses._loss import Loss
from lamina.losses._targets import paired
from lamina.ops import Array
from lamina.ops import _formulas as formulas


@register("loss", aliases=("huber_loss",))
class Huber(Loss):
    """Half the squared error up to `delta`, a straight line beyond it.

    ``mean(½·e²)`` where ``e = |y - p| ≤ delta``, ``mean(delta·(e - ½·delta))`` elsewhere.

    Args:
        delta: the error at which the parabola becomes a line, above 0, in the unit of the targets.

    Shape:
        y_true, y_pred: (batch, ..., outputs); values: (batch, ...).

    Raises:
        ArgumentError: for a delta that is not a positive number.

    Example:
        >>> from lamina import losses
        >>> float(losses.Huber(delta=1.0)([[0.0, 0.0]], [[1.0, 3.0]]))
        1.5

    Reference:
        Huber, Robust Estimation of a Location Parameter (1964), https://doi.org/10.1214/aoms/1177703732
    """

    delta: Setting = 1.0

    def check(self) -> None:
        """Check the threshold."""
        checks.number(self.place("delta"), self.delta, low=0, open_low=True)

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return `huber` of each row."""
        return huber(y_true, y_pred, delta=self.delta)


@register("loss", aliases=("logcosh",))
class LogCosh(Loss):
    """Logarithm of the hyperbolic cosine of the error: a smooth form of `Huber`.

    ``mean(log(cosh(p - y)))``: about ``½·e²`` for small errors and ``|e| - log(2)`` for large ones.

    Shape:
        y_true, y_pred: (batch, ..., outputs); values: (batch, ...).

    Example:
        >>> from lamina import losses
        >>> round(float(losses.LogCosh()([[0.0]], [[1.0]])), 4)
        0.4338
    """

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return `log_cosh` of each row."""
        return log_cosh(y_true, y_pred)


def huber(y_true: Array, y_pred: Array, *, delta: float | Array = 1.0) -> Array:
    """Return the mean of ``½·e²`` up to `delta` and of a line beyond, for each row.

    Args:
        y_true: targets, of the shape of `y_pred`.
        y_pred: predictions, of shape (batch, ..., outputs).
        delta: the error at which the parabola becomes a line, above 0.

    Example:
        >>> from lamina import losses
        >>> losses.huber([[0.0, 0.0]], [[1.0, 3.0]])
        Array([1.5], dtype=float32)
    """
    y_true, y_pred = paired(y_true, y_pred)
    error = formulas.magnitude(y_true - y_pred)
    # The two parts are added, not chosen from: the square of an error beyond delta, which may overflow, never exists.
    curved = ops.minimum(error, delta)
    return ops.mean(0.5 * ops.square(curved) + delta * (error - curved), axis=-1)


def log_cosh(y_true: Array, y_pred: Array) -> Array:
    """Return ``mean(log(cosh(p - y)))`` for each row.

    Args:
        y_true: targets, of the shape of `y_pred`.
        y_pred: predictions, of shape (batch, ..., outputs).

    Example:
        >>> from lamina import losses
        >>> losses.log_cosh([[2.0]], [[2.0]])
        Array([0.], dtype=float32)
    """
    return formulas.log_cosh(*paired(y_true, y_pred))
