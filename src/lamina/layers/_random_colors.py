"""Layers that change the brightness and contrast of pictures while training, each picture by its own amount."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lamina import ops
from lamina._core import checks
from lamina._core.config import Setting
from lamina._core.registry import register
from lamina.errors import ArgumentError
from lamina.layers._context import Context
from lamina.layers._dropout import check_seed
from lamina.layers._layer import Layer
from lamina.layers._random_range import check_range, drawn
from lamina.layers._symbol import Shape
from lamina.layers._windows import check_rank
from lamina.ops import Array


@register("layer")
class RandomBrightness(Layer):
    """Make pictures darker or brighter while training.

    A value becomes ``x + b · (high - low)``, kept between low and high.

    Args:
        factor: the largest b in either direction, as a share of the range of values; or the least and the largest.
            From -1 to 1.
        value_range: low and high, the darkest and the brightest value; (0, 1) for pictures that were scaled.
        seed: a number that gives the layer another stream of the model's random numbers.

    Shape:
        Output as input, ``(batch, height, width, channels)``; no weights.

    Raises:
        ArgumentError: for a factor outside [-1, 1], and a value_range that is none.
        ShapeError: for an input that has no channels.

    Example:
        >>> import lamina as lm
        >>> lm.layers.RandomBrightness(0.2, value_range=(0, 1))
        RandomBrightness(0.2, value_range=(0, 1))
    """

    needs_float32: ClassVar[bool] = True

    factor: Setting | tuple[float, float]
    value_range: tuple[float, float] = (0, 255)
    seed: int | None = None

    def check(self) -> None:
        """Check both ranges and the seed."""
        check_range(self, "factor", self.factor, low=-1, high=1)
        check_values(self, self.value_range)
        check_seed(self, self.seed)

    def output_shape(self, input_shape: Shape) -> Shape:
        """Check that the input is pictures."""
        check_rank(self, input_shape, 2)
        return input_shape

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the pictures, darker or brighter."""
        if not context.training:
            return x
        low, high = self.value_range
        added = (high - low) * drawn(self.factor, x, context.key(self.seed))[..., None]
        return ops.clip(x + added, low, high)


@register("layer")
class RandomContrast(Layer):
    """Weaken or strengthen the contrast of pictures while training.

    A value becomes ``mean + (1 + c) · (x - mean)``, kept in the range of values, where the mean is that of its picture
    and channel.

    Args:
        factor: the largest c in either direction; or how far below and above 0 it may be. From 0 to 1.
        value_range: the darkest and the brightest value; (0, 1) for pictures that were scaled.
        seed: a number that gives the layer another stream of the model's random numbers.

    Shape:
        Output as input, ``(batch, height, width, channels)``; no weights.

    Raises:
        ArgumentError: for a factor outside [0, 1], and a value_range that is none.
        ShapeError: for an input that has no channels.

    Example:
        >>> import lamina as lm
        >>> lm.layers.RandomContrast((0.1, 0.3))
        RandomContrast((0.1, 0.3))
    """

    needs_float32: ClassVar[bool] = True

    factor: Setting | tuple[float, float]
    value_range: tuple[float, float] = (0, 255)
    seed: int | None = None

    def check(self) -> None:
        """Check both ranges and the seed."""
        check_range(self, "factor", self.factor, low=0, high=1)
        check_values(self, self.value_range)
        check_seed(self, self.seed)

    def output_shape(self, input_shape: Shape) -> Shape:
        """Check that the input is pictures."""
        check_rank(self, input_shape, 2)
        return input_shape

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the pictures with another contrast."""
        if not context.training:
            return x
        below, above = self.factor if isinstance(self.factor, tuple) else (self.factor, self.factor)
        strength = 1 + drawn((-below, above), x, context.key(self.seed))[..., None]
        mean = ops.mean(x, axis=(1, 2), keepdims=True)
        return ops.clip(mean + strength * (x - mean), *self.value_range)


def check_values(layer: Layer, value_range: tuple[float, float]) -> None:
    """Check the darkest and the brightest value of pictures."""
    where = layer.place("value_range")
    if not isinstance(value_range, tuple) or len(value_range) != 2 or not value_range[0] < value_range[1]:
        raise checks.problem(
            ArgumentError,
            where,
            expected="the darkest and the brightest value",
            got=checks.plain(value_range),
            fix="write (0, 255) for bytes, (0, 1) for pictures that were scaled.",
        )
    for value in value_range:
        checks.number(where, value)
