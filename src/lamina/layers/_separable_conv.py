"""Convolution in two steps: of each channel by itself, then across the channels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lamina import ops
from lamina._core import checks, windows
from lamina._core.registry import register
from lamina._core.windows import Sizes
from lamina.activations import ActivationLike
from lamina.constraints import ConstraintLike
from lamina.initializers import InitializerLike
from lamina.layers._context import Context
from lamina.layers._convolving import bias_of, check_convolution, convolved, moves_of
from lamina.layers._depthwise_conv import by_channel
from lamina.layers._symbol import Shape
from lamina.layers._weight import Weight
from lamina.layers._windows import CausalPadding, Windowed, channels_of, stops, warn_of_channels_first
from lamina.ops import Array
from lamina.regularizers import RegularizerLike


class _SeparableConv(Windowed):
    """A kernel for each channel, then one across them; the layers below say along how many axes they move."""

    paddings: ClassVar[tuple[str, ...]] = ("valid", "same")

    filters: int
    kernel_size: Sizes
    strides: Sizes = 1
    padding: CausalPadding = "valid"
    dilation_rate: Sizes = 1
    depth_multiplier: int = 1
    activation: ActivationLike = None
    use_bias: bool = True
    depthwise_initializer: InitializerLike = "glorot_uniform"
    pointwise_initializer: InitializerLike = "glorot_uniform"
    bias_initializer: InitializerLike = "zeros"
    depthwise_regularizer: RegularizerLike = None
    pointwise_regularizer: RegularizerLike = None
    bias_regularizer: RegularizerLike = None
    activity_regularizer: RegularizerLike = None
    depthwise_constraint: ConstraintLike = None
    pointwise_constraint: ConstraintLike = None
    bias_constraint: ConstraintLike = None

    def check(self) -> None:
        """Check the numbers."""
        checks.integer(self.place("filters"), self.filters)
        check_convolution(self)
        checks.integer(self.place("depth_multiplier"), self.depth_multiplier)

    def weights(self, input_shape: Shape) -> Mapping[str, Weight]:
        """Declare both kernels and the bias."""
        channels = channels_of(self, input_shape, self.rank)
        depthwise = Weight(
            (*windows.per_axis(self.kernel_size, self.rank), channels, self.depth_multiplier),
            self.depthwise_initializer,
            regularizer=self.depthwise_regularizer,
            constraint=self.depthwise_constraint,
        )
        pointwise = Weight(
            (*(1,) * self.rank, channels * self.depth_multiplier, self.filters),
            self.pointwise_initializer,
            regularizer=self.pointwise_regularizer,
            constraint=self.pointwise_constraint,
        )
        return {"depthwise_kernel": depthwise, "pointwise_kernel": pointwise, **bias_of(self, self.filters)}

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return how often the kernels stop along each axis, and the number of filters."""
        warn_of_channels_first(self, input_shape)
        return (input_shape[0], *stops(self, input_shape, self.kernel_size, **moves_of(self)), self.filters)

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the activation of the second convolution of the first, plus the bias."""
        x = ops.convolve(x, by_channel(weights["depthwise_kernel"]), **moves_of(self))
        return convolved(self, x, weights["pointwise_kernel"], weights, context)


@register("layer")
class SeparableConv1D(_SeparableConv):
    """Look for patterns in each feature of a sequence, then combine the features.

    `DepthwiseConv1D` without a bias, then `Conv1D` with a kernel of one step: fewer weights than one kernel for all.

    Args:
        filters: the number of outputs at each step, at least 1.
        kernel_size: how many steps the first kernels have.
        strides: how many steps they move at a time.
        padding: "valid" for no padding; "same" for zeros on both sides, so that the output has ⌈time / stride⌉ steps;
            "causal" for as many in front alone, so that no output depends on later steps.
        dilation_rate: how many steps lie between neighbouring ones of the first kernels.
        depth_multiplier: how many of the first kernels each feature has.
        activation: what is applied to the sum; nothing by default.
        use_bias: whether a bias is added.
        depthwise_initializer: how the first kernels start; Glorot's uniform distribution, as in Keras.
        pointwise_initializer: how the second kernel starts; Glorot's uniform distribution, as in Keras.
        bias_initializer: how the bias starts.
        depthwise_regularizer: a penalty on the first kernels.
        pointwise_regularizer: a penalty on the second kernel.
        bias_regularizer: a penalty on the bias.
        activity_regularizer: a penalty on the output, averaged over the rows of the batch.
        depthwise_constraint: a projection of the first kernels after each step.
        pointwise_constraint: a projection of the second kernel after each step.
        bias_constraint: a projection of the bias after each step.

    Shape:
        Input ``(batch, time, features)``, output ``(batch, new time, filters)``;
        depthwise_kernel ``(kernel_size, features, depth_multiplier)``,
        pointwise_kernel ``(1, features · depth_multiplier, filters)``, bias ``(filters,)``.

    Raises:
        ArgumentError: for numbers below 1.
        ShapeError: for an input that is no sequence, or is shorter than the kernel.

    Example:
        >>> import lamina as lm
        >>> lm.layers.SeparableConv1D(64, 3, padding="same")(lm.Input((50, 16))).shape
        (None, 50, 64)

    Reference:
        Chollet (2017), Xception: deep learning with depthwise separable convolutions, https://arxiv.org/abs/1610.02357
    """

    rank: ClassVar[int] = 1
    paddings: ClassVar[tuple[str, ...]] = ("valid", "same", "causal")


@register("layer")
class SeparableConv2D(_SeparableConv):
    """Look for patterns in each channel of images, then combine the channels.

    `DepthwiseConv2D` without a bias, then `Conv2D` with a kernel of one place: fewer weights than one kernel for all.

    Args:
        filters: the number of outputs at each place, at least 1.
        kernel_size: the height and width of the first kernels; one number for both.
        strides: how many rows and columns they move at a time.
        padding: "valid" for no padding; "same" for zeros around the image, so that the output has ⌈size / stride⌉ rows
            and columns.
        dilation_rate: how far neighbouring numbers of the first kernels lie apart.
        depth_multiplier: how many of the first kernels each channel has.
        activation: what is applied to the sum; nothing by default.
        use_bias: whether a bias is added.
        depthwise_initializer: how the first kernels start; Glorot's uniform distribution, as in Keras.
        pointwise_initializer: how the second kernel starts; Glorot's uniform distribution, as in Keras.
        bias_initializer: how the bias starts.
        depthwise_regularizer: a penalty on the first kernels.
        pointwise_regularizer: a penalty on the second kernel.
        bias_regularizer: a penalty on the bias.
        activity_regularizer: a penalty on the output, averaged over the rows of the batch.
        depthwise_constraint: a projection of the first kernels after each step.
        pointwise_constraint: a projection of the second kernel after each step.
        bias_constraint: a projection of the bias after each step.

    Shape:
        Input ``(batch, height, width, channels)``, output ``(batch, new height, new width, filters)``;
        depthwise_kernel ``(kernel height, kernel width, channels, depth_multiplier)``,
        pointwise_kernel ``(1, 1, channels · depth_multiplier, filters)``, bias ``(filters,)``.

    Raises:
        ArgumentError: for numbers below 1.
        ShapeError: for an input that has no channels, or is smaller than the kernel.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((56, 56, 64)), lm.layers.SeparableConv2D(128, 3)])
        >>> model.count_params()
        8896

    Reference:
        Chollet (2017), Xception: deep learning with depthwise separable convolutions, https://arxiv.org/abs/1610.02357
    """

    rank: ClassVar[int] = 2

    strides: Sizes = (1, 1)
    dilation_rate: Sizes = (1, 1)


SeparableConvolution1D = SeparableConv1D
SeparableConvolution2D = SeparableConv2D
