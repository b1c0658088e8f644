"""Convolution of each channel by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lamina._core import checks, windows
from lamina._core.registry import register
from lamina._core.windows import Sizes
from lamina.activations import ActivationLike
from lamina.constraints import ConstraintLike
from lamina.initializers import InitializerLike
from lamina.layers._context import Context
from lamina.layers._convolving import bias_of, check_convolution, convolved, moves_of
from lamina.layers._symbol import Shape
from lamina.layers._weight import Weight
from lamina.layers._windows import CausalPadding, Windowed, channels_of, stops, warn_of_channels_first
from lamina.ops import Array
from lamina.regularizers import RegularizerLike


class _DepthwiseConv(Windowed):
    """A kernel for each channel; the layers below say along how many axes it moves."""

    paddings: ClassVar[tuple[str, ...]] = ("valid", "same")

    kernel_size: Sizes
    strides: Sizes = 1
    padding: CausalPadding = "valid"
    depth_multiplier: int = 1
    dilation_rate: Sizes = 1
    activation: ActivationLike = None
    use_bias: bool = True
    depthwise_initializer: InitializerLike = "glorot_uniform"
    bias_initializer: InitializerLike = "zeros"
    depthwise_regularizer: RegularizerLike = None
    bias_regularizer: RegularizerLike = None
    activity_regularizer: RegularizerLike = None
    depthwise_constraint: ConstraintLike = None
    bias_constraint: ConstraintLike = None

    def check(self) -> None:
        """Check the numbers."""
        check_convolution(self)
        checks.integer(self.place("depth_multiplier"), self.depth_multiplier)

    def weights(self, input_shape: Shape) -> Mapping[str, Weight]:
        """Declare the kernel and the bias."""
        channels = channels_of(self, input_shape, self.rank)
        kernel = Weight(
            (*windows.per_axis(self.kernel_size, self.rank), channels, self.depth_multiplier),
            self.depthwise_initializer,
            regularizer=self.depthwise_regularizer,
            constraint=self.depthwise_constraint,
        )
        return {"kernel": kernel, **bias_of(self, channels * self.depth_multiplier)}

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return how often the kernels stop along each axis, and how many there are."""
        warn_of_channels_first(self, input_shape)
        outputs = channels_of(self, input_shape, self.rank) * self.depth_multiplier
        return (input_shape[0], *stops(self, input_shape, self.kernel_size, **moves_of(self)), outputs)

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the activation of each channel's convolutions, plus the bias."""
        return convolved(self, x, by_channel(weights["kernel"]), weights, context, **moves_of(self))


@register("layer")
class DepthwiseConv1D(_DepthwiseConv):
    """Look for patterns in each feature of a sequence by itself.

    As `Conv1D` with as many groups as there are features, so that no two features are mixed.

    Args:
        kernel_size: how many steps a kernel has.
        strides: how many steps it moves at a time.
        padding: "valid" for no padding; "same" for zeros on both sides, so that the output has ⌈time / stride⌉ steps;
            "causal" for as many in front alone, so that no output depends on later steps.
        depth_multiplier: how many kernels, and outputs, each feature has.
        dilation_rate: how many steps lie between neighbouring ones of a kernel.
        activation: what is applied to the sum; nothing by default.
        use_bias: whether a bias is added.
        depthwise_initializer: how the kernels start; Glorot's uniform distribution, as in Keras.
        bias_initializer: how the bias starts.
        depthwise_regularizer: a penalty on the kernels.
        bias_regularizer: a penalty on the bias.
        activity_regularizer: a penalty on the output, averaged over the rows of the batch.
        depthwise_constraint: a projection of the kernels after each step.
        bias_constraint: a projection of the bias after each step.

    Shape:
        Input ``(batch, time, features)``, output ``(batch, new time, features · depth_multiplier)``, the outputs of a
        feature side by side; kernel ``(kernel_size, features, depth_multiplier)``, bias as many as outputs.

    Raises:
        ArgumentError: for numbers below 1.
        ShapeError: for an input that is no sequence, or is shorter than the kernel.

    Example:
        >>> import lamina as lm
        >>> lm.layers.DepthwiseConv1D(3, depth_multiplier=2)(lm.Input((50, 16))).shape
        (None, 48, 32)

    Reference:
        Howard et al. (2017), MobileNets: efficient convolutional neural networks for mobile vision applications,
        https://arxiv.org/abs/1704.04861
    """

    rank: ClassVar[int] = 1
    paddings: ClassVar[tuple[str, ...]] = ("valid", "same", "causal")


@register("layer")
class DepthwiseConv2D(_DepthwiseConv):
    """Look for patterns in each channel of images by itself.

    As `Conv2D` with as many groups as there are channels, so that no two channels are mixed.

    Args:
        kernel_size: the height and width of a kernel; one number for both.
        strides: how many rows and columns it moves at a time.
        padding: "valid" for no padding; "same" for zeros around the image, so that the output has ⌈size / stride⌉ rows
            and columns.
        depth_multiplier: how many kernels, and outputs, each channel has.
        dilation_rate: how far neighbouring numbers of a kernel lie apart.
        activation: what is applied to the sum; nothing by default.
        use_bias: whether a bias is added.
        depthwise_initializer: how the kernels start; Glorot's uniform distribution, as in Keras.
        bias_initializer: how the bias starts.
        depthwise_regularizer: a penalty on the kernels.
        bias_regularizer: a penalty on the bias.
        activity_regularizer: a penalty on the output, averaged over the rows of the batch.
        depthwise_constraint: a projection of the kernels after each step.
        bias_constraint: a projection of the bias after each step.

    Shape:
        Input ``(batch, height, width, channels)``, output
        ``(batch, new height, new width, channels · depth_multiplier)``, the outputs of a channel side by side;
        kernel ``(kernel height, kernel width, channels, depth_multiplier)``, bias as many as outputs.

    Raises:
        ArgumentError: for numbers below 1.
        ShapeError: for an input that has no channels, or is smaller than the kernel.

    Example:
        >>> import lamina as lm
        >>> lm.layers.DepthwiseConv2D(3, padding="same")(lm.Input((56, 56, 64))).shape
        (None, 56, 56, 64)

    Reference:
        Howard et al. (2017), MobileNets: efficient convolutional neural networks for mobile vision applications,
        https://arxiv.org/abs/1704.04861
    """

    rank: ClassVar[int] = 2

    strides: Sizes = (1, 1)
    dilation_rate: Sizes = (1, 1)


def by_channel(kernel: Array) -> Array:
    """Return the kernels (..., channels, multiplier) as one of (..., 1, outputs), whose groups are the channels."""
    *sizes, channels, multiplier = kernel.shape
    return kernel.reshape(*sizes, 1, channels * multiplier)
