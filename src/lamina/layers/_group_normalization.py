"""Normalise groups of channels in each row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lamina import ops
from lamina._core import checks
from lamina._core.registry import register
from lamina.constraints import ConstraintLike
from lamina.initializers import InitializerLike
from lamina.layers._axes import check_axes, known_sizes, resolve_axes, spread
from lamina.layers._context import Context
from lamina.layers._layer import Layer
from lamina.layers._symbol import Shape
from lamina.layers._weight import Weight
from lamina.ops import Array
from lamina.regularizers import RegularizerLike

EACH_CHANNEL = -1


@register("layer")
class GroupNormalization(Layer):
    """Normalise each group of channels in each row by itself.

    ``gamma · (x - mean) / √(variance + epsilon) + beta``, mean and variance being those of the group's channels at all
    places of the row. No row depends on the others, so that small batches do no harm.

    Args:
        groups: how many groups the channels are divided into; -1 for a group of each channel (instance normalization),
            1 for one group of all.
        axis: the axis of the channels; the last by default.
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
        Output as input; gamma and beta ``(channels,)``.

    Raises:
        ArgumentError: for groups below 1 other than -1, an axis that is the batch, or an epsilon of 0 or below.
        ShapeError: for an input without the axis, or whose channels cannot be divided into the groups.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((4,)), lm.layers.GroupNormalization(2, epsilon=1e-6)])
        >>> model.predict([[1, 3, 10, 30]]).round(3).tolist()
        [[-1.0, 1.0, -1.0, 1.0]]

    Reference:
        Wu and He (2018), Group normalization, https://arxiv.org/abs/1803.08494
    """

    needs_float32: ClassVar[bool] = True

    groups: int = 32
    axis: int = -1
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
        """Check the groups, the axis and the numbers."""
        if self.groups != EACH_CHANNEL:
            checks.integer(self.place("groups"), self.groups)
        check_axes(self.place("axis"), (self.axis,))  # one axis, as the groups are along it
        checks.number(self.place("epsilon"), self.epsilon, low=0, open_low=True)
        checks.boolean(self.place("center"), self.center)
        checks.boolean(self.place("scale"), self.scale)

    def weights(self, input_shape: Shape) -> Mapping[str, Weight]:
        """Declare gamma and beta."""
        sizes = known_sizes(self, resolve_axes(self, self.axis, input_shape), input_shape)
        if sizes[0] % self._count(sizes[0]):
            fix = f"choose a number of groups that divides {sizes[0]}."
            self.refuse_shape(f"an input whose channels fall into {self.groups} groups", input_shape, fix)
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

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the rows normalised."""
        (axis,) = axes = resolve_axes(self, self.axis, x.shape)
        groups = self._count(x.shape[axis])
        apart = x.reshape(*x.shape[:axis], groups, x.shape[axis] // groups, *x.shape[axis + 1 :])
        others = tuple(each for each in range(1, apart.ndim) if each != axis)
        factor = ops.rsqrt(ops.var(apart, others, keepdims=True) + self.epsilon)
        x = ((apart - ops.mean(apart, others, keepdims=True)) * factor).reshape(x.shape)
        if self.scale:
            x = x * spread(weights["gamma"], axes, x.ndim)
        return x + spread(weights["beta"], axes, x.ndim) if self.center else x

    def _count(self, channels: int) -> int:
        return channels if self.groups == EACH_CHANNEL else self.groups
