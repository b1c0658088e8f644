"""Means of the error of numbers: squared, absolute, in percent, of logarithms."""

from __future__ import annotations

from typing import ClassVar

from lamina._core.registry import register
from lamina.losses._loss import Loss, Targets
from lamina.losses._targets import paired
from lamina.ops import Array
from lamina.ops import _formulas as formulas


@register("loss", aliases=("mse", "MSE"))
class MeanSquaredError(Loss):
    """Mean of the squared error, the loss of least squares.

    ``mean((y - p)²)`` over the outputs of a row. The best constant prediction is the mean of the targets.

    Shape:
        y_true, y_pred: (batch, ..., outputs); values: (batch, ...).

    Example:
        >>> from lamina import losses
        >>> float(losses.MeanSquaredError()([[0.0, 1.0]], [[2.0, 1.0]]))
        2.0
    """

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return `mean_squared_error` of each row."""
        return mean_squared_error(y_true, y_pred)


@register("loss", aliases=("mae", "MAE"))
class MeanAbsoluteError(Loss):
    """Mean of the absolute error, which outliers move less than squares.

    ``mean(|y - p|)`` over the outputs of a row. The best constant prediction is the median of the targets.

    Shape:
        y_true, y_pred: (batch, ..., outputs); values: (batch, ...).

    Example:
        >>> from lamina import losses
        >>> float(losses.MeanAbsoluteError()([[0.0, 1.0]], [[2.0, 1.0]]))
        1.0
    """

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return `mean_absolute_error` of each row."""
        return mean_absolute_error(y_true, y_pred)


@register("loss", aliases=("mape", "MAPE"))
class MeanAbsolutePercentageError(Loss):
    """Mean of the absolute error in percent of the target.

    ``100 · mean(|y - p| / |y|)`` over the outputs of a row. A target nearer to 0 than 1e-7 is divided by 1e-7, so
    targets that may be 0 need another loss.

    Shape:
        y_true, y_pred: (batch, ..., outputs); values: (batch, ...).

    Example:
        >>> from lamina import losses
        >>> float(losses.MeanAbsolutePercentageError()([[2.0, 4.0]], [[1.0, 4.0]]))
        25.0
    """

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return `mean_absolute_percentage_error` of each row."""
        return mean_absolute_percentage_error(y_true, y_pred)


@register("loss", aliases=("msle", "MSLE"))
class MeanSquaredLogarithmicError(Loss):
    """Mean of the squared error of logarithms.

    ``mean((log(1 + y) - log(1 + p))²)`` over the outputs of a row, for targets that range over orders of magnitude.
    What is below 1e-7 counts as 1e-7.

    Shape:
        y_true, y_pred: (batch, ..., outputs), of at least 0; values: (batch, ...).

    Example:
        >>> from lamina import losses
        >>> round(float(losses.MeanSquaredLogarithmicError()([[1.0]], [[3.0]])), 4)
        0.4805
    """

    targets: ClassVar[Targets] = "nonnegative"

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return `mean_squared_logarithmic_error` of each row."""
        return mean_squared_logarithmic_error(y_true, y_pred)


def mean_squared_error(y_true: Array, y_pred: Array) -> Array:
    """Return ``mean((y - p)²)`` for each row.

    Args:
        y_true: targets, of the shape of `y_pred`.
        y_pred: predictions, of shape (batch, ..., outputs).

    Example:
        >>> from lamina import losses
        >>> losses.mean_squared_error([[0.0, 1.0]], [[2.0, 1.0]])
        Array([2.], dtype=float32)
    """
    return formulas.mean_squared_error(*paired(y_true, y_pred))


def mean_absolute_error(y_true: Array, y_pred: Array) -> Array:
    """Return ``mean(|y - p|)`` for each row.

    Args:
        y_true: targets, of the shape of `y_pred`.
        y_pred: predictions, of shape (batch, ..., outputs).

    Example:
        >>> from lamina import losses
        >>> losses.mean_absolute_error([[0.0, 1.0]], [[2.0, 1.0]])
        Array([1.], dtype=float32)
    """
    return formulas.mean_absolute_error(*paired(y_true, y_pred))


def mean_absolute_percentage_error(y_true: Array, y_pred: Array) -> Array:
    """Return ``100 · mean(|y - p| / max(|y|, 1e-7))`` for each row.

    Args:
        y_true: targets, of the shape of `y_pred`.
        y_pred: predictions, of shape (batch, ..., outputs).

    Example:
        >>> from lamina import losses
        >>> losses.mean_absolute_percentage_error([[2.0, 4.0]], [[1.0, 4.0]])
        Array([25.], dtype=float32)
    """
    return formulas.mean_absolute_percentage_error(*paired(y_true, y_pred))


def mean_squared_logarithmic_error(y_true: Array, y_pred: Array) -> Array:
    """Return ``mean((log(1 + y) - log(1 + p))²)`` for each row.

    Args:
        y_true: targets of at least 0, of the shape of `y_pred`.
        y_pred: predictions, of shape (batch, ..., outputs); below 1e-7 they count as 1e-7.

    Example:
        >>> from lamina import losses
        >>> losses.mean_squared_logarithmic_error([[3.0]], [[3.0]])
        Array([0.], dtype=float32)
    """
    return formulas.mean_squared_logarithmic_error(*paired(y_true, y_pred))
