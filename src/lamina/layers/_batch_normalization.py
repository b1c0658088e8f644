"""Normalise each feature over the batch."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar

from lamina import ops
from lamina._core import checks
from lamina._core.config import Setting
from lamina._core.registry import register
from lamina.constraints import ConstraintLike
from lamina.initializers import InitializerLike
from lamina.layers._axes import check_axes, known_sizes, resolve_axes, spread
from lamina.layers._context import Context, over
from lamina.layers._layer import Layer
from lamina.layers._masks import MaskRule
from lamina.layers._symbol import Shape
from lamina.layers._weight import Weight
from lamina.ops import Array
from lamina.regularizers import RegularizerLike


@register("layer")
class BatchNormalization(Layer):
    """Bring each feature to mean beta and standard deviation gamma over the batch.

    ``gamma · (x - mean) / √(variance + epsilon) + beta``. While training, mean and variance are those of the batch, and
    moving averages follow them: ``moving = moving · momentum + batch · (1 - momentum)``. Afterwards, and in a frozen
    layer, the moving averages are used. The last, shorter batch counts with its own rows alone, and steps that a mask
    leaves out count nothing.

    Args:
        axis: the axis of the features; the last by default.
        momentum: how much of the moving averages each step keeps, from 0 to 1.
        epsilon: what is added to the variance, above 0.
        center: whether beta is added.
        scale: whether gamma is multiplied by.
        beta_initializer: how beta starts.
        gamma_initializer: how gamma starts.
        moving_mean_initializer: how the moving mean starts.
        moving_variance_initializer: how the moving variance starts.
        beta_regularizer: a penalty on beta.
        gamma_regularizer: a penalty on gamma.
        beta_constraint: a projection of beta after each step.
        gamma_constraint: a projection of gamma after each step.

    Shape:
        Output as input; gamma, beta, moving_mean and moving_variance ``(features,)``.

    Raises:
        ArgumentError: for an axis that is the batch, a momentum outside [0, 1], or an epsilon of 0 or below.
        ShapeError: for an input without the axis, or of unknown size along it.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((10,)), lm.layers.BatchNormalization()])
        >>> model.count_params()
        40

    Reference:
        Ioffe and Szegedy (2015), Batch normalization: accelerating deep network training by reducing internal covariate
        shift, https://arxiv.org/abs/1502.03167
    """

    couples_rows: ClassVar[bool] = True
    masking: ClassVar[MaskRule] = "use"
    needs_float32: ClassVar[bool] = True

    axis: int = -1
    momentum: Setting = 0.99
    epsilon: float = 1e-3
    center: bool = True
    scale: bool = True
    beta_initializer: InitializerLike = "zeros"
    gamma_initializer: InitializerLike = "ones"
    moving_mean_initializer: InitializerLike = "zeros"
    moving_variance_initializer: InitializerLike = "ones"
    beta_regularizer: RegularizerLike = None
    gamma_regularizer: RegularizerLike = None
    beta_constraint: ConstraintLike = None
    gamma_constraint: ConstraintLike = None

    def check(self) -> None:
        """Check the axis and the numbers."""
        check_axes(self.place("axis"), self.axis)
        checks.number(self.place("momentum"), self.momentum, low=0, high=1)
        checks.number(self.place("epsilon"), self.epsilon, low=0, open_low=True)
        checks.boolean(self.place("center"), self.center)
        checks.boolean(self.place("scale"), self.scale)

    def weights(self, input_shape: Shape) -> Mapping[str, Weight]:
        """Declare gamma, beta and the moving averages."""
        size = known_sizes(self, resolve_axes(self, self.axis, input_shape), input_shape)
        declared = {}
        if self.scale:
            declared["gamma"] = Weight(
                size, self.gamma_initializer, regularizer=self.gamma_regularizer, constraint=self.gamma_constraint
            )
        if self.center:
            declared["beta"] = Weight(
                size, self.beta_initializer, regularizer=self.beta_regularizer, constraint=self.beta_constraint
            )
        declared["moving_mean"] = Weight(size, self.moving_mean_initializer, moving=True)
        declared["moving_variance"] = Weight(size, self.moving_variance_initializer, moving=True)
        return declared

    def gives_mask(self, masked: bool) -> bool:
        """Pass a mask on."""
        return masked

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the input normalised."""
        axes = resolve_axes(self, self.axis, x.shape)
        if context.training and not context.frozen:
            real = real_steps(context)
            mean, variance = moments(x, axes, real)
            for name, value in (("moving_mean", mean), ("moving_variance", variance)):
                moved = weights[name] * self.momentum + value * (1 - self.momentum)
                context.update(name, moved if real is None else ops.where(ops.any(real), moved, weights[name]))
        else:
            mean, variance = weights["moving_mean"], weights["moving_variance"]
        factor = ops.rsqrt(variance + self.epsilon)
        if self.scale:
            factor = factor * weights["gamma"]
        x = (x - spread(mean, axes, x.ndim)) * spread(factor, axes, x.ndim)
        return x + spread(weights["beta"], axes, x.ndim) if self.center else x


def real_steps(context: Context) -> Array | None:
    """Return which rows of a batch, or which of their steps, are real; None when all are."""
    if context.mask is None:
        return context.rows
    real: Array = context.mask if context.rows is None else context.mask & context.rows[:, None]
    return real


def moments(x: Array, axes: tuple[int, ...], real: Array | None = None) -> tuple[Array, Array]:
    """Return the mean and the variance over all axes but `axes`, of the real rows or steps alone."""
    others = tuple(axis for axis in range(x.ndim) if axis not in axes)
    if real is None:
        return ops.mean(x, others), ops.var(x, others)
    real = over(real, x)
    repeated = math.prod(x.shape[axis] for axis in others if real.shape[axis] == 1)
    count = ops.maximum(ops.sum(real, others) * repeated, 1)
    mean = ops.sum(ops.where(real, x, 0), others) / count
    distance = ops.where(real, x - spread(mean, axes, x.ndim), 0)
    return mean, ops.sum(ops.square(distance), others) / count
