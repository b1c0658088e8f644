"""Bring vectors to length 1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lamina import ops
from lamina._core.registry import register
from lamina.layers._axes import AlongAxes, Axes
from lamina.layers._context import Context
from lamina.ops import Array

SHORTEST = 1e-12


@register("layer")
class UnitNormalization(AlongAxes):
    """Divide each vector by its length: ``x / √(Σx²)``.

    Args:
        axis: the axis, or tuple of axes, along which a vector lies; the last by default.

    Shape:
        Output as input; no weights. The zero vector stays zero.

    Raises:
        ArgumentError: for an axis that is the batch.
        ShapeError: for an input that does not have the axis.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((2,)), lm.layers.UnitNormalization()])
        >>> model.predict([[3, 4], [0, 0]]).round(3).tolist()
        [[0.6..., 0.8...], [0.0, 0.0]]
    """

    needs_float32: ClassVar[bool] = True

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the input at length 1."""
        return to_unit_length(x, self.axis)


def to_unit_length(x: Array, axis: Axes) -> Array:
    """Return vectors of length 1; those shorter than 10⁻⁶ stay shorter, so that the gradient at zero is finite."""
    return x * ops.rsqrt(ops.maximum(ops.sum(ops.square(x), axis, keepdims=True), SHORTEST))
