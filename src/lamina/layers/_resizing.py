"""Layers that bring pictures to another size, by drawing them anew or by cutting off their edges."""

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
from lamina.layers._symbol import Shape
from lamina.layers._windows import check_rank
from lamina.ops import Array

METHODS = {
    "bicubic": "cubic",
    "bilinear": "linear",
    "lanczos3": "lanczos3",
    "lanczos5": "lanczos5",
    "nearest": "nearest",
}


@register("layer")
class Resizing(Layer):
    """Draw pictures anew in another size, in training and afterwards.

    Args:
        height: rows of pixels.
        width: columns of pixels.
        interpolation: "bilinear", "nearest", "bicubic", "lanczos3" or "lanczos5".
        crop_to_aspect_ratio: whether to cut off the edges that do not fit the shape, instead of stretching.
        pad_to_aspect_ratio: whether to add edges until the picture has the shape, instead of stretching.
        fill_value: what the added edges are filled with.
        antialias: whether to blur what becomes smaller, so that fine patterns do not turn into coarse ones.

    Shape:
        Input ``(batch, height, width, channels)``, output the same with the new height and width; no weights.

    Raises:
        ArgumentError: for a size below 1, an interpolation that is not known, and both cropping and padding.
        ShapeError: for an input that has no channels.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((2, 2, 1)), lm.layers.Resizing(1, 1)])
        >>> model.predict([[[[1], [3]], [[5], [7]]]]).ravel().tolist()
        [4.0]
    """

    needs_float32: ClassVar[bool] = True

    height: int
    width: int
    interpolation: str = "bilinear"
    crop_to_aspect_ratio: bool = False
    pad_to_aspect_ratio: bool = False
    fill_value: Setting = 0.0
    antialias: bool = False

    def check(self) -> None:
        """Check the size and how it is reached."""
        check_size(self, self.height, self.width)
        checks.choice(self.place("interpolation"), self.interpolation, METHODS)
        checks.boolean(self.place("crop_to_aspect_ratio"), self.crop_to_aspect_ratio)
        checks.boolean(self.place("pad_to_aspect_ratio"), self.pad_to_aspect_ratio)
        checks.number(self.place("fill_value"), self.fill_value)
        checks.boolean(self.place("antialias"), self.antialias)
        if self.crop_to_aspect_ratio and self.pad_to_aspect_ratio:
            raise checks.problem(
                ArgumentError,
                self.place("pad_to_aspect_ratio"),
                expected="cropping or padding",
                got="both",
                fix="leave one out.",
            )

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return the shape with the new height and width."""
        return of_size(self, input_shape, self.height, self.width)

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the pictures in the new size."""
        if self.crop_to_aspect_ratio:
            x = of_aspect_ratio(x, self.height, self.width)
        elif self.pad_to_aspect_ratio:
            x = _padded(x, self.height, self.width, self.fill_value)
        return resized(x, self.height, self.width, METHODS[self.interpolation], antialias=self.antialias)


@register("layer")
class CenterCrop(Layer):
    """Cut the middle out of pictures, in training and afterwards.

    Of a picture that is too small, the largest part in the middle that has the shape is drawn anew in this size.

    Args:
        height: rows of pixels.
        width: columns of pixels.

    Shape:
        Input ``(batch, height, width, channels)``, output the same with the new height and width; no weights.

    Raises:
        ArgumentError: for a size below 1.
        ShapeError: for an input that has no channels.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((1, 5, 1)), lm.layers.CenterCrop(1, 3)])
        >>> model.predict([[[[1], [2], [3], [4], [5]]]]).ravel().tolist()
        [2.0, 3.0, 4.0]
    """

    height: int
    width: int

    def check(self) -> None:
        """Check the size."""
        check_size(self, self.height, self.width)

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return the shape with the new height and width."""
        return of_size(self, input_shape, self.height, self.width)

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the middle of the pictures."""
        if _is_smaller(x, self.height, self.width):
            return resized(of_aspect_ratio(x, self.height, self.width), self.height, self.width)
        top, left = (x.shape[1] - self.height) // 2, (x.shape[2] - self.width) // 2
        return x[:, top : top + self.height, left : left + self.width]


@register("layer")
class RandomCrop(Layer):
    """Cut a part out of pictures while training, from a place drawn for each of them.

    Afterwards, and for pictures that are too small, the largest part in the middle that has the shape is drawn anew in
    this size.

    Args:
        height: rows of pixels.
        width: columns of pixels.
        seed: a number that gives the layer another stream of the model's random numbers.

    Shape:
        Input ``(batch, height, width, channels)``, output the same with the new height and width; no weights.

    Raises:
        ArgumentError: for a size below 1.
        ShapeError: for an input that has no channels.

    Example:
        >>> import lamina as lm
        >>> lm.layers.RandomCrop(24, 24)(lm.Input((28, 28, 1))).shape
        (None, 24, 24, 1)
    """

    height: int
    width: int
    seed: int | None = None

    def check(self) -> None:
        """Check the size and the seed."""
        check_size(self, self.height, self.width)
        check_seed(self, self.seed)

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return the shape with the new height and width."""
        return of_size(self, input_shape, self.height, self.width)

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return a part of each picture."""
        if not context.training or _is_smaller(x, self.height, self.width):
            return resized(of_aspect_ratio(x, self.height, self.width), self.height, self.width)
        rows = self._places(x.shape[0], x.shape[1] - self.height, self.height, context)[:, :, None, None]
        columns = self._places(x.shape[0], x.shape[2] - self.width, self.width, context)[:, None, :, None]
        return ops.take_along_axis(ops.take_along_axis(x, rows, axis=1), columns, axis=2)

    def _places(self, batch: int, room: int, size: int, context: Context) -> Array:
        """Return which rows or columns of pixels remain of each picture."""
        share = ops.random.uniform(context.key(self.seed), (batch, 1))
        first = ops.minimum(ops.floor(share * (room + 1)), room).astype("int32")
        return first + ops.arange(size)


def check_size(layer: Layer, height: int, width: int) -> None:
    """Check a height and a width."""
    checks.integer(layer.place("height"), height)
    checks.integer(layer.place("width"), width)


def of_size(layer: Layer, input_shape: Shape, height: int, width: int) -> Shape:
    """Return the shape of pictures with another height and width."""
    check_rank(layer, input_shape, 2)
    return (input_shape[0], height, width, input_shape[3])


def of_aspect_ratio(x: Array, height: int, width: int) -> Array:
    """Return the largest part in the middle of pictures that has the shape of a height and width, to a pixel."""
    tall = max(1, min(x.shape[1], x.shape[2] * height // width))
    wide = max(1, min(x.shape[2], x.shape[1] * width // height))
    top, left = (x.shape[1] - tall) // 2, (x.shape[2] - wide) // 2
    return x[:, top : top + tall, left : left + wide]


def resized(x: Array, height: int, width: int, method: str = "linear", *, antialias: bool = False) -> Array:
    """Return pictures drawn anew in another size."""
    drawn: Array = ops.resize(x, (x.shape[0], height, width, x.shape[3]), method, antialias=antialias)
    return drawn


def _padded(x: Array, height: int, width: int, fill_value: Setting) -> Array:
    """Return pictures with edges above and below, or left and right, that give them the shape of a height and width."""
    above = (max(x.shape[1], x.shape[2] * height // width) - x.shape[1]) // 2
    beside = (max(x.shape[2], x.shape[1] * width // height) - x.shape[2]) // 2
    return ops.pad(x, ((0, 0), (above, above), (beside, beside), (0, 0)), constant_values=fill_value)


def _is_smaller(x: Array, height: int, width: int) -> bool:
    return bool(x.shape[1] < height or x.shape[2] < width)
