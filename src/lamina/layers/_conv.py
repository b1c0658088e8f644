"""Convolution of sequences, images and volumes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lamina._core import checks, windows
from lamina._core.registry import register
from lamina._core.windows import Sizes
from lamina.activations import ActivationLike
from lamina.constraints import ConstraintLike
from lamina.errors import ArgumentError
from lamina.initializers import InitializerLike
from lamina.layers._context import Context
from lamina.layers._convolving import bias_of, check_convolution, convolved, moves_of
from lamina.layers._symbol import Shape
from lamina.layers._weight import Weight
from lamina.layers._windows import CausalPadding, Windowed, channels_of, check_moves, stops, warn_of_channels_first
from lamina.ops import Array
from lamina.regularizers import RegularizerLike


class _Conv(Windowed):
    """A kernel that moves over its input; the layers below say along how many axes."""

    paddings: ClassVar[tuple[str, ...]] = ("valid", "same")

    filters: int
    kernel_size: Sizes
    strides: Sizes = 1
    padding: CausalPadding = "valid"
    dilation_rate: Sizes = 1
    groups: int = 1
    activation: ActivationLike = None
    use_bias: bool = True
    kernel_initializer: InitializerLike = "glorot_uniform"
    bias_initializer: InitializerLike = "zeros"
    kernel_regularizer: RegularizerLike = None
    bias_regularizer: RegularizerLike = None
    activity_regularizer: RegularizerLike = None
    kernel_constraint: ConstraintLike = None
    bias_constraint: ConstraintLike = None

    def check(self) -> None:
        """Check the numbers, and that they go together."""
        checks.integer(self.place("filters"), self.filters)
        checks.integer(self.place("groups"), self.groups)
        check_convolution(self)
        check_moves(self, self.strides, self.dilation_rate)
        if self.filters % self.groups:
            raise checks.problem(
                ArgumentError,
                self.place("groups"),
                expected=f"a number that divides the {self.filters} filters",
                got=str(self.groups),
                fix="choose another number of groups or of filters.",
            )

    def weights(self, input_shape: Shape) -> Mapping[str, Weight]:
        """Declare the kernel and the bias."""
        channels = channels_of(self, input_shape, self.rank)
        if channels % self.groups:
            fix = f"choose a number of groups that divides {channels}."
            self.refuse_shape(f"an input whose channels fall into {self.groups} groups", input_shape, fix)
        kernel = Weight(
            (*windows.per_axis(self.kernel_size, self.rank), channels // self.groups, self.filters),
            self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        return {"kernel": kernel, **bias_of(self, self.filters)}

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return how often the kernel stops along each axis, and the number of filters."""
        warn_of_channels_first(self, input_shape)
        return (input_shape[0], *stops(self, input_shape, self.kernel_size, **moves_of(self)), self.filters)

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return ``activation(x * kernel + bias)``, `*` being the convolution."""
        return convolved(self, x, weights["kernel"], weights, context, **moves_of(self))


@register("layer")
class Conv1D(_Conv):
    """Look for patterns in a sequence: a small kernel that moves along the time.

    ``y[t] = activation(Σ x[t·stride + i·dilation] @ kernel[i] + bias)``, summed over the steps i of the kernel.

    Args:
        filters: the number of outputs at each step, at least 1.
        kernel_size: how many steps the kernel has.
        strides: how many steps it moves at a time.
        padding: "valid" for no padding; "same" for zeros on both sides, so that the output has ⌈time / stride⌉ steps;
            "causal" for as many in front alone, so that no output depends on later steps.
        dilation_rate: how many steps lie between neighbouring ones of the kernel; 1 beside strides above 1.
        groups: into how many groups the features and the filters are divided, each filter seeing its group alone.
        activation: what is applied to the sum; nothing by default.
        use_bias: whether a bias is added.
        kernel_initializer: how the kernel starts; Glorot's uniform distribution, as in Keras.
        bias_initializer: how the bias starts.
        kernel_regularizer: a penalty on the kernel.
        bias_regularizer: a penalty on the bias.
        activity_regularizer: a penalty on the output, averaged over the rows of the batch.
        kernel_constraint: a projection of the kernel after each step.
        bias_constraint: a projection of the bias after each step.

    Shape:
        Input ``(batch, time, features)``, output ``(batch, new time, filters)``;
        kernel ``(kernel_size, features / groups, filters)``, bias ``(filters,)``.

    Raises:
        ArgumentError: for numbers below 1, groups that do not divide the filters, or dilation beside strides.
        ShapeError: for an input that is no sequence, is shorter than the kernel, or cannot be divided into the groups.

    Example:
        >>> import lamina as lm
        >>> lm.layers.Conv1D(64, 5, padding="causal", activation="relu")(lm.Input((200, 32))).shape
        (None, 200, 64)

    Reference:
        van den Oord et al. (2016), WaveNet: a generative model for raw audio, https://arxiv.org/abs/1609.03499
        (causal and dilated).
    """

    rank: ClassVar[int] = 1
    paddings: ClassVar[tuple[str, ...]] = ("valid", "same", "causal")


@register("layer")
class Conv2D(_Conv):
    """Look for patterns in images: a small kernel that moves over rows and columns.

    ``y[r, c] = activation(Σ x[r·stride + i·dilation, c·stride + j·dilation] @ kernel[i, j] + bias)``, summed over the
    rows i and columns j of the kernel.

    Args:
        filters: the number of outputs at each place, at least 1.
        kernel_size: the height and width of the kernel; one number for both.
        strides: how many rows and columns it moves at a time.
        padding: "valid" for no padding; "same" for zeros around the image, so that the output has ⌈size / stride⌉ rows
            and columns.
        dilation_rate: how far neighbouring numbers of the kernel lie apart; 1 beside strides above 1.
        groups: into how many groups the channels and the filters are divided, each filter seeing its group alone.
        activation: what is applied to the sum; nothing by default.
        use_bias: whether a bias is added.
        kernel_initializer: how the kernel starts; Glorot's uniform distribution, as in Keras.
        bias_initializer: how the bias starts.
        kernel_regularizer: a penalty on the kernel.
        bias_regularizer: a penalty on the bias.
        activity_regularizer: a penalty on the output, averaged over the rows of the batch.
        kernel_constraint: a projection of the kernel after each step.
        bias_constraint: a projection of the bias after each step.

    Shape:
        Input ``(batch, height, width, channels)``, output ``(batch, new height, new width, filters)``;
        kernel ``(kernel height, kernel width, channels / groups, filters)``, bias ``(filters,)``.

    Raises:
        ArgumentError: for numbers below 1, groups that do not divide the filters, or dilation beside strides.
        ShapeError: for an input that has no channels, is smaller than the kernel, or cannot be divided into the groups.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((28, 28, 1)), lm.layers.Conv2D(32, 3, activation="relu")])
        >>> model.count_params()
        320
        >>> model.outputs[0].shape
        (None, 26, 26, 32)

    Reference:
        LeCun, Bottou, Bengio and Haffner (1998), Gradient-based learning applied to document recognition,
        https://doi.org/10.1109/5.726791
    """

    rank: ClassVar[int] = 2

    strides: Sizes = (1, 1)
    dilation_rate: Sizes = (1, 1)


@register("layer")
class Conv3D(_Conv):
    """Look for patterns in volumes: a small kernel that moves along three axes.

    As `Conv2D`, with a depth before rows and columns, or the time of short films.

    Args:
        filters: the number of outputs at each place, at least 1.
        kernel_size: the depth, height and width of the kernel; one number for all.
        strides: how far it moves at a time along each axis.
        padding: "valid" for no padding; "same" for zeros around the volume, so that the output has ⌈size / stride⌉
            places along each axis.
        dilation_rate: how far neighbouring numbers of the kernel lie apart; 1 beside strides above 1.
        groups: into how many groups the channels and the filters are divided, each filter seeing its group alone.
        activation: what is applied to the sum; nothing by default.
        use_bias: whether a bias is added.
        kernel_initializer: how the kernel starts; Glorot's uniform distribution, as in Keras.
        bias_initializer: how the bias starts.
        kernel_regularizer: a penalty on the kernel.
        bias_regularizer: a penalty on the bias.
        activity_regularizer: a penalty on the output, averaged over the rows of the batch.
        kernel_constraint: a projection of the kernel after each step.
        bias_constraint: a projection of the bias after each step.

    Shape:
        Input ``(batch, depth, height, width, channels)``, output
        ``(batch, new depth, new height, new width, filters)``;
        kernel ``(kernel depth, kernel height, kernel width, channels / groups, filters)``, bias ``(filters,)``.

    Raises:
        ArgumentError: for numbers below 1, groups that do not divide the filters, or dilation beside strides.
        ShapeError: for an input that has no channels, is smaller than the kernel, or cannot be divided into the groups.

    Example:
        >>> import lamina as lm
        >>> lm.layers.Conv3D(8, 3, strides=2)(lm.Input((16, 64, 64, 1))).shape
        (None, 7, 31, 31, 8)

    Reference:
        Tran et al. (2015), Learning spatiotemporal features with 3D convolutional networks,
        https://arxiv.org/abs/1412.0767
    """

    rank: ClassVar[int] = 3

    strides: Sizes = (1, 1, 1)
    dilation_rate: Sizes = (1, 1, 1)


Convolution1D = Conv1D
Convolution2D = Conv2D
Convolution3D = Conv3D
