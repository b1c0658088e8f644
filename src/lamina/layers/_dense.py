"""The fully connected layer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lamina import activations, ops
from lamina._core import checks
from lamina._core.registry import register
from lamina.activations import ActivationLike
from lamina.constraints import ConstraintLike
from lamina.initializers import InitializerLike
from lamina.layers._context import Context
from lamina.layers._layer import Layer, last_size
from lamina.layers._masks import MaskRule
from lamina.layers._symbol import Shape
from lamina.layers._weight import Weight
from lamina.ops import Array
from lamina.regularizers import RegularizerLike


@register("layer")
class Dense(Layer):
    """Connect every input to every output.

    ``activation(x @ kernel + bias)``, applied along the last axis.

    Args:
        units: the number of outputs, at least 1.
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
        Input ``(batch, ..., features)``, output ``(batch, ..., units)``;
        kernel ``(features, units)``, bias ``(units,)``.

    Raises:
        ArgumentError: for units below 1, or a name that is not known.
        ShapeError: for an input without a last axis of known size.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((784,)), lm.layers.Dense(10, activation="softmax")])
        >>> model.count_params()
        7850

    Reference:
        Glorot and Bengio (2010), Understanding the difficulty of training deep feedforward neural networks,
        https://proceedings.mlr.press/v9/glorot10a.html (the default initializer).
    """

    masking: ClassVar[MaskRule] = "pass"

    units: int
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
        """Check the number of units."""
        checks.integer(self.place("units"), self.units)
        checks.boolean(self.place("use_bias"), self.use_bias)

    def weights(self, input_shape: Shape) -> Mapping[str, Weight]:
        """Declare the kernel and the bias."""
        kernel = Weight(
            (last_size(self, input_shape), self.units),
            self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        if not self.use_bias:
            return {"kernel": kernel}
        bias = Weight(
            (self.units,),
            self.bias_initializer,
            regularizer=self.bias_regularizer,
            constraint=self.bias_constraint,
        )
        return {"kernel": kernel, "bias": bias}

    def output_shape(self, input_shape: Shape) -> Shape:
        """Replace the last size by the number of units."""
        return (*input_shape[:-1], self.units)

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return ``activation(x @ kernel + bias)``."""
        x = ops.linear(x, weights["kernel"])
        if self.use_bias:
            x = x + weights["bias"]
        x = activations.get(self.activation)(x)
        context.add_activity(self.activity_regularizer, x, mask=context.mask)
        return x
