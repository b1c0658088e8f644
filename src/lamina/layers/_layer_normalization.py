"""Normalise each row by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lamina import ops
from lamina._core import checks
from lamina._core.registry import register
from lamina.constraints import ConstraintLike
from lamina.initializers import InitializerLike
from lamina.layers._axes import Axes, check_axes, known_sizes, mask_along, resolve_axes, spread
from lamina.layers._context import Context
from lamina.layers._layer import Layer
from lamina.layers._masks import MaskRule
from lamina.layers._symbol import Shape
from lamina.layers._weight import Weight
from lamina.ops import Array
from lamina.regularizers import RegularizerLike


@register("layer")
class LayerNormalization(Layer):
    """Bring each row to mean 0 and standard deviation 1, then scale and shift it.

    ``gamma · (x - mean) / √(variance + epsilon) + beta``, mean and variance being those along `axis` in the row itself.

    Args:
        axis: the axis, or tuple of axes, that is normalised over; the last by default.
        epsilon: what is added to the variance, above 0.
        center: whether beta is added.
        scale: whether gamma is multiplied by.
        beta_initializer: how beta starts.
        gamma_initializer: how gamma starts.
        beta_regularizer: a penalty on beta.
        gamma_regularizer: a penalty on gamma.
        beta_constraint: a projection of beta after each step.
        gamma_constraint: a projection of gamma after each step.

    Shape:
        Output as input; gamma and beta have the sizes along `axis`.

    Raises:
        ArgumentError: for an axis that is the batch, or an epsilon of 0 or below.
        ShapeError: for an input without the axis, or of unknown size along it.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((4,)), lm.layers.LayerNormalization(epsilon=1e-6)])
        >>> model.predict([[1, 1, 3, 3]]).round(3).tolist()
        [[-1.0, -1.0, 1.0, 1.0]]

    Reference:
        Ba, Kiros and Hinton (2016), Layer normalization, https://arxiv.org/abs/1607.06450
    """

    masking: ClassVar[MaskRule] = "pass"
    needs_float32: ClassVar[bool] = True

    axis: Axes = -1
    epsilon: float = 1e-3
    center: bool = True
    scale: bool = True
    beta_initializer: InitializerLike = "zeros"
    gamma_initializer: InitializerLike = "ones"
    beta_regularizer: RegularizerLike = None
    gamma_regularizer: RegularizerLike = None
    beta_constraint: ConstraintLike = None
    gamma_constraint: ConstraintLike = None

    def check(self) -> None:
        """Check the axis and the numbers."""
        check_axes(self.place("axis"), self.axis)
        checks.number(self.place("epsilon"), self.epsilon, low=0, open_low=True)
        checks.boolean(self.place("center"), self.center)
        checks.boolean(self.place("scale"), self.scale)

    def weights(self, input_shape: Shape) -> Mapping[str, Weight]:
        """Declare gamma and beta."""
        sizes = known_sizes(self, resolve_axes(self, self.axis, input_shape), input_shape)
        declared = {}
        if self.scale:
            declared["gamma"] = Weight(
                sizes, self.gamma_initializer, regularizer=self.gamma_regularizer, constraint=self.gamma_constraint
            )
        if self.center:
            declared["beta"] = Weight(
                sizes, self.beta_initializer, regularizer=self.beta_regularizer, constraint=self.beta_constraint
            )
        return declared

    def gives_mask(self, masked: bool) -> bool:
        """Pass a mask on, unless steps are mixed."""
        return mask_along(self, self.axis, masked)

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the rows normalised."""
        axes = resolve_axes(self, self.axis, x.shape)
        factor = ops.rsqrt(ops.var(x, axes, keepdims=True) + self.epsilon)
        x = (x - ops.mean(x, axes, keepdims=True)) * factor
        if self.scale:
            x = x * spread(weights["gamma"], axes, x.ndim)
        return x + spread(weights["beta"], axes, x.ndim) if self.center else x
