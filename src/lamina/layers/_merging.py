"""Layers that join several inputs number by number."""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping
from typing import ClassVar

from lamina import ops
from lamina._core.registry import register
from lamina.layers._context import Context
from lamina.layers._layer import Layer
from lamina.layers._masks import MaskRule
from lamina.layers._symbol import Shape
from lamina.ops import Array


class _Merging(Layer):
    """Join inputs whose sizes are equal or 1; those with fewer axes get axes of size 1 after the batch, as in Keras.

    A step of the output is real where that of every input is.
    """

    many_inputs: ClassVar[bool] = True
    masking: ClassVar[MaskRule] = "pass"

    def output_shape(self, input_shape: tuple[Shape, ...]) -> Shape:
        """Return the sizes that all inputs broadcast to."""
        rank = max(map(len, input_shape))
        columns = zip(*(_lengthened(shape, rank) for shape in input_shape), strict=True)
        return tuple(self._joined(column, input_shape) for column in columns)

    def output_mask(self, x: tuple[Array, ...], mask: tuple[Array | None, ...]) -> Array:
        """Return which steps are real in every input; a single step is joined with each step of the others."""
        rank = max(array.ndim for array in x)
        if any(own is not None and array.ndim < rank for array, own in zip(x, mask, strict=True)):
            self.refuse_mask("give all inputs as many axes, as one with fewer gets them before its time axis.")
        steps = max(array.shape[1] for array in x if array.ndim == rank)
        return ops.broadcast_to(super().output_mask(x, mask), (x[0].shape[0], steps))

    def call(self, weights: Mapping[str, Array], x: tuple[Array, ...], context: Context) -> Array:
        """Return the inputs joined."""
        rank = max(array.ndim for array in x)
        return self.merged(tuple(array.reshape(_lengthened(array.shape, rank)) for array in x))

    def merged(self, arrays: tuple[Array, ...]) -> Array:
        """Return arrays of one rank, joined."""
        raise NotImplementedError

    def _joined(self, sizes: tuple[int | None, ...], shapes: tuple[Shape, ...]) -> int | None:
        known = set(sizes) - {1, None}
        if len(known) > 1:
            self.refuse_shape(
                "inputs of shapes that fit each other",
                " and ".join(map(str, shapes)),
                "bring them to one shape first, for example with Dense or Reshape.",
            )
        return known.pop() if known else None if None in sizes else 1


def _lengthened(shape: Shape, rank: int) -> Shape:
    return (*shape[:1], *(1,) * (rank - len(shape)), *shape[1:])


@register("layer")
class Add(_Merging):
    """Add the inputs: ``a + b + ...``.

    Shape:
        Input: a list of one shape, where sizes may also be 1; output: the larger sizes; no weights.

    Example:
        >>> import lamina as lm
        >>> x = lm.Input((3,))
        >>> lm.Model(x, lm.layers.Add()([x, x])).predict([[1, 2, 3]]).tolist()
        [[2.0, 4.0, 6.0]]

    Reference:
        He, Zhang, Ren and Sun (2015), Deep residual learning for image recognition, https://arxiv.org/abs/1512.03385
    """

    def merged(self, arrays: tuple[Array, ...]) -> Array:
        """Return the sum."""
        return functools.reduce(operator.add, arrays)


@register("layer")
class Subtract(_Merging):
    """Subtract the second input from the first: ``a - b``.

    Shape:
        Input: a list of two shapes, where sizes may also be 1; output: the larger sizes; no weights.

    Example:
        >>> import lamina as lm
        >>> a, b = lm.Input((2,)), lm.Input((2,))
        >>> lm.Model([a, b], lm.layers.Subtract()([a, b])).predict([[[5, 6]], [[1, 2]]]).tolist()
        [[4.0, 4.0]]
    """

    def output_shape(self, input_shape: tuple[Shape, ...]) -> Shape:
        """Check that there are two inputs."""
        if len(input_shape) != 2:
            self.refuse_input("two symbols", f"a list of {len(input_shape)}", "write Subtract()([a, b]).")
        return super().output_shape(input_shape)

    def merged(self, arrays: tuple[Array, ...]) -> Array:
        """Return the difference."""
        first, second = arrays
        return first - second


@register("layer")
class Multiply(_Merging):
    """Multiply the inputs number by number: ``a · b · ...``.

    Shape:
        Input: a list of one shape, where sizes may also be 1; output: the larger sizes; no weights.

    Example:
        >>> import lamina as lm
        >>> x = lm.Input((3,))
        >>> lm.Model(x, lm.layers.Multiply()([x, x])).predict([[1, 2, 3]]).tolist()
        [[1.0, 4.0, 9.0]]
    """

    def merged(self, arrays: tuple[Array, ...]) -> Array:
        """Return the product."""
        return functools.reduce(operator.mul, arrays)


@register("layer")
class Average(_Merging):
    """Average the inputs: ``(a + b + ...) / n``.

    Shape:
        Input: a list of one shape, where sizes may also be 1; output: the larger sizes; no weights.

    Example:
        >>> import lamina as lm
        >>> a, b = lm.Input((2,)), lm.Input((2,))
        >>> lm.Model([a, b], lm.layers.Average()([a, b])).predict([[[1, 2]], [[3, 6]]]).tolist()
        [[2.0, 4.0]]
    """

    def merged(self, arrays: tuple[Array, ...]) -> Array:
        """Return the mean."""
        return functools.reduce(operator.add, arrays) / len(arrays)


@register("layer")
class Maximum(_Merging):
    """Take the largest of the inputs at each place: ``max(a, b, ...)``.

    Shape:
        Input: a list of one shape, where sizes may also be 1; output: the larger sizes; no weights.

    Example:
        >>> import lamina as lm
        >>> a, b = lm.Input((2,)), lm.Input((2,))
        >>> lm.Model([a, b], lm.layers.Maximum()([a, b])).predict([[[1, 6]], [[3, 2]]]).tolist()
        [[3.0, 6.0]]
    """

    def merged(self, arrays: tuple[Array, ...]) -> Array:
        """Return the largest."""
        return functools.reduce(ops.maximum, arrays)


@register("layer")
class Minimum(_Merging):
    """Take the smallest of the inputs at each place: ``min(a, b, ...)``.

    Shape:
        Input: a list of one shape, where sizes may also be 1; output: the larger sizes; no weights.

    Example:
        >>> import lamina as lm
        >>> a, b = lm.Input((2,)), lm.Input((2,))
        >>> lm.Model([a, b], lm.layers.Minimum()([a, b])).predict([[[1, 6]], [[3, 2]]]).tolist()
        [[1.0, 2.0]]
    """

    def merged(self, arrays: tuple[Array, ...]) -> Array:
        """Return the smallest."""
        return functools.reduce(ops.minimum, arrays)
