"""Bring vectors to length 1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lamina import ops
from lamina._core.registry import register
from lamina.layers._axes import Axes, check_axes, mask_along, resolve_axes
from lamina.layers._context import Context
from lamina.layers._layer import Layer
from lamina.layers._masks import MaskRule
from lamina.layers._symbol import Shape
from lamina.ops import Array

SHORTEST = 1e-12


@register("layer")
class UnitNormalization(Layer):
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

    masking: ClassVar[MaskRule] = "pass"
    needs_float32: ClassVar[bool] = True

    axis: Axes = -1

    def check(self) -> None:
        """Check the axis."""
        check_axes(self.place("axis"), self.axis)

    def output_shape(self, input_shape: Shape) -> Shape:
        """Check that the input has the axis."""
        resolve_axes(self, self.axis, input_shape)
        return input_shape

    def gives_mask(self, masked: bool) -> bool:
        """Pass a mask on, unless steps are mixed."""
        return mask_along(self, self.axis, masked)

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the input at length 1."""
        return to_unit_length(x, self.axis)


def to_unit_length(x: Array, axis: Axes) -> Array:
    """Return vectors of length 1; those shorter than 10⁻⁶ stay shorter, so that the gradient at zero is finite."""
    return x * ops.rsqrt(ops.maximum(ops.sum(ops.square(x), axis, keepdims=True), SHORTEST))
