"""Products of vectors that two inputs hold."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import ClassVar

from lamina import ops
from lamina._core import checks
from lamina._core.registry import register
from lamina.errors import ArgumentError
from lamina.layers._axes import check_axes, resolve_axes
from lamina.layers._context import Context
from lamina.layers._layer import Layer
from lamina.layers._symbol import Shape
from lamina.layers._unit_normalization import to_unit_length
from lamina.ops import Array


@register("layer")
class Dot(Layer):
    """Multiply two inputs and sum along one axis of each, row by row: ``Σ a · b``.

    Args:
        axes: the axis to sum along, or a tuple with the axis of the first and that of the second input.
        normalize: whether vectors are brought to length 1 before, which gives the cosine of their angle.

    Shape:
        Input: a list of two shapes; output: the axes of both that are left, the first input's first, and ``(batch, 1)``
        where none is; no weights.

    Raises:
        ArgumentError: for axes that are the batch, or more than two; for other than two inputs.
        ShapeError: for different sizes along the axes.

    Example:
        >>> import lamina as lm
        >>> user, film = lm.Input((2,)), lm.Input((2,))
        >>> lm.Model([user, film], lm.layers.Dot(1)([user, film])).predict([[[1, 2]], [[3, 4]]]).tolist()
        [[11.0]]
    """

    many_inputs: ClassVar[bool] = True

    axes: int | tuple[int, int]
    normalize: bool = False

    def check(self) -> None:
        """Check the axes."""
        check_axes(self.place("axes"), self.axes)
        checks.boolean(self.place("normalize"), self.normalize)
        if isinstance(self.axes, tuple) and len(self.axes) != 2:
            raise checks.problem(
                ArgumentError,
                self.place("axes"),
                expected="one axis, or one for each of the two inputs",
                got=checks.plain(self.axes),
                fix="write it as in Dot(1) or Dot((2, 1)).",
            )

    def output_shape(self, input_shape: tuple[Shape, ...]) -> Shape:
        """Return the sizes of the axes that are left."""
        if len(input_shape) != 2:
            self.refuse_input("two symbols", f"a list of {len(input_shape)}", "write Dot(axes)([a, b]).")
        first, second = input_shape
        i, j = self._axes(first, second)
        if None not in (first[i], second[j]) and first[i] != second[j]:
            self.refuse_shape(
                f"one size along axis {i} of the first input and axis {j} of the second",
                f"{first} and {second}",
                "name the axes of equal size, or bring them to one size with Dense.",
            )
        left = (*first[:i], *first[i + 1 :], *second[1:j], *second[j + 1 :])
        return left if len(left) > 1 else (*left, 1)

    def call(self, weights: Mapping[str, Array], x: tuple[Array, ...], context: Context) -> Array:
        """Return the sums of products."""
        first, second = x
        i, j = self._axes(first.shape, second.shape)
        if self.normalize:
            first, second = to_unit_length(first, i), to_unit_length(second, j)
        sums = ops.vmap(functools.partial(ops.tensordot, axes=((i - 1,), (j - 1,))))(first, second)
        return sums if sums.ndim > 1 else sums[:, None]

    def _axes(self, first: Shape, second: Shape) -> tuple[int, int]:
        i, j = self.axes if isinstance(self.axes, tuple) else (self.axes, self.axes)
        return resolve_axes(self, i, first)[0], resolve_axes(self, j, second)[0]
