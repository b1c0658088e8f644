"""Penalise vectors that point in similar directions."""

from __future__ import annotations

from typing import Literal

from lamina import ops
from lamina._core import checks
from lamina._core.config import Setting
from lamina._core.registry import register
from lamina.errors import ShapeError
from lamina.ops import Array
from lamina.regularizers._l1_l2 import sum_of_absolutes
from lamina.regularizers._regularizer import Regularizer

EPSILON = 1e-12
"""Least squared length to divide by, so that zero vectors have a gradient."""


@register("regularizer")
class OrthogonalRegularizer(Regularizer):
    """Penalise rows (or columns) of a matrix that are not orthogonal to each other.

    factor · mean of |cos(i, j)| over all pairs i < j of rows (or columns)

    Args:
        factor: strength of the penalty, at least 0.
        mode: "rows" or "columns". In a dense kernel each row belongs to one input, each column to one unit.

    Shape:
        Input: (rows, columns). Output: a scalar.

    Raises:
        ArgumentError: for a strength that is negative or not finite, or an unknown mode.
        ShapeError: when called with anything but a matrix.

    Example:
        >>> import numpy as np
        >>> from lamina import regularizers
        >>> regularizers.OrthogonalRegularizer(0.5)(np.array([[1.0, 0.0], [3.0, 4.0]])).round(3)
        Array(0.3, dtype=float32)

    Reference:
        [Brock et al., 2016](https://arxiv.org/abs/1609.07093)
    """

    factor: Setting = 0.01
    mode: Literal["rows", "columns"] = "rows"

    def check(self) -> None:
        """Check both arguments."""
        checks.number(self.place("factor"), self.factor, low=0.0)
        checks.choice(self.place("mode"), self.mode, ["rows", "columns"])

    def __call__(self, values: Array) -> Array:
        """Return the penalty on a matrix."""
        if len(values.shape) != 2:
            raise checks.problem(
                ShapeError,
                type(self).__name__,
                expected="a matrix of shape (rows, columns)",
                got=checks.plain(values),
                fix='use it on two-dimensional weights only, and "l2" on the others.',
            )
        vectors = values if self.mode == "rows" else ops.transpose(values)
        vectors = vectors * ops.rsqrt(ops.maximum(ops.sum(ops.square(vectors), axis=1, keepdims=True), EPSILON))
        cosines = ops.tril(vectors @ ops.transpose(vectors), -1)
        count = vectors.shape[0]
        return self.factor * sum_of_absolutes(cosines) / max(count * (count - 1) / 2, 1)
