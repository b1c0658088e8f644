"""Layers that only move numbers: flatten, reshape, permute, repeat."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar

from lamina import ops
from lamina._core import checks
from lamina._core.registry import register
from lamina.errors import ArgumentError
from lamina.layers._context import Context
from lamina.layers._layer import Layer
from lamina.layers._symbol import Shape
from lamina.ops import Array


@register("layer")
class Flatten(Layer):
    """Lay out each row as one vector.

    Shape:
        Input ``(batch, a, b, ...)``, output ``(batch, a · b · ...)``; no weights.

    Example:
        >>> import lamina as lm
        >>> lm.layers.Flatten()(lm.Input((28, 28))).shape
        (None, 784)
    """

    input_dtype: ClassVar[str | None] = None

    def output_shape(self, input_shape: Shape) -> Shape:
        """Multiply all sizes but the batch; unknown if one of them is."""
        sizes = [size for size in input_shape[1:] if size is not None]
        return (input_shape[0], math.prod(sizes) if len(sizes) == len(input_shape) - 1 else None)

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the rows as vectors."""
        return ops.reshape(x, (x.shape[0], math.prod(x.shape[1:])))


@register("layer")
class Reshape(Layer):
    """Give each row another shape, the numbers keeping their order.

    Args:
        target_shape: sizes of one row, without the batch; one may be -1 and is worked out.

    Shape:
        Output ``(batch, *target_shape)``; no weights.

    Raises:
        ArgumentError: for sizes that are not positive integers, or more than one -1.
        ShapeError: where the sizes do not multiply to those of the input.

    Example:
        >>> import lamina as lm
        >>> lm.layers.Reshape((28, 28, -1))(lm.Input((784,))).shape
        (None, 28, 28, 1)
    """

    input_dtype: ClassVar[str | None] = None

    target_shape: tuple[int, ...]

    def check(self) -> None:
        """Check the sizes."""
        sizes = self.target_shape
        good = isinstance(sizes, tuple) and all(type(size) is int and (size > 0 or size == -1) for size in sizes)
        if not good or sizes.count(-1) > 1:
            raise checks.problem(
                ArgumentError,
                self.place("target_shape"),
                expected="a tuple of positive integers, at most one of them -1",
                got=checks.plain(sizes),
                fix="write it as in Reshape((28, 28, 1)), without the batch.",
            )

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return the target with -1 worked out."""
        sizes = [size for size in input_shape[1:] if size is not None]
        known = math.prod(size for size in self.target_shape if size != -1)
        if len(sizes) < len(input_shape) - 1:
            return (input_shape[0], *(None if size == -1 else size for size in self.target_shape))
        count = math.prod(sizes)
        if count % known or (-1 not in self.target_shape and count != known):
            self.refuse_shape(
                f"an input that {self.target_shape} can hold",
                input_shape,
                f"choose sizes that multiply to {count}.",
            )
        return (input_shape[0], *(count // known if size == -1 else size for size in self.target_shape))

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the rows in their new shape."""
        return ops.reshape(x, self.output_shape(x.shape))


@register("layer")
class Permute(Layer):
    """Change the order of the axes of each row.

    Args:
        dims: the old axes in their new order, the first after the batch being 1.

    Shape:
        Output ``(batch, ...)`` with the sizes in the new order; no weights.

    Raises:
        ArgumentError: for dims that are not each of 1 … n once.
        ShapeError: for an input with another number of axes.

    Example:
        >>> import lamina as lm
        >>> lm.layers.Permute((2, 1))(lm.Input((10, 64))).shape
        (None, 64, 10)
    """

    input_dtype: ClassVar[str | None] = None

    dims: tuple[int, ...]

    def check(self) -> None:
        """Check that each axis is named once."""
        if not isinstance(self.dims, tuple) or set(self.dims) != set(range(1, len(self.dims) + 1)):
            raise checks.problem(
                ArgumentError,
                self.place("dims"),
                expected="each axis from 1 on exactly once",
                got=checks.plain(self.dims),
                fix="write it as in Permute((2, 1)); the batch is not counted.",
            )

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return the sizes in the new order."""
        if len(input_shape) != len(self.dims) + 1:
            self.refuse_shape(
                f"an input with {len(self.dims)} axes after the batch", input_shape, "name every axis in dims."
            )
        return (input_shape[0], *(input_shape[axis] for axis in self.dims))

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the transposed rows."""
        return ops.transpose(x, (0, *self.dims))


@register("layer")
class RepeatVector(Layer):
    """Repeat each row n times along a new time axis.

    Args:
        n: how many times, at least 1.

    Shape:
        Input ``(batch, features)``, output ``(batch, n, features)``; no weights.

    Raises:
        ArgumentError: for n below 1.
        ShapeError: for an input that is not ``(batch, features)``.

    Example:
        >>> import lamina as lm
        >>> lm.layers.RepeatVector(3)(lm.Input((32,))).shape
        (None, 3, 32)
    """

    input_dtype: ClassVar[str | None] = None

    n: int

    def check(self) -> None:
        """Check the number of repetitions."""
        checks.integer(self.place("n"), self.n)

    def output_shape(self, input_shape: Shape) -> Shape:
        """Insert the new axis."""
        if len(input_shape) != 2:
            self.refuse_shape("an input of shape (batch, features)", input_shape, "add Flatten() before it.")
        return (input_shape[0], self.n, input_shape[1])

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return each row n times."""
        return ops.repeat(x[:, None, :], self.n, axis=1)
