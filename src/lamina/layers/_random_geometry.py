"""Layers that turn, move and zoom pictures while training, each picture in a way of its own."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar

from lamina import ops
from lamina._core import checks
from lamina._core.config import Setting
from lamina._core.registry import register
from lamina.layers._context import Context
from lamina.layers._dropout import check_seed
from lamina.layers._layer import Layer
from lamina.layers._random_range import check_range, drawn
from lamina.layers._sampling import FOLDS, INTERPOLATIONS, Sampling, sampled
from lamina.layers._symbol import Shape
from lamina.layers._windows import check_rank
from lamina.ops import Array


@register("layer")
class RandomRotation(Layer):
    """Turn pictures around their centre while training.

    Args:
        factor: the largest turn in either direction, as a share of a full one; or the least and the largest, where
            positive is counter-clockwise. From -1 to 1.
        fill_mode: what lies beyond the edges: "reflect" (d c b a | a b c d | d c b a), "wrap" (a b c d | a b c d),
            "nearest" (a a a a | a b c d), or "constant", the `fill_value`.
        interpolation: "bilinear" between pixels, or "nearest".
        seed: a number that gives the layer another stream of the model's random numbers.
        fill_value: what lies beyond the edges for "constant".

    Shape:
        Output as input, ``(batch, height, width, channels)``; no weights.

    Raises:
        ArgumentError: for a factor outside [-1, 1], and words that are not known.
        ShapeError: for an input that has no channels.

    Example:
        >>> import lamina as lm
        >>> lm.layers.RandomRotation(0.1)(lm.Input((28, 28, 1))).shape
        (None, 28, 28, 1)
    """

    needs_float32: ClassVar[bool] = True

    factor: Setting | tuple[float, float]
    fill_mode: str = "reflect"
    interpolation: str = "bilinear"
    seed: int | None = None
    fill_value: Setting = 0.0

    def check(self) -> None:
        """Check the range of turns, the way of filling and the seed."""
        check_range(self, "factor", self.factor, low=-1, high=1)
        check_filling(self, self.fill_mode, self.interpolation, self.fill_value)
        check_seed(self, self.seed)

    def output_shape(self, input_shape: Shape) -> Shape:
        """Check that the input is pictures."""
        check_rank(self, input_shape, 2)
        return input_shape

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the pictures turned."""
        if not context.training:
            return x
        angle = 2 * math.pi * drawn(self.factor, x, context.key(self.seed))
        (middle, center), (down, right) = _centered(x)
        rows = middle + ops.cos(angle) * down + ops.sin(angle) * right
        columns = center + ops.cos(angle) * right - ops.sin(angle) * down
        return sampled(x, rows, columns, Sampling(self.fill_mode, self.interpolation, self.fill_value))


@register("layer")
class RandomTranslation(Layer):
    """Move pictures while training.

    Args:
        height_factor: how far down or up at most, as a share of the height; or the least and the largest, where
            positive is down. From -1 to 1.
        width_factor: how far to the right or left, likewise; positive is right.
        fill_mode: what lies beyond the edges: "reflect" (d c b a | a b c d | d c b a), "wrap" (a b c d | a b c d),
            "nearest" (a a a a | a b c d), or "constant", the `fill_value`.
        interpolation: "bilinear" between pixels, or "nearest".
        seed: a number that gives the layer another stream of the model's random numbers.
        fill_value: what lies beyond the edges for "constant".

    Shape:
        Output as input, ``(batch, height, width, channels)``; no weights.

    Raises:
        ArgumentError: for a factor outside [-1, 1], and words that are not known.
        ShapeError: for an input that has no channels.

    Example:
        >>> import lamina as lm
        >>> lm.layers.RandomTranslation(0.1, 0.1)(lm.Input((28, 28, 1))).shape
        (None, 28, 28, 1)
    """

    needs_float32: ClassVar[bool] = True

    height_factor: Setting | tuple[float, float]
    width_factor: Setting | tuple[float, float]
    fill_mode: str = "reflect"
    interpolation: str = "bilinear"
    seed: int | None = None
    fill_value: Setting = 0.0

    def check(self) -> None:
        """Check the ranges, the way of filling and the seed."""
        check_range(self, "height_factor", self.height_factor, low=-1, high=1)
        check_range(self, "width_factor", self.width_factor, low=-1, high=1)
        check_filling(self, self.fill_mode, self.interpolation, self.fill_value)
        check_seed(self, self.seed)

    def output_shape(self, input_shape: Shape) -> Shape:
        """Check that the input is pictures."""
        check_rank(self, input_shape, 2)
        return input_shape

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the pictures moved."""
        if not context.training:
            return x
        height, width = x.shape[1:3]
        (middle, center), (down, right) = _centered(x)
        rows = middle + down - height * drawn(self.height_factor, x, context.key(self.seed))
        columns = center + right - width * drawn(self.width_factor, x, context.key(self.seed))
        return sampled(x, rows, columns, Sampling(self.fill_mode, self.interpolation, self.fill_value))


@register("layer")
class RandomZoom(Layer):
    """Make what is in pictures smaller or larger while training.

    Args:
        height_factor: how much more of the height is seen, or less, at most; or the least and the largest, where
            positive makes things smaller: 0.2 shows 20 % more. Above -1, up to 1.
        width_factor: the same for the width; None for the same number as for the height, which keeps shapes.
        fill_mode: what lies beyond the edges: "reflect" (d c b a | a b c d | d c b a), "wrap" (a b c d | a b c d),
            "nearest" (a a a a | a b c d), or "constant", the `fill_value`.
        interpolation: "bilinear" between pixels, or "nearest".
        seed: a number that gives the layer another stream of the model's random numbers.
        fill_value: what lies beyond the edges for "constant".

    Shape:
        Output as input, ``(batch, height, width, channels)``; no weights.

    Raises:
        ArgumentError: for a factor outside (-1, 1], and words that are not known.
        ShapeError: for an input that has no channels.

    Example:
        >>> import lamina as lm
        >>> lm.layers.RandomZoom(0.2)(lm.Input((28, 28, 1))).shape
        (None, 28, 28, 1)
    """

    needs_float32: ClassVar[bool] = True

    height_factor: Setting | tuple[float, float]
    width_factor: Setting | tuple[float, float] | None = None
    fill_mode: str = "reflect"
    interpolation: str = "bilinear"
    seed: int | None = None
    fill_value: Setting = 0.0

    def check(self) -> None:
        """Check the ranges, the way of filling and the seed."""
        check_range(self, "height_factor", self.height_factor, low=-1, high=1, open_low=True)
        if self.width_factor is not None:
            check_range(self, "width_factor", self.width_factor, low=-1, high=1, open_low=True)
        check_filling(self, self.fill_mode, self.interpolation, self.fill_value)
        check_seed(self, self.seed)

    def output_shape(self, input_shape: Shape) -> Shape:
        """Check that the input is pictures."""
        check_rank(self, input_shape, 2)
        return input_shape

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the pictures zoomed."""
        if not context.training:
            return x
        tall = wide = 1 + drawn(self.height_factor, x, context.key(self.seed))
        if self.width_factor is not None:
            wide = 1 + drawn(self.width_factor, x, context.key(self.seed))
        (middle, center), (down, right) = _centered(x)
        rows, columns = middle + tall * down, center + wide * right
        return sampled(x, rows, columns, Sampling(self.fill_mode, self.interpolation, self.fill_value))


def check_filling(layer: Layer, fill_mode: str, interpolation: str, fill_value: float) -> None:
    """Check what a layer says of pixels that are made up."""
    checks.choice(layer.place("fill_mode"), fill_mode, FOLDS)
    checks.choice(layer.place("interpolation"), interpolation, INTERPOLATIONS)
    checks.number(layer.place("fill_value"), fill_value)


def _centered(x: Array) -> tuple[tuple[float, float], tuple[Array, Array]]:
    """Return the middle of pictures, and how far down and right of it each row and column of pixels lies."""
    middle, center = (x.shape[1] - 1) / 2, (x.shape[2] - 1) / 2
    down = ops.arange(x.shape[1], dtype=x.dtype)[None, :, None] - middle
    right = ops.arange(x.shape[2], dtype=x.dtype)[None, None, :] - center
    return (middle, center), (down, right)
