"""Shares for scores."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

from lamina import activations
from lamina._core.registry import register
from lamina.layers._axes import AlongAxes
from lamina.layers._context import Context
from lamina.ops import Array


@register("layer")
class Softmax(AlongAxes):
    """Turn scores into shares: positive numbers that sum to 1.

    exp(x_i) / Σ_j exp(x_j), along the axis.

    Args:
        axis: the axis along which scores belong together, or a tuple of axes; the last by default.

    Shape:
        Output as input; no weights.

    Raises:
        ArgumentError: for an axis that is the batch, and for an input with a mask where the axis may be that of time.
        ShapeError: for an input that does not have the axis.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((2,)), lm.layers.Softmax()])
        >>> model.predict([[0, 0], [0, 100]]).tolist()
        [[0.5, 0.5], [0.0, 1.0]]

    Reference:
        Bridle (1989), Training stochastic model recognition algorithms as networks can lead to maximum mutual
        information estimation of parameters,
        https://proceedings.neurips.cc/paper/1989/hash/0336dcbab05b9d5ad24f4333c7658a0e-Abstract.html
    """

    @property
    def activation(self) -> Callable[[Array], Array]:
        """The function that is applied; a loss can do that along the last axis itself."""
        return activations.softmax if self.axis == -1 else functools.partial(activations.softmax, axis=self.axis)

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return shares for the scores."""
        return self.activation(x)
