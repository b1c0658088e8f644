"""What all layers that convolve have in common: the check of their arguments, their bias, and how they end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from lamina import activations, ops
from lamina._core import checks
from lamina.layers._context import Context
from lamina.layers._weight import Weight
from lamina.layers._windows import check_sizes
from lamina.ops import Array

if TYPE_CHECKING:
    from lamina.layers._conv import _Conv
    from lamina.layers._conv_transpose import _ConvTranspose
    from lamina.layers._depthwise_conv import _DepthwiseConv
    from lamina.layers._separable_conv import _SeparableConv

Convolving: TypeAlias = "_Conv | _ConvTranspose | _DepthwiseConv | _SeparableConv"

FUSED: Mapping[Callable[..., Array], str] = {
    activations.linear: "linear",
    activations.relu: "relu",
    activations.sigmoid: "sigmoid",
    activations.tanh: "tanh",
}
"""The activations that the kernels apply themselves, in the pass in which they write their sums."""


def check_convolution(layer: Convolving) -> None:
    """Check what all of them take."""
    for field in ("kernel_size", "strides", "dilation_rate"):
        check_sizes(layer, field, layer.rank)
    checks.choice(layer.place("padding"), layer.padding, layer.paddings)
    checks.boolean(layer.place("use_bias"), layer.use_bias)


def bias_of(layer: Convolving, outputs: int) -> dict[str, Weight]:
    """Declare the bias, where there is one."""
    if not layer.use_bias:
        return {}
    bias = Weight(
        (outputs,), layer.bias_initializer, regularizer=layer.bias_regularizer, constraint=layer.bias_constraint
    )
    return {"bias": bias}


def moves_of(layer: Convolving) -> dict[str, Any]:
    """Return how the kernel moves, as the arguments of `ops.convolve`."""
    return {"strides": layer.strides, "padding": layer.padding, "dilation": layer.dilation_rate}


def convolved(
    layer: Convolving, x: Array, kernel: Array, weights: Mapping[str, Array], context: Context, **moves: Any
) -> Array:
    """Return ``activation(x * kernel + bias)``, `*` being the convolution."""
    activation = activations.get(layer.activation)
    fused = FUSED.get(activation)
    x = ops.convolve(x, kernel, weights.get("bias"), activation=fused or "linear", **moves)
    if fused is None:
        x = activation(x)
    context.add_activity(layer.activity_regularizer, x)
    return x
