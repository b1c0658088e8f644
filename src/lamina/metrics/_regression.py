"""Metrics of numbers: how far predictions are from targets."""

from __future__ import annotations

from typing import ClassVar

from lamina import ops
from lamina._core.registry import register
from lamina.metrics._mean import MeanMetric
from lamina.metrics._metric import Direction, Sums, Task
from lamina.metrics._rows import paired
from lamina.ops import Array
from lamina.ops import _formulas as formulas


class _ErrorMetric(MeanMetric):
    """Average an error of numbers, which is better where it is less."""

    task: ClassVar[Task] = "numbers"
    direction: ClassVar[Direction] = "min"


@register("metric", aliases=("mse", "MSE"))
class MeanSquaredError(_ErrorMetric):
    """Average the square of the error.

    ``mean((y - p)²)``.

    Args:
        name: key of the value in histories and scores.

    Shape:
        Targets and predictions (batch, ..., outputs); the value is a scalar.

    Raises:
        ShapeError: where targets and predictions differ in shape.

    Example:
        >>> from lamina import metrics
        >>> float(metrics.MeanSquaredError()([[0.0], [0.0]], [[1.0], [3.0]]))
        5.0
    """

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return the mean squared error of each row."""
        return formulas.mean_squared_error(*paired(y_true, y_pred, where="MeanSquaredError"))


@register("metric", aliases=("rmse", "RMSE"))
class RootMeanSquaredError(_ErrorMetric):
    """Take the root of the mean squared error, in the unit of the targets.

    ``sqrt(mean((y - p)²))``.

    Args:
        name: key of the value in histories and scores.

    Shape:
        Targets and predictions (batch, ..., outputs); the value is a scalar.

    Raises:
        ShapeError: where targets and predictions differ in shape.

    Example:
        >>> from lamina import metrics
        >>> float(metrics.RootMeanSquaredError()([[0.0], [0.0]], [[1.0], [7.0]]))
        5.0
    """

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return the mean squared error of each row."""
        return formulas.mean_squared_error(*paired(y_true, y_pred, where="RootMeanSquaredError"))

    def compute(self, sums: Sums) -> Array:
        """Return the root of the mean."""
        return ops.sqrt(super().compute(sums))


@register("metric", aliases=("mae", "MAE"))
class MeanAbsoluteError(_ErrorMetric):
    """Average the size of the error, in the unit of the targets.

    ``mean(|y - p|)``.

    Args:
        name: key of the value in histories and scores.

    Shape:
        Targets and predictions (batch, ..., outputs); the value is a scalar.

    Raises:
        ShapeError: where targets and predictions differ in shape.

    Example:
        >>> from lamina import metrics
        >>> float(metrics.MeanAbsoluteError()([[0.0], [0.0]], [[1.0], [3.0]]))
        2.0
    """

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return the mean absolute error of each row."""
        return formulas.mean_absolute_error(*paired(y_true, y_pred, where="MeanAbsoluteError"))


@register("metric", aliases=("mape", "MAPE"))
class MeanAbsolutePercentageError(_ErrorMetric):
    """Average the error in percent of the target.

    ``100 · mean(|y - p| / |y|)``. A target nearer to 0 than 1e-7 is divided by 1e-7, so targets that may be 0 need
    another metric.

    Args:
        name: key of the value in histories and scores.

    Shape:
        Targets and predictions (batch, ..., outputs); the value is a scalar.

    Raises:
        ShapeError: where targets and predictions differ in shape.

    Example:
        >>> from lamina import metrics
        >>> float(metrics.MeanAbsolutePercentageError()([[2.0], [4.0]], [[1.0], [4.0]]))
        25.0
    """

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return the mean percentage of each row."""
        return formulas.mean_absolute_percentage_error(*paired(y_true, y_pred, where="MeanAbsolutePercentageError"))


@register("metric", aliases=("msle", "MSLE"))
class MeanSquaredLogarithmicError(_ErrorMetric):
    """Average the squared error of logarithms.

    ``mean((log(1 + y) - log(1 + p))²)``. For targets that range over orders of magnitude. What is below 1e-7 counts as
    1e-7.

    Args:
        name: key of the value in histories and scores.

    Shape:
        Targets and predictions (batch, ..., outputs), of at least 0; the value is a scalar.

    Raises:
        ShapeError: where targets and predictions differ in shape.

    Example:
        >>> from lamina import metrics
        >>> round(float(metrics.MeanSquaredLogarithmicError()([[1.0]], [[3.0]])), 4)
        0.4805
    """

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return the mean squared error of logarithms of each row."""
        return formulas.mean_squared_logarithmic_error(*paired(y_true, y_pred, where="MeanSquaredLogarithmicError"))


@register("metric", aliases=("logcosh", "log_cosh"))
class LogCoshError(_ErrorMetric):
    """Average the logarithm of the hyperbolic cosine of the error.

    ``mean(log(cosh(p - y)))``. Half the square of a small error, the size of a large one less log(2).

    Args:
        name: key of the value in histories and scores.

    Shape:
        Targets and predictions (batch, ..., outputs); the value is a scalar.

    Raises:
        ShapeError: where targets and predictions differ in shape.

    Example:
        >>> from lamina import metrics
        >>> round(float(metrics.LogCoshError()([[0.0]], [[1.0]])), 4)
        0.4338
    """

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return the mean log-cosh of each row."""
        return formulas.log_cosh(*paired(y_true, y_pred, where="LogCoshError"))


@register("metric")
class CosineSimilarity(MeanMetric):
    """Average the cosine of the angle between target and prediction.

    ``mean(Σ y·p / (‖y‖·‖p‖))``. 1 where they point the same way, 0 at a right angle, -1 where opposite. (The loss of
    this name is its negative.)

    Args:
        name: key of the value in histories and scores.

    Shape:
        Targets and predictions (batch, ..., outputs); the value is a scalar.

    Raises:
        ShapeError: where targets and predictions differ in shape.

    Example:
        >>> from lamina import metrics
        >>> float(metrics.CosineSimilarity()([[0.0, 1.0], [1.0, 0.0]], [[0.0, 5.0], [0.0, 3.0]]))
        0.5
    """

    task: ClassVar[Task] = "numbers"

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return the cosine of each row."""
        return formulas.cosine_similarity(*paired(y_true, y_pred, where="CosineSimilarity"))
