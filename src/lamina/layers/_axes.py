"""Axes as arguments of layers: counted from 1 after the batch, or from the end."""

from __future__ import annotations

from typing import ClassVar, TypeAlias

from lamina._core import checks
from lamina.errors import ArgumentError
from lamina.layers._layer import Layer
from lamina.layers._masks import MaskRule
from lamina.layers._symbol import Shape
from lamina.ops import Array

Axes: TypeAlias = int | tuple[int, ...]


class AlongAxes(Layer):
    """A layer that computes along an axis, or several, and keeps the shape of its input.

    Args:
        axis: the axis, or a tuple of axes; the last by default.
    """

    masking: ClassVar[MaskRule] = "pass"

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


def check_axes(where: str, value: object) -> None:
    """Check an axis or a tuple of them, none of which is the batch."""
    axes = value if isinstance(value, tuple) else (value,)
    if not axes or not all(type(axis) is int and axis != 0 for axis in axes):
        raise checks.problem(
            ArgumentError,
            where,
            expected="an axis after the batch, or a tuple of them",
            got=checks.plain(value),
            fix="write 1 for the first axis after the batch, -1 for the last.",
        )


def resolve_axes(layer: Layer, axes: Axes, shape: Shape) -> tuple[int, ...]:
    """Return axes counted from the front and in order, refusing a shape that does not have them."""
    wanted = axes if isinstance(axes, tuple) else (axes,)
    found = {axis + len(shape) if axis < 0 else axis for axis in wanted}
    if not all(0 < axis < len(shape) for axis in found) or len(found) < len(wanted):
        words = f"the axis {axes}" if isinstance(axes, int) else f"the different axes {axes}"
        layer.refuse_shape(f"an input with {words} after the batch", shape, "count axes from 1, the batch being 0.")
    return tuple(sorted(found))


def known_sizes(layer: Layer, axes: tuple[int, ...], shape: Shape) -> tuple[int, ...]:
    """Return the sizes along axes, which `layer` must know to declare its weights."""
    sizes = tuple(size for axis in axes if (size := shape[axis]) is not None)
    if len(sizes) < len(axes):
        layer.refuse_shape(
            f"an input with known sizes along {axes}", shape, "state the sizes, as in Input((28, 28, 3))."
        )
    return sizes


def mask_along(layer: Layer, axes: Axes, masked: bool) -> bool:
    """Return whether the output has a mask, refusing one where the layer's `axes` may mix the steps of a sequence."""
    if masked and any(axis == 1 or axis < -1 for axis in (axes if isinstance(axes, tuple) else (axes,))):
        layer.refuse_mask("give it the last axis, axis=-1, so that each step is computed by itself.")
    return masked


def spread(values: Array, axes: tuple[int, ...], rank: int) -> Array:
    """Return values that stand for `axes` in a shape that broadcasts against arrays of `rank` axes."""
    sizes = dict(zip(axes, values.shape, strict=True))
    return values.reshape([sizes.get(axis, 1) for axis in range(rank)])
