"""Bring data to mean 0 and standard deviation 1, as measured on the training data."""

from __future__ import annotations

import numbers
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np

from lamina import ops
from lamina._core import checks
from lamina._core.registry import register
from lamina.errors import ArgumentError, DataError, StageError
from lamina.layers._axes import Axes, check_axes, resolve_axes, spread
from lamina.layers._context import Context
from lamina.layers._layer import Layer
from lamina.layers._masks import MaskRule
from lamina.layers._symbol import Shape
from lamina.ops import Array

ROWS_AT_ONCE = 4096
SMALLEST_DEVIATION = 1e-7


@register("layer")
class Normalization(Layer):
    """Bring data to mean 0 and standard deviation 1, as measured beforehand.

    ``(x - mean) / √variance``. ``Normalization().adapt(x_train)`` measures them and returns the layer to use; they are
    part of its configuration and are not trained. Where the variance is 0, nothing is divided.

    Args:
        axis: the axis, or tuple of axes, with a mean and variance for each place along it; None for one of each.
        mean: a number, or numbers for each place along the axis; measured by `adapt` when not given.
        variance: the square of the standard deviation, as many numbers as `mean`.
        invert: whether to undo the normalisation instead: ``x · √variance + mean``.

    Shape:
        Output as input; no weights.

    Raises:
        ArgumentError: for an axis that is the batch, a mean without a variance, or one that is negative.
        ShapeError: for an input without the axis, or with other sizes than mean and variance have.
        StageError: where a model is built with the layer before mean and variance are known.

    Example:
        >>> import lamina as lm
        >>> x_train = [[0, 100], [2, 300]]
        >>> normalization = lm.layers.Normalization().adapt(x_train)
        >>> normalization
        Normalization(mean=(1.0, 200.0), variance=(1.0, 10000.0))
        >>> lm.Sequential([lm.Input((2,)), normalization]).predict(x_train).tolist()
        [[-1.0, -1.0], [1.0, 1.0]]
    """

    masking: ClassVar[MaskRule] = "pass"
    needs_float32: ClassVar[bool] = True

    axis: Axes | None = -1
    mean: Any = None
    variance: Any = None
    invert: bool = False

    def check(self) -> None:
        """Check the axis, and keep mean and variance as plain numbers."""
        if self.axis is not None:
            check_axes(self.place("axis"), self.axis)
        checks.boolean(self.place("invert"), self.invert)
        if self.mean is None and self.variance is None:
            return
        mean, variance = _numbers(self, "mean", -np.inf), _numbers(self, "variance", 0)
        if mean.shape != variance.shape:
            raise checks.problem(
                ArgumentError,
                self.place("variance"),
                expected=f"as many numbers as mean has, of shape {mean.shape}",
                got=f"shape {variance.shape}",
                fix="give a variance for each mean.",
            )

    def adapt(self, data: Any) -> Self:
        """Return a layer with the mean and variance of data; this one stays as it is.

        Args:
            data: the training rows, an array or frame of finite numbers.

        Raises:
            DataError: for what is empty, or no finite numbers.
            ShapeError: for data without the axis.
        """
        rows = _rows(self, data)
        axes = self._axes(rows.shape)
        others = tuple(axis for axis in range(rows.ndim) if axis not in axes)
        blocks = [rows[start : start + ROWS_AT_ONCE] for start in range(0, len(rows), ROWS_AT_ONCE)]
        count = rows.size / np.prod([rows.shape[axis] for axis in axes])
        mean = sum(block.sum(others, dtype=np.float64, keepdims=True) for block in blocks) / count
        variance = sum(np.square(block - mean).sum(others) for block in blocks) / count
        return self.replace(mean=mean.reshape(variance.shape), variance=variance)

    def output_shape(self, input_shape: Shape) -> Shape:
        """Check that mean and variance are known and fit."""
        if self.mean is None:
            raise checks.problem(
                StageError,
                self.label,
                expected="a mean and a variance",
                got="none",
                fix="write normalization = Normalization().adapt(x_train), and use the layer that adapt returns.",
            )
        axes, sizes = self._axes(input_shape), np.shape(self.mean)
        fits = len(sizes) <= len(axes) and all(
            size in (1, input_shape[axis]) for axis, size in zip(axes[len(axes) - len(sizes) :], sizes, strict=True)
        )
        if not fits:
            self.refuse_shape(
                f"an input with sizes {sizes} along the axis {self.axis}",
                input_shape,
                "adapt the layer to data of the shape that the model is for.",
            )
        return input_shape

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the input normalised, or the other way round."""
        variance = np.asarray(self.variance)
        deviation = np.where(variance == 0, 1, np.maximum(np.sqrt(variance), SMALLEST_DEVIATION))
        mean, divisor = self._spread(np.asarray(self.mean), x), self._spread(deviation, x)
        return x * divisor + mean if self.invert else (x - mean) / divisor

    def _axes(self, shape: Shape) -> tuple[int, ...]:
        return () if self.axis is None else resolve_axes(self, self.axis, shape)

    def _spread(self, values: np.ndarray, x: Array) -> Array:
        axes = self._axes((None,) * x.ndim)
        return spread(ops.asarray(values, x.dtype), axes[len(axes) - values.ndim :], x.ndim)


def _numbers(layer: Normalization, field: str, low: float) -> np.ndarray:
    """Check that a field is finite numbers in a box, and keep it as plain tuples."""
    value = getattr(layer, field)
    values = np.asarray(value, dtype=object)
    for number in values.flat:
        checks.number(layer.place(field), number, low=low)
    object.__setattr__(layer, field, _as_tuples(values.astype(np.float64).tolist()))
    return values


def _as_tuples(value: Any) -> Any:
    return tuple(_as_tuples(item) for item in value) if isinstance(value, list) else value


def _rows(layer: Normalization, data: Any) -> np.ndarray:
    rows = np.asarray(data)
    rows = rows[:, None] if rows.ndim == 1 else rows
    problem = _unlike_numbers(rows, data)
    if rows.dtype == object and not problem:
        rows = rows.astype(np.float64)
    if rows.ndim == 0 or rows.size == 0:
        problem = "no rows"
    elif not problem and not (np.isfinite(rows.min()) and np.isfinite(rows.max())):
        place = tuple(np.argwhere(~np.isfinite(rows))[0].tolist())
        problem = f"{rows[place]} in {checks.located(place)}"
    if problem:
        raise checks.problem(
            DataError,
            f"{type(layer).__name__}.adapt(data)",
            expected="rows of finite numbers",
            got=problem,
            fix="pass the training data, with what is missing filled in and text turned into numbers.",
        )
    return rows


def _unlike_numbers(rows: np.ndarray, data: Any) -> str:
    """Say what in the rows is no number; a frame whose columns have different types comes as objects."""
    if rows.dtype != object or rows.ndim == 0:
        return "" if rows.dtype.kind in "fiub" else f"values of type {rows.dtype}"
    for place, value in np.ndenumerate(rows):
        if not (value is None or isinstance(value, (numbers.Real, np.bool_))):
            names = list(getattr(data, "columns", ()))
            column = f" in the column {names[place[1]]!r}" if len(names) == rows.shape[-1] and rows.ndim == 2 else ""
            return f"{checks.plain(value)}{column or f' in {checks.located(place)}'}"
    return ""
