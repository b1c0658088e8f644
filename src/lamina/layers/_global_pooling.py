"""Global pooling: one number for each channel of a whole sequence, image or volume."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar

from lamina import ops
from lamina._core import checks
from lamina._core.registry import register
from lamina.layers._context import Context, over
from lamina.layers._layer import Layer
from lamina.layers._masks import MaskRule
from lamina.layers._symbol import Shape
from lamina.layers._windows import check_rank
from lamina.ops import Array


class _GlobalPooling(Layer):
    """What is left of each channel; the layers below say along how many axes, and what."""

    rank: ClassVar[int]

    keepdims: bool = False

    def check(self) -> None:
        """Check the switch."""
        checks.boolean(self.place("keepdims"), self.keepdims)

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return the batch and the channels, with sizes of 1 between if they are kept."""
        check_rank(self, input_shape, self.rank)
        return (input_shape[0], *(1,) * (self.rank if self.keepdims else 0), input_shape[-1])

    def axes(self, x: Array) -> tuple[int, ...]:
        """Return the axes that are pooled, refusing to make something of nothing."""
        if 0 in x.shape[1:-1]:
            self.refuse_shape("at least one place along each axis", x.shape, "leave out rows that are empty.")
        return tuple(range(1, self.rank + 1))


class _GlobalMaxPooling(_GlobalPooling):
    """The largest number of each channel."""

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the largest number of each channel."""
        axes = self.axes(x)
        if context.mask is not None:
            # A sequence without a real step has no largest number: it counts as 0, from which no gradient comes.
            real = over(context.mask, x)
            x = ops.where(real, x, ops.where(ops.any(real, axis=1, keepdims=True), -math.inf, 0))
        return ops.max(x, axis=axes, keepdims=self.keepdims)


class _GlobalAveragePooling(_GlobalPooling):
    """The mean of each channel."""

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the mean of each channel."""
        axes = self.axes(x)
        if context.mask is None:
            return ops.mean(x, axis=axes, keepdims=self.keepdims)
        real = over(context.mask, x)
        total = ops.sum(ops.where(real, x, 0), axis=1, keepdims=self.keepdims)
        return total / ops.maximum(ops.sum(real, axis=1, keepdims=self.keepdims), 1)


@register("layer")
class GlobalMaxPooling1D(_GlobalMaxPooling):
    """Keep the largest number of each feature in the whole sequence.

    Args:
        keepdims: whether the time stays as an axis of size 1.

    Shape:
        Input ``(batch, time, features)``, output ``(batch, features)``, or ``(batch, 1, features)``; no weights. Masked
        steps do not count, and a sequence of them alone gives 0.

    Raises:
        ArgumentError: for keepdims that is not True or False.
        ShapeError: for an input that is no sequence.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((3, 1)), lm.layers.GlobalMaxPooling1D()])
        >>> model.predict([[[1], [5], [2]]]).tolist()
        [[5.0]]
    """

    rank: ClassVar[int] = 1
    masking: ClassVar[MaskRule] = "use"


@register("layer")
class GlobalMaxPooling2D(_GlobalMaxPooling):
    """Keep the largest number of each channel in the whole image.

    Args:
        keepdims: whether height and width stay as axes of size 1.

    Shape:
        Input ``(batch, height, width, channels)``, output ``(batch, channels)``, or ``(batch, 1, 1, channels)``; no
        weights.

    Raises:
        ArgumentError: for keepdims that is not True or False.
        ShapeError: for an input that has no channels.

    Example:
        >>> import lamina as lm
        >>> lm.layers.GlobalMaxPooling2D()(lm.Input((7, 7, 64))).shape
        (None, 64)
    """

    rank: ClassVar[int] = 2


@register("layer")
class GlobalMaxPooling3D(_GlobalMaxPooling):
    """Keep the largest number of each channel in the whole volume.

    Args:
        keepdims: whether depth, height and width stay as axes of size 1.

    Shape:
        Input ``(batch, depth, height, width, channels)``, output ``(batch, channels)``, or
        ``(batch, 1, 1, 1, channels)``; no weights.

    Raises:
        ArgumentError: for keepdims that is not True or False.
        ShapeError: for an input that has no channels.

    Example:
        >>> import lamina as lm
        >>> lm.layers.GlobalMaxPooling3D()(lm.Input((4, 7, 7, 64))).shape
        (None, 64)
    """

    rank: ClassVar[int] = 3


@register("layer")
class GlobalAveragePooling1D(_GlobalAveragePooling):
    """Take the mean of each feature over the whole sequence.

    Args:
        keepdims: whether the time stays as an axis of size 1.

    Shape:
        Input ``(batch, time, features)``, output ``(batch, features)``, or ``(batch, 1, features)``; no weights. Masked
        steps do not count, and a sequence of them alone gives 0.

    Raises:
        ArgumentError: for keepdims that is not True or False.
        ShapeError: for an input that is no sequence.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((None, 1)), lm.layers.Masking(), lm.layers.GlobalAveragePooling1D()])
        >>> model.predict([[[1], [5], [0], [0]]]).tolist()
        [[3.0]]
    """

    rank: ClassVar[int] = 1
    masking: ClassVar[MaskRule] = "use"


@register("layer")
class GlobalAveragePooling2D(_GlobalAveragePooling):
    """Take the mean of each channel over the whole image.

    Args:
        keepdims: whether height and width stay as axes of size 1.

    Shape:
        Input ``(batch, height, width, channels)``, output ``(batch, channels)``, or ``(batch, 1, 1, channels)``; no
        weights.

    Raises:
        ArgumentError: for keepdims that is not True or False.
        ShapeError: for an input that has no channels.

    Example:
        >>> import lamina as lm
        >>> lm.layers.GlobalAveragePooling2D()(lm.Input((7, 7, 64))).shape
        (None, 64)

    Reference:
        Lin, Chen and Yan (2013), Network in network, https://arxiv.org/abs/1312.4400
    """

    rank: ClassVar[int] = 2


@register("layer")
class GlobalAveragePooling3D(_GlobalAveragePooling):
    """Take the mean of each channel over the whole volume.

    Args:
        keepdims: whether depth, height and width stay as axes of size 1.

    Shape:
        Input ``(batch, depth, height, width, channels)``, output ``(batch, channels)``, or
        ``(batch, 1, 1, 1, channels)``; no weights.

    Raises:
        ArgumentError: for keepdims that is not True or False.
        ShapeError: for an input that has no channels.

    Example:
        >>> import lamina as lm
        >>> lm.layers.GlobalAveragePooling3D(keepdims=True)(lm.Input((4, 7, 7, 64))).shape
        (None, 1, 1, 1, 64)
    """

    rank: ClassVar[int] = 3


GlobalMaxPool1D = GlobalMaxPooling1D
GlobalMaxPool2D = GlobalMaxPooling2D
GlobalMaxPool3D = GlobalMaxPooling3D
GlobalAvgPool1D = GlobalAveragePooling1D
GlobalAvgPool2D = GlobalAveragePooling2D
GlobalAvgPool3D = GlobalAveragePooling3D
