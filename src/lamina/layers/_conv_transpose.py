"""Transposed convolution, which makes sequences and images larger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lamina import activations, ops
from lamina._core import checks, windows
from lamina._core.registry import register
from lamina._core.windows import Sizes
from lamina.activations import ActivationLike
from lamina.constraints import ConstraintLike
from lamina.errors import ArgumentError
from lamina.initializers import InitializerLike
from lamina.layers._context import Context
from lamina.layers._convolving import bias_of, check_convolution, moves_of
from lamina.layers._symbol import Shape
from lamina.layers._weight import Weight
from lamina.layers._windows import Padding, Windowed, channels_of, check_moves, check_sizes, warn_of_channels_first
from lamina.ops import Array
from lamina.regularizers import RegularizerLike


class _ConvTranspose(Windowed):
    """A kernel that spreads each place of its input out; the layers below say along how many axes."""

    paddings: ClassVar[tuple[str, ...]] = ("valid", "same")

    filters: int
    kernel_size: Sizes
    strides: Sizes = 1
    padding: Padding = "valid"
    output_padding: Sizes | None = None
    dilation_rate: Sizes = 1
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
        check_convolution(self)
        check_moves(self, self.strides, self.dilation_rate)
        if self.output_padding is None:
            return
        check_sizes(self, "output_padding", self.rank, least=0)
        added, strides = (windows.per_axis(value, self.rank) for value in (self.output_padding, self.strides))
        if any(more >= stride for more, stride in zip(added, strides, strict=True)):
            raise checks.problem(
                ArgumentError,
                self.place("output_padding"),
                expected=f"less than strides={self.strides} along each axis",
                got=str(self.output_padding),
                fix="give at most strides - 1, or leave it out.",
            )

    def weights(self, input_shape: Shape) -> Mapping[str, Weight]:
        """Declare the kernel and the bias."""
        kernel = Weight(
            (
                *windows.per_axis(self.kernel_size, self.rank),
                self.filters,
                channels_of(self, input_shape, self.rank),
            ),
            self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        return {"kernel": kernel, **bias_of(self, self.filters)}

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return how far the kernel reaches along each axis, and the number of filters."""
        warn_of_channels_first(self, input_shape)
        fields = (self.kernel_size, self.dilation_rate, self.strides)
        sizes, dilation, strides = (windows.per_axis(value, self.rank) for value in fields)
        more = (None,) * self.rank if self.output_padding is None else windows.per_axis(self.output_padding, self.rank)
        covered = map(windows.reach, sizes, dilation)
        found = tuple(
            None if length is None else windows.unrolled(length, span, stride=stride, padding=self.padding, more=extra)
            for length, span, stride, extra in zip(input_shape[1:-1], covered, strides, more, strict=True)
        )
        if any(size is not None and size < 1 for size in found):
            fix = "leave output_padding out, or give a larger input."
            self.refuse_shape("an input of which something is left at the output", input_shape, fix)
        return (input_shape[0], *found, self.filters)

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the activation of what the kernel spreads out, plus the bias."""
        x = ops.convolve_transpose(
            x, weights["kernel"], weights.get("bias"), output_padding=self.output_padding, **moves_of(self)
        )
        x = activations.get(self.activation)(x)
        context.add_activity(self.activity_regularizer, x)
        return x


@register("layer")
class Conv1DTranspose(_ConvTranspose):
    """Make a sequence longer: the gradient of a convolution, used as a layer.

    Each step of the input adds itself times the kernel to the output, `strides` steps further on than the one before.

    Args:
        filters: the number of outputs at each step, at least 1.
        kernel_size: how many steps the kernel has.
        strides: how many steps of the output there are for each of the input.
        padding: "valid" for all that the kernel reaches, at least time · strides; "same" for time · strides steps.
        output_padding: how many steps are added at the end, below strides; by default as many as `padding` says. If
            given, "same" has (time - 1) · strides + kernel_size % 2 steps besides.
        dilation_rate: how many steps lie between neighbouring ones of the kernel; 1 beside strides above 1.
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
        kernel ``(kernel_size, filters, features)``, bias ``(filters,)``.

    Raises:
        ArgumentError: for numbers below 1, output_padding not below strides, or dilation beside strides.
        ShapeError: for an input that is no sequence.

    Example:
        >>> import lamina as lm
        >>> lm.layers.Conv1DTranspose(8, 4, strides=2, padding="same")(lm.Input((50, 16))).shape
        (None, 100, 8)

    Reference:
        Dumoulin and Visin (2016), A guide to convolution arithmetic for deep learning, https://arxiv.org/abs/1603.07285
    """

    rank: ClassVar[int] = 1


@register("layer")
class Conv2DTranspose(_ConvTranspose):
    """Make images larger: the gradient of a convolution, used as a layer.

    Each place of the input adds itself times the kernel to the output, `strides` places further on than its neighbour.

    Args:
        filters: the number of outputs at each place, at least 1.
        kernel_size: the height and width of the kernel; one number for both.
        strides: how many rows and columns of the output there are for each of the input.
        padding: "valid" for all that the kernel reaches, at least size · strides; "same" for size · strides.
        output_padding: how many rows and columns are added at the end, below strides; by default as many as `padding`
            says. If given, "same" has (size - 1) · strides + kernel_size % 2 besides.
        dilation_rate: how far neighbouring numbers of the kernel lie apart; 1 beside strides above 1.
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
        kernel ``(kernel height, kernel width, filters, channels)``, bias ``(filters,)``.

    Raises:
        ArgumentError: for numbers below 1, output_padding not below strides, or dilation beside strides.
        ShapeError: for an input that has no channels.

    Example:
        >>> import lamina as lm
        >>> lm.layers.Conv2DTranspose(3, 4, strides=2, padding="same")(lm.Input((14, 14, 32))).shape
        (None, 28, 28, 3)

    Reference:
        Dumoulin and Visin (2016), A guide to convolution arithmetic for deep learning, https://arxiv.org/abs/1603.07285
    """

    rank: ClassVar[int] = 2

    strides: Sizes = (1, 1)
    dilation_rate: Sizes = (1, 1)


Convolution1DTranspose = Conv1DTranspose
Convolution2DTranspose = Conv2DTranspose
