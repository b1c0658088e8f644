"""Pooling: one number for each window of a sequence, image or volume."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lamina import ops
from lamina._core import checks
from lamina._core.registry import register
from lamina._core.windows import Sizes
from lamina.layers._context import Context
from lamina.layers._symbol import Shape
from lamina.layers._windows import Padding, Windowed, check_rank, check_sizes, stops, warn_of_channels_first
from lamina.ops import Array


class _Pooling(Windowed):
    """A window that moves over its input; the layers below say along how many axes, and what it gives."""

    pool_size: Sizes = 2
    strides: Sizes | None = None
    padding: Padding = "valid"

    def check(self) -> None:
        """Check the sizes and the padding."""
        check_sizes(self, "pool_size", self.rank)
        if self.strides is not None:
            check_sizes(self, "strides", self.rank)
        checks.choice(self.place("padding"), self.padding, ("valid", "same"))

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return how often the window stops along each axis, and the channels."""
        check_rank(self, input_shape, self.rank)
        warn_of_channels_first(self, input_shape)
        strides = self.pool_size if self.strides is None else self.strides
        found = stops(self, input_shape, self.pool_size, strides=strides, padding=self.padding)
        return (input_shape[0], *found, input_shape[-1])


class _MaxPooling(_Pooling):
    """The largest number of each window."""

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the largest number of each window."""
        return ops.max_pool(x, self.pool_size, strides=self.strides, padding=self.padding)


class _AveragePooling(_Pooling):
    """The mean of each window."""

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the mean of each window."""
        return ops.average_pool(x, self.pool_size, strides=self.strides, padding=self.padding)


@register("layer")
class MaxPooling1D(_MaxPooling):
    """Keep the largest number of each window of steps.

    Args:
        pool_size: how many steps the window covers.
        strides: how many steps it moves at a time; its own size by default.
        padding: "valid" for whole windows alone; "same" for ⌈time / stride⌉ of them, some of which cover less.

    Shape:
        Input ``(batch, time, features)``, output ``(batch, new time, features)``; no weights.

    Raises:
        ArgumentError: for numbers below 1, or a padding that is not known.
        ShapeError: for an input that is no sequence, or is shorter than the window.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((4, 1)), lm.layers.MaxPooling1D(2)])
        >>> model.predict([[[1], [5], [2], [0]]]).ravel().tolist()
        [5.0, 2.0]
    """

    rank: ClassVar[int] = 1


@register("layer")
class MaxPooling2D(_MaxPooling):
    """Keep the largest number of each window of rows and columns, in each channel.

    Args:
        pool_size: the height and width of the window; one number for both.
        strides: how many rows and columns it moves at a time; its own size by default.
        padding: "valid" for whole windows alone; "same" for ⌈size / stride⌉ of them along each axis, some of which
            cover less.

    Shape:
        Input ``(batch, height, width, channels)``, output ``(batch, new height, new width, channels)``; no weights.

    Raises:
        ArgumentError: for numbers below 1, or a padding that is not known.
        ShapeError: for an input that has no channels, or is smaller than the window.

    Example:
        >>> import lamina as lm
        >>> lm.layers.MaxPooling2D()(lm.Input((28, 28, 32))).shape
        (None, 14, 14, 32)
    """

    rank: ClassVar[int] = 2

    pool_size: Sizes = (2, 2)


@register("layer")
class MaxPooling3D(_MaxPooling):
    """Keep the largest number of each window along three axes, in each channel.

    Args:
        pool_size: the depth, height and width of the window; one number for all.
        strides: how far it moves at a time along each axis; its own size by default.
        padding: "valid" for whole windows alone; "same" for ⌈size / stride⌉ of them along each axis, some of which
            cover less.

    Shape:
        Input ``(batch, depth, height, width, channels)``, output
        ``(batch, new depth, new height, new width, channels)``; no weights.

    Raises:
        ArgumentError: for numbers below 1, or a padding that is not known.
        ShapeError: for an input that has no channels, or is smaller than the window.

    Example:
        >>> import lamina as lm
        >>> lm.layers.MaxPooling3D((1, 2, 2))(lm.Input((16, 64, 64, 8))).shape
        (None, 16, 32, 32, 8)
    """

    rank: ClassVar[int] = 3

    pool_size: Sizes = (2, 2, 2)


@register("layer")
class AveragePooling1D(_AveragePooling):
    """Take the mean of each window of steps.

    Args:
        pool_size: how many steps the window covers.
        strides: how many steps it moves at a time; its own size by default.
        padding: "valid" for whole windows alone; "same" for ⌈time / stride⌉ of them, the mean of each being that of the
            steps it really covers.

    Shape:
        Input ``(batch, time, features)``, output ``(batch, new time, features)``; no weights.

    Raises:
        ArgumentError: for numbers below 1, or a padding that is not known.
        ShapeError: for an input that is no sequence, or is shorter than the window.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((3, 1)), lm.layers.AveragePooling1D(2, padding="same")])
        >>> model.predict([[[1], [5], [2]]]).ravel().tolist()
        [3.0, 2.0]
    """

    rank: ClassVar[int] = 1


@register("layer")
class AveragePooling2D(_AveragePooling):
    """Take the mean of each window of rows and columns, in each channel.

    Args:
        pool_size: the height and width of the window; one number for both.
        strides: how many rows and columns it moves at a time; its own size by default.
        padding: "valid" for whole windows alone; "same" for ⌈size / stride⌉ of them along each axis, the mean of each
            being that of the places it really covers.

    Shape:
        Input ``(batch, height, width, channels)``, output ``(batch, new height, new width, channels)``; no weights.

    Raises:
        ArgumentError: for numbers below 1, or a padding that is not known.
        ShapeError: for an input that has no channels, or is smaller than the window.

    Example:
        >>> import lamina as lm
        >>> lm.layers.AveragePooling2D()(lm.Input((28, 28, 6))).shape
        (None, 14, 14, 6)
    """

    rank: ClassVar[int] = 2

    pool_size: Sizes = (2, 2)


@register("layer")
class AveragePooling3D(_AveragePooling):
    """Take the mean of each window along three axes, in each channel.

    Args:
        pool_size: the depth, height and width of the window; one number for all.
        strides: how far it moves at a time along each axis; its own size by default.
        padding: "valid" for whole windows alone; "same" for ⌈size / stride⌉ of them along each axis, the mean of each
            being that of the places it really covers.

    Shape:
        Input ``(batch, depth, height, width, channels)``, output
        ``(batch, new depth, new height, new width, channels)``; no weights.

    Raises:
        ArgumentError: for numbers below 1, or a padding that is not known.
        ShapeError: for an input that has no channels, or is smaller than the window.

    Example:
        >>> import lamina as lm
        >>> lm.layers.AveragePooling3D(2, strides=1)(lm.Input((16, 64, 64, 8))).shape
        (None, 15, 63, 63, 8)
    """

    rank: ClassVar[int] = 3

    pool_size: Sizes = (2, 2, 2)


MaxPool1D = MaxPooling1D
MaxPool2D = MaxPooling2D
MaxPool3D = MaxPooling3D
AvgPool1D = AveragePooling1D
AvgPool2D = AveragePooling2D
AvgPool3D = AveragePooling3D
