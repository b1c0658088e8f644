"""A layer whose large arrays are whole numbers of one byte."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar, TypeAlias

import numpy as np

from lamina._core import checks
from lamina._core.registry import register
from lamina.errors import DataError
from lamina.layers._context import Context
from lamina.layers._conv import Conv1D, Conv2D, Conv3D
from lamina.layers._conv_transpose import Conv1DTranspose, Conv2DTranspose
from lamina.layers._dense import Dense
from lamina.layers._depthwise_conv import DepthwiseConv1D, DepthwiseConv2D
from lamina.layers._embedding import Embedding
from lamina.layers._layer import Layer
from lamina.layers._parts import parts
from lamina.layers._separable_conv import SeparableConv1D, SeparableConv2D
from lamina.layers._symbol import Shape
from lamina.layers._weight import Weight
from lamina.layers._wrapper import Wrapper
from lamina.ops import Array

Channels: TypeAlias = Mapping[str, tuple[int, ...]]

LARGEST = 127
LAST, LAST_TWO = (-1,), (-2, -1)
CHANNELS: Mapping[type[Layer], Channels] = {
    **dict.fromkeys((Dense, Conv1D, Conv2D, Conv3D), {"kernel": LAST}),
    **dict.fromkeys((Conv1DTranspose, Conv2DTranspose), {"kernel": (-2,)}),
    **dict.fromkeys((DepthwiseConv1D, DepthwiseConv2D), {"kernel": LAST_TWO}),
    **dict.fromkeys((SeparableConv1D, SeparableConv2D), {"depthwise_kernel": LAST_TWO, "pointwise_kernel": LAST}),
    Embedding: {"embeddings": (0,)},
}
"""The arrays that are quantised in each kind of layer, and their axes along which each place has a scale of its own.

Those are the axes of the outputs, as numbers for one output are of a size; in an embedding, that of the vectors.
"""


@register("layer")
class Int8(Wrapper):
    """Keep the kernel of a layer in a quarter of the memory, as whole numbers.

    Each output has a scale of its own, in float32. The layer computes with ``kernel · kernel_scale``, which is at most
    half a scale away from what was rounded. It can predict and be evaluated, but not be trained, as whole numbers have
    no gradient. A bias stays as it is; penalties on what is quantised no longer count in the loss.

    `lamina.models.quantize` puts it around the layers of a model; one that was not made so is all zeros.

    Args:
        layer: the layer: `Dense`, a convolution of any kind, or `Embedding`.

    Shape:
        Those of the layer; weights those of the layer, as ``layer.kernel``, and beside each that is quantised a scale,
        as ``layer.kernel_scale``, with size 1 along the axes that share it.

    Raises:
        ArgumentError: for a layer of another kind.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((784,)), lm.layers.Dense(512)])
        >>> lm.models.quantize(model).layers
        [Int8(Dense(512))]

    Reference:
        Jacob et al. (2018), Quantization and training of neural networks for efficient integer-arithmetic-only
        inference, https://arxiv.org/abs/1712.05877 (symmetric, without an offset, as here for the weights).
    """

    kinds: ClassVar[tuple[type[Layer], ...]] = tuple(CHANNELS)

    def weights(self, input_shape: Shape) -> Mapping[str, Weight]:
        """Declare the arrays of the layer, the large ones as whole numbers and scales."""
        declared = {}
        for name, own in self.layer.weights(input_shape).items():
            axes = CHANNELS[type(self.layer)].get(name)
            if axes is None:
                declared[name] = dataclasses.replace(own, trainable=False)
            else:
                sharing = _sharing(len(own.shape), axes)
                sizes = tuple(1 if axis in sharing else size for axis, size in enumerate(own.shape))
                declared[name] = Weight(own.shape, "zeros", dtype="int8", trainable=False)
                declared[f"{name}_scale"] = Weight(sizes, "ones", trainable=False)
        return parts(layer=declared)

    def computed_weights(self, weights: Mapping[str, Array]) -> Mapping[str, Array]:
        """Return ``kernel · kernel_scale`` for what is quantised, and the other arrays."""
        own = dict(weights)
        for name in CHANNELS[type(self.layer)]:
            scale = own.pop(f"layer.{name}_scale")
            own[f"layer.{name}"] = own[f"layer.{name}"].astype(scale.dtype) * scale
        return own

    def call(self, weights: Mapping[str, Array], x: Any, context: Context) -> Any:
        """Return what the layer gives with the numbers that are closest to its own."""
        return context.call("layer", self.layer, self.computed_weights(weights), x)

    def quantised(self, arrays: Mapping[str, np.ndarray], *, where: str) -> dict[str, np.ndarray]:
        """Return the arrays of this layer for those of the layer inside it.

        Args:
            arrays: the arrays of the inner layer by name.
            where: the place to name in an error.

        Raises:
            DataError: for arrays that are not finite, which have no scale.
        """
        result = {}
        for name, array in arrays.items():
            axes = CHANNELS[type(self.layer)].get(name)
            if axes is None:
                result[f"layer.{name}"] = array
                continue
            if not np.isfinite(array).all():
                raise checks.problem(
                    DataError,
                    f"{where}: {name}",
                    expected="finite numbers to quantise",
                    got="NaN or infinite ones",
                    fix="train the model again, or set these weights.",
                )
            result[f"layer.{name}"], result[f"layer.{name}_scale"] = rounded(array, axes)
        return result


def rounded(array: np.ndarray, axes: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return whole numbers from -127 to 127, and the scales by which they stand for the numbers of an array.

    ``scale = max |array| / 127``, the maximum being taken over all other axes; ``round(array / scale)``.

    Args:
        array: finite numbers.
        axes: the axes along which each place has a scale of its own.
    """
    largest = np.abs(array).max(axis=_sharing(array.ndim, axes), keepdims=True)
    scale = (largest / LARGEST).astype(np.float32)
    scale = np.where(scale > 0, scale, np.float32(1))
    numbers = np.clip(np.rint(array / scale), -LARGEST, LARGEST)
    return numbers.astype(np.int8), scale


def _sharing(count: int, axes: tuple[int, ...]) -> tuple[int, ...]:
    """Return the axes along which numbers share a scale, counted from 0: all but those in `axes`."""
    apart = {axis % count for axis in axes}
    return tuple(axis for axis in range(count) if axis not in apart)
