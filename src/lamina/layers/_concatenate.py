"""Join inputs end to end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lamina import ops
from lamina._core.registry import register
from lamina.layers._axes import check_axes, resolve_axes
from lamina.layers._context import Context
from lamina.layers._layer import Layer
from lamina.layers._symbol import Shape, compatible
from lamina.ops import Array


@register("layer")
class Concatenate(Layer):
    """Join inputs end to end along one axis.

    Args:
        axis: the axis along which they are joined, the last by default; never that of the batch.

    Shape:
        Input: a list of shapes that differ in this axis alone; output: its size is the sum of theirs; no weights.

    Raises:
        ArgumentError: for an axis that is the batch.
        ShapeError: for shapes that differ elsewhere.

    Example:
        >>> import lamina as lm
        >>> lm.layers.Concatenate()([lm.Input((3,)), lm.Input((5,))]).shape
        (None, 8)
    """

    many_inputs: ClassVar[bool] = True

    axis: int = -1

    def check(self) -> None:
        """Check the axis."""
        check_axes(self.place("axis"), self.axis)

    def output_shape(self, input_shape: tuple[Shape, ...]) -> Shape:
        """Add up the sizes along the axis."""
        (axis,) = resolve_axes(self, self.axis, input_shape[0])
        others = [(*shape[:axis], None, *shape[axis + 1 :]) for shape in input_shape]
        for shape, other in zip(input_shape, others, strict=True):
            if len(shape) != len(input_shape[0]) or not compatible(others[0], other):
                self.refuse_shape(
                    f"inputs of shapes that differ in the axis {self.axis} alone",
                    " and ".join(map(str, input_shape)),
                    "join along another axis, or bring them to one shape with Reshape or Dense.",
                )
        sizes = [shape[axis] for shape in input_shape]
        total = sum(size for size in sizes if size is not None)
        known = [next((size for size in column if size is not None), None) for column in zip(*others, strict=True)]
        return (*known[:axis], None if None in sizes else total, *known[axis + 1 :])

    def call(self, weights: Mapping[str, Array], x: tuple[Array, ...], context: Context) -> Array:
        """Return the inputs end to end."""
        return ops.concatenate(x, axis=self.axis)
