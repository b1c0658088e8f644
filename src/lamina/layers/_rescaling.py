"""Bring numbers to another range."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lamina import ops
from lamina._core import checks
from lamina._core.config import Setting
from lamina._core.registry import register
from lamina.layers._context import Context
from lamina.layers._layer import Layer
from lamina.layers._masks import MaskRule
from lamina.layers._symbol import Shape
from lamina.ops import Array


@register("layer")
class Rescaling(Layer):
    """Multiply by a scale and add an offset: ``x · scale + offset``.

    Args:
        scale: what is multiplied by, such as 1 / 255 for bytes; or a list with a number for each place of the last
            axis.
        offset: what is added afterwards, a number or a list as for `scale`.

    Shape:
        Output as input; no weights.

    Raises:
        ArgumentError: for what is not a finite number or a list of them.
        ShapeError: for a last axis of another size than the list.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((3,)), lm.layers.Rescaling(0.5, offset=-1)])
        >>> model.predict([[0, 2, 4]]).tolist()
        [[-1.0, 0.0, 1.0]]
    """

    masking: ClassVar[MaskRule] = "pass"
    needs_float32: ClassVar[bool] = True

    scale: Setting | tuple[float, ...]
    offset: Setting | tuple[float, ...] = 0.0

    def check(self) -> None:
        """Check that all numbers are finite."""
        for field, value in (("scale", self.scale), ("offset", self.offset)):
            for number in value if isinstance(value, tuple) and value else (value,):
                checks.number(self.place(field), number)

    def output_shape(self, input_shape: Shape) -> Shape:
        """Check that lists are as long as the last axis."""
        for value in (self.scale, self.offset):
            if isinstance(value, tuple) and input_shape[1:][-1:] not in ((len(value),), (None,)):
                self.refuse_shape(
                    f"an input with a last axis of {len(value)}",
                    input_shape,
                    "give one number for each of its last axis.",
                )
        return input_shape

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the input times scale plus offset."""
        return x * ops.asarray(self.scale, x.dtype) + ops.asarray(self.offset, x.dtype)
