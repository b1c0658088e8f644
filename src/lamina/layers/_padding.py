"""Layers that put zeros around sequences, images and volumes, or cut their edges off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, TypeAlias

from lamina import ops
from lamina._core import checks
from lamina._core.registry import register
from lamina.errors import ArgumentError
from lamina.layers._context import Context
from lamina.layers._layer import Layer
from lamina.layers._symbol import Shape
from lamina.layers._windows import check_rank
from lamina.ops import Array

Edge: TypeAlias = tuple[int, int]
Edges: TypeAlias = int | tuple[int | Edge, ...]
"""One number for all edges, one for each axis, or one pair (before, after) for each axis."""


class _ZeroPadding(Layer):
    """Zeros before and after each axis; the layers below say of how many."""

    input_dtype: ClassVar[str | None] = None
    rank: ClassVar[int]

    padding: Edges = 1

    def check(self) -> None:
        """Check the numbers of zeros."""
        edges_of(self, "padding", self.padding, self.rank)

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return the larger shape."""
        check_rank(self, input_shape, self.rank)
        return resized(input_shape, edges_of(self, "padding", self.padding, self.rank))

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the input with zeros around it."""
        return ops.pad(x, ((0, 0), *edges_of(self, "padding", self.padding, self.rank), (0, 0)))


class _Cropping(Layer):
    """What is left when the ends of each axis are cut off; the layers below say of how many."""

    input_dtype: ClassVar[str | None] = None
    rank: ClassVar[int]

    cropping: Edges = 1

    def check(self) -> None:
        """Check the numbers of places."""
        edges_of(self, "cropping", self.cropping, self.rank)

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return the smaller shape."""
        check_rank(self, input_shape, self.rank)
        edges = edges_of(self, "cropping", self.cropping, self.rank)
        smaller = resized(input_shape, tuple((-before, -after) for before, after in edges))
        if any(size is not None and size < 1 for size in smaller[1:-1]):
            self.refuse_shape(f"an input of which something is left after cropping {edges}", input_shape, "crop less.")
        return smaller

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the input without its edges."""
        self.output_shape(x.shape)  # refuses what is too small, where the sizes were not known before
        edges = edges_of(self, "cropping", self.cropping, self.rank)
        inner = [slice(before, x.shape[axis] - after) for axis, (before, after) in enumerate(edges, start=1)]
        return x[(slice(None), *inner)]


@register("layer")
class ZeroPadding1D(_ZeroPadding):
    """Put steps of zeros before and after each sequence.

    Args:
        padding: how many steps, one number for both ends or a pair (before, after).

    Shape:
        Input ``(batch, time, features)``, output ``(batch, before + time + after, features)``; no weights.

    Raises:
        ArgumentError: for a negative number, or too many numbers.
        ShapeError: for an input that is no sequence.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((2, 1)), lm.layers.ZeroPadding1D((2, 0))])
        >>> model.predict([[[7], [8]]]).ravel().tolist()
        [0.0, 0.0, 7.0, 8.0]
    """

    rank: ClassVar[int] = 1


@register("layer")
class ZeroPadding2D(_ZeroPadding):
    """Put zeros around each image.

    Args:
        padding: how many rows and columns: one number for all edges, (rows, columns), or
            ((above, below), (left, right)).

    Shape:
        Input ``(batch, height, width, channels)``, output larger in height and width; no weights.

    Raises:
        ArgumentError: for a negative number, or too many numbers.
        ShapeError: for an input that has no channels.

    Example:
        >>> import lamina as lm
        >>> lm.layers.ZeroPadding2D(((1, 0), (2, 2)))(lm.Input((5, 5, 3))).shape
        (None, 6, 9, 3)
    """

    rank: ClassVar[int] = 2

    padding: Edges = (1, 1)


@register("layer")
class ZeroPadding3D(_ZeroPadding):
    """Put zeros around each volume.

    Args:
        padding: how many places: one number for all edges, one for each axis, or one pair (before, after) for each.

    Shape:
        Input ``(batch, depth, height, width, channels)``, output larger along the three axes between; no weights.

    Raises:
        ArgumentError: for a negative number, or too many numbers.
        ShapeError: for an input that has no channels.

    Example:
        >>> import lamina as lm
        >>> lm.layers.ZeroPadding3D((0, 1, 2))(lm.Input((5, 5, 5, 3))).shape
        (None, 5, 7, 9, 3)
    """

    rank: ClassVar[int] = 3

    padding: Edges = ((1, 1), (1, 1), (1, 1))


@register("layer")
class Cropping1D(_Cropping):
    """Cut steps off both ends of each sequence.

    Args:
        cropping: how many steps, one number for both ends or a pair (before, after).

    Shape:
        Input ``(batch, time, features)``, output ``(batch, time - before - after, features)``; no weights.

    Raises:
        ArgumentError: for a negative number, or too many numbers.
        ShapeError: for an input that is no sequence, or of which nothing would be left.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((3, 1)), lm.layers.Cropping1D((2, 0))])
        >>> model.predict([[[7], [8], [9]]]).ravel().tolist()
        [9.0]
    """

    rank: ClassVar[int] = 1

    cropping: Edges = (1, 1)


@register("layer")
class Cropping2D(_Cropping):
    """Cut the edges off each image.

    Args:
        cropping: how many rows and columns: one number for all edges, (rows, columns), or
            ((above, below), (left, right)).

    Shape:
        Input ``(batch, height, width, channels)``, output smaller in height and width; no weights.

    Raises:
        ArgumentError: for a negative number, or too many numbers.
        ShapeError: for an input that has no channels, or of which nothing would be left.

    Example:
        >>> import lamina as lm
        >>> lm.layers.Cropping2D(((2, 0), (1, 1)))(lm.Input((28, 28, 3))).shape
        (None, 26, 26, 3)
    """

    rank: ClassVar[int] = 2

    cropping: Edges = ((0, 0), (0, 0))


@register("layer")
class Cropping3D(_Cropping):
    """Cut the edges off each volume.

    Args:
        cropping: how many places: one number for all edges, one for each axis, or one pair (before, after) for each.

    Shape:
        Input ``(batch, depth, height, width, channels)``, output smaller along the three axes between; no weights.

    Raises:
        ArgumentError: for a negative number, or too many numbers.
        ShapeError: for an input that has no channels, or of which nothing would be left.

    Example:
        >>> import lamina as lm
        >>> lm.layers.Cropping3D((1, 2, 3))(lm.Input((16, 16, 16, 3))).shape
        (None, 14, 12, 10, 3)
    """

    rank: ClassVar[int] = 3

    cropping: Edges = ((1, 1), (1, 1), (1, 1))


def edges_of(layer: Layer, field: str, value: Any, rank: int) -> tuple[Edge, ...]:
    """Return a pair (before, after) for each axis, refusing what says something else."""
    by_axis = value if isinstance(value, tuple) and (rank > 1 or len(value) == 1) else (value,) * rank
    edges = tuple(edge if isinstance(edge, tuple) else (edge, edge) for edge in by_axis)
    numbers = [number for edge in edges for number in edge]
    if len(edges) != rank or any(len(edge) != 2 for edge in edges) or not all(map(_is_count, numbers)):
        each = "a pair (before, after)" if rank == 1 else f"{rank} of them, or {rank} pairs (before, after)"
        raise checks.problem(
            ArgumentError,
            layer.place(field),
            expected=f"a number of at least 0, or {each}",
            got=checks.plain(value),
            fix=f"write {field}={(1, 2) if rank == 1 else ((1, 1),) * rank}, for example.",
        )
    return edges


def resized(shape: Shape, edges: tuple[Edge, ...]) -> Shape:
    """Return the shape with the sizes between batch and channels larger by what is added at both ends."""
    between = (
        None if size is None else size + before + after
        for size, (before, after) in zip(shape[1:-1], edges, strict=True)
    )
    return (shape[0], *between, shape[-1])


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
