"""Activations as layers of their own."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import ClassVar

from lamina import activations, ops
from lamina._core import checks
from lamina._core.config import Setting
from lamina._core.registry import register
from lamina.activations import ActivationLike
from lamina.constraints import ConstraintLike
from lamina.initializers import InitializerLike
from lamina.layers._axes import Axes, check_axes, known_sizes, resolve_axes
from lamina.layers._context import Context
from lamina.layers._layer import Layer
from lamina.layers._masks import MaskRule
from lamina.layers._symbol import Shape
from lamina.layers._weight import Weight
from lamina.ops import Array
from lamina.regularizers import RegularizerLike


@register("layer")
class Activation(Layer):
    """Apply a function to every number (or row) of the input.

    Args:
        activation: the name of an activation, or a function of one array.

    Shape:
        Output as input; no weights.

    Raises:
        ArgumentError: for a name that is not known.

    Example:
        >>> import lamina as lm
        >>> lm.Sequential([lm.Input((3,)), lm.layers.Activation("relu")]).predict([[-1, 0, 2]]).tolist()
        [[0.0, 0.0, 2.0]]
    """

    masking: ClassVar[MaskRule] = "pass"

    activation: ActivationLike

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the function of the input."""
        return activations.get(self.activation)(x)


@register("layer")
class ELU(Layer):
    """Bend negative inputs towards -alpha.

    x for x > 0, alpha · (exp(x) - 1) below.

    Args:
        alpha: how far below 0 the output can come, at least 0.

    Shape:
        Output as input; no weights.

    Raises:
        ArgumentError: for an alpha below 0.

    Example:
        >>> import lamina as lm
        >>> lm.Sequential([lm.Input((2,)), lm.layers.ELU(0.5)]).predict([[-100, 2]]).tolist()
        [[-0.5, 2.0]]

    Reference:
        Clevert, Unterthiner and Hochreiter (2015), Fast and accurate deep network learning by exponential linear units,
        https://arxiv.org/abs/1511.07289
    """

    masking: ClassVar[MaskRule] = "pass"

    alpha: Setting = 1.0

    def check(self) -> None:
        """Check alpha."""
        checks.number(self.place("alpha"), self.alpha, low=0)

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the input, its negative part bent."""
        return activations.elu(x, self.alpha)


@register("layer")
class LeakyReLU(Layer):
    """Let a small part of negative inputs through.

    x for x ≥ 0, negative_slope · x below.

    Args:
        negative_slope: the slope below zero, at least 0; 0.3 as in Keras.

    Shape:
        Output as input; no weights.

    Raises:
        ArgumentError: for a negative slope below 0.

    Example:
        >>> import lamina as lm
        >>> lm.Sequential([lm.Input((2,)), lm.layers.LeakyReLU(0.1)]).predict([[-10, 2]]).tolist()
        [[-1.0, 2.0]]

    Reference:
        Maas, Hannun and Ng (2013), Rectifier nonlinearities improve neural network acoustic models,
        https://ai.stanford.edu/~amaas/papers/relu_hybrid_icml2013_final.pdf
    """

    masking: ClassVar[MaskRule] = "pass"

    negative_slope: Setting = 0.3

    def check(self) -> None:
        """Check the slope."""
        checks.number(self.place("negative_slope"), self.negative_slope, low=0)

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the input, its negative part made small."""
        return ops.where(x >= 0, x, self.negative_slope * x)


@register("layer")
class PReLU(Layer):
    """Learn the slope below zero.

    x for x ≥ 0, alpha · x below.

    Args:
        alpha_initializer: how the slopes start.
        alpha_regularizer: a penalty on the slopes.
        alpha_constraint: a projection of the slopes after each step.
        shared_axes: axes (the first after the batch is 1) along which one slope is shared, such as (1, 2) for images.

    Shape:
        Output as input; alpha has the shape of one row, 1 along shared axes.

    Raises:
        ArgumentError: for shared axes that are not integers, or are the batch.
        ShapeError: for an input without these axes, or whose sizes are neither known nor shared.

    Example:
        >>> import lamina as lm
        >>> lm.Sequential([lm.Input((3,)), lm.layers.PReLU()]).count_params()
        3

    Reference:
        He, Zhang, Ren and Sun (2015), Delving deep into rectifiers, https://arxiv.org/abs/1502.01852
    """

    masking: ClassVar[MaskRule] = "pass"

    alpha_initializer: InitializerLike = "zeros"
    alpha_regularizer: RegularizerLike = None
    alpha_constraint: ConstraintLike = None
    shared_axes: Axes | None = None

    def check(self) -> None:
        """Check the shared axes."""
        if self.shared_axes is not None:
            check_axes(self.place("shared_axes"), self.shared_axes)

    def weights(self, input_shape: Shape) -> Mapping[str, Weight]:
        """Declare the slopes."""
        shared = () if self.shared_axes is None else resolve_axes(self, self.shared_axes, input_shape)
        own = tuple(axis for axis in range(1, len(input_shape)) if axis not in shared)
        sizes = dict(zip(own, known_sizes(self, own, input_shape), strict=True))
        alpha = Weight(
            tuple(sizes.get(axis, 1) for axis in range(1, len(input_shape))),
            self.alpha_initializer,
            regularizer=self.alpha_regularizer,
            constraint=self.alpha_constraint,
        )
        return {"alpha": alpha}

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the input, its negative part scaled by the learned slopes."""
        return ops.where(x >= 0, x, weights["alpha"] * x)


@register("layer")
class ReLU(Layer):
    """Let positive inputs through, and set negative ones to 0.

    max_value for x ≥ max_value, x for threshold < x < max_value, negative_slope · (x - threshold) for x ≤ threshold.

    Args:
        max_value: the largest output; None for no limit.
        negative_slope: the slope up to the threshold, at least 0.
        threshold: where inputs begin to be let through, at least 0.

    Shape:
        Output as input; no weights.

    Raises:
        ArgumentError: for a number below 0.

    Example:
        >>> import lamina as lm
        >>> lm.Sequential([lm.Input((3,)), lm.layers.ReLU(max_value=6)]).predict([[-1, 2, 9]]).tolist()
        [[0.0, 2.0, 6.0]]

    Reference:
        Nair and Hinton (2010), Rectified linear units improve restricted Boltzmann machines,
        https://www.cs.toronto.edu/~fritz/absps/reluICML.pdf
    """

    masking: ClassVar[MaskRule] = "pass"

    max_value: float | None = None
    negative_slope: float = 0.0
    threshold: float = 0.0

    def check(self) -> None:
        """Check the numbers."""
        if self.max_value is not None:
            checks.number(self.place("max_value"), self.max_value, low=0)
        checks.number(self.place("negative_slope"), self.negative_slope, low=0)
        checks.number(self.place("threshold"), self.threshold, low=0)

    @property
    def activation(self) -> Callable[[Array], Array]:
        """The function that is applied to each number."""
        return functools.partial(
            activations.relu, negative_slope=self.negative_slope, max_value=self.max_value, threshold=self.threshold
        )

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the input, rectified."""
        return self.activation(x)
