"""Join inputs end to end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lamina import ops
from lamina._core.registry import register
from lamina.layers._axes import check_axes, resolve_axes
from lamina.layers._context import Context
from lamina.layers._layer import Layer
from lamina.layers._masks import MaskRule
from lamina.layers._symbol import Shape, compatible
from lamina.ops import Array


@register("layer")
class Concatenate(Layer):
    """Join inputs end to end along one axis.

    A step of the output is real where that of every input is; joined along the time, each brings its own mask.

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
    masking: ClassVar[MaskRule] = "pass"

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

    def output_mask(self, x: tuple[Array, ...], mask: tuple[Array | None, ...]) -> Array:
        """Return the masks end to end along the time, else what they share."""
        if resolve_axes(self, self.axis, x[0].shape) != (1,):
            return super().output_mask(x, mask)
        pairs = zip(x, mask, strict=True)
        return ops.concatenate([ops.ones(a.shape[:2], "bool") if own is None else own for a, own in pairs], axis=1)

    def call(self, weights: Mapping[str, Array], x: tuple[Array, ...], context: Context) -> Array:
        """Return the inputs end to end."""
        return ops.concatenate(x, axis=self.axis)
