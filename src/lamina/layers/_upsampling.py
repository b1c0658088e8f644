"""Layers that repeat or interpolate the places of sequences, images and volumes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal, TypeAlias

from lamina import ops
from lamina._core import checks, windows
from lamina._core.registry import register
from lamina._core.windows import Sizes
from lamina.layers._context import Context
from lamina.layers._layer import Layer
from lamina.layers._symbol import Shape
from lamina.layers._windows import check_rank, check_sizes
from lamina.ops import Array

Interpolation: TypeAlias = Literal["nearest", "bilinear"]


class _UpSampling(Layer):
    """Each place several times; the layers below say along how many axes."""

    rank: ClassVar[int]

    size: Sizes = 2

    def check(self) -> None:
        """Check how often each place is repeated."""
        check_sizes(self, "size", self.rank)

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return the larger shape."""
        check_rank(self, input_shape, self.rank)
        times = windows.per_axis(self.size, self.rank)
        larger = (
            None if length is None else length * each for length, each in zip(input_shape[1:-1], times, strict=True)
        )
        return (input_shape[0], *larger, input_shape[-1])

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the input with each place repeated."""
        for axis, times in enumerate(windows.per_axis(self.size, self.rank), start=1):
            x = ops.repeat(x, times, axis=axis)
        return x


@register("layer")
class UpSampling1D(_UpSampling):
    """Repeat each step of a sequence.

    Args:
        size: how often.

    Shape:
        Input ``(batch, time, features)``, output ``(batch, time · size, features)``; no weights.

    Raises:
        ArgumentError: for a size below 1.
        ShapeError: for an input that is no sequence.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((2, 1)), lm.layers.UpSampling1D(3)])
        >>> model.predict([[[7], [8]]]).ravel().tolist()
        [7.0, 7.0, 7.0, 8.0, 8.0, 8.0]
    """

    rank: ClassVar[int] = 1


@register("layer")
class UpSampling2D(_UpSampling):
    """Make images larger by whole factors.

    Args:
        size: how many times as many rows and columns there are; one number for both.
        interpolation: "nearest" repeats each place; "bilinear" draws straight lines between the centres of places.

    Shape:
        Input ``(batch, height, width, channels)``, output ``(batch, height · size, width · size, channels)``; no
        weights.

    Raises:
        ArgumentError: for a size below 1, or an interpolation that is not known.
        ShapeError: for an input that has no channels.

    Example:
        >>> import lamina as lm
        >>> lm.layers.UpSampling2D((2, 3), interpolation="bilinear")(lm.Input((14, 14, 32))).shape
        (None, 28, 42, 32)
    """

    rank: ClassVar[int] = 2

    size: Sizes = (2, 2)
    interpolation: Interpolation = "nearest"

    def check(self) -> None:
        """Check the size and the kind of interpolation."""
        super().check()
        checks.choice(self.place("interpolation"), self.interpolation, ("nearest", "bilinear"))

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the larger images."""
        if self.interpolation == "nearest":
            return super().call(weights, x, context)
        rows, columns = windows.per_axis(self.size, 2)
        return interpolated(interpolated(x, rows, axis=1), columns, axis=2)


@register("layer")
class UpSampling3D(_UpSampling):
    """Repeat each place of volumes.

    Args:
        size: how often along depth, height and width; one number for all.

    Shape:
        Input ``(batch, depth, height, width, channels)``, output larger by these factors; no weights.

    Raises:
        ArgumentError: for a size below 1.
        ShapeError: for an input that has no channels.

    Example:
        >>> import lamina as lm
        >>> lm.layers.UpSampling3D((1, 2, 2))(lm.Input((4, 8, 8, 3))).shape
        (None, 4, 16, 16, 3)
    """

    rank: ClassVar[int] = 3

    size: Sizes = (2, 2, 2)


def interpolated(x: Array, times: int, *, axis: int) -> Array:
    """Return `times` as many places along an axis, on straight lines between the centres of those of `x`.

    The new places of an old one lie evenly around its centre, those before it on the line from its neighbour before,
    those behind it on the line to its neighbour behind; beyond the first and the last centre nothing changes.
    """
    count = x.shape[axis]
    before = ops.concatenate([_part(x, 0, 1, axis), _part(x, 0, count - 1, axis)], axis=axis)
    behind = ops.concatenate([_part(x, 1, count, axis), _part(x, count - 1, count, axis)], axis=axis)
    distances = [(place + 0.5) / times - 0.5 for place in range(times)]
    lines = [x + abs(far) * ((before if far < 0 else behind) - x) for far in distances]
    return ops.stack(lines, axis=axis + 1).reshape(*x.shape[:axis], count * times, *x.shape[axis + 1 :])


def _part(x: Array, start: int, stop: int, axis: int) -> Array:
    return x[(slice(None),) * axis + (slice(start, stop),)]
