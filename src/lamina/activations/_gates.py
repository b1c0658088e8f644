"""Activations that multiply the input with a gate opened by the input itself."""

from __future__ import annotations

import math

from lamina import ops
from lamina._core.registry import register
from lamina.activations._sigmoids import hard_sigmoid
from lamina.ops import Array


@register("activation", aliases=("swish",))
def silu(x: Array) -> Array:
    """Gate the input by its sigmoid; also called swish.

    f(x) = x · sigmoid(x)

    Args:
        x: an array.

    Shape:
        Output: that of the input.

    Example:
        >>> import numpy as np
        >>> from lamina import activations
        >>> np.asarray(activations.silu(np.array([-1.0, 0.0, 1.0]))).round(3)
        array([-0.269,  0.   ,  0.731], dtype=float32)

    Reference:
        [Ramachandran, Zoph and Le, 2017](https://arxiv.org/abs/1710.05941)
    """
    return x * ops.sigmoid(x)


@register("activation", aliases=("hard_swish",))
def hard_silu(x: Array) -> Array:
    """Gate the input by its hard sigmoid; also called hard swish.

    f(x) = x · relu6(x + 3) / 6

    Args:
        x: an array.

    Shape:
        Output: that of the input.

    Example:
        >>> import numpy as np
        >>> from lamina import activations
        >>> activations.hard_silu(np.array([-4.0, 1.5, 4.0]))
        Array([-0.   ,  1.125,  4.   ], dtype=float32)

    Reference:
        [Howard et al., 2019](https://arxiv.org/abs/1905.02244)
    """
    return x * hard_sigmoid(x)


@register("activation")
def gelu(x: Array, approximate: bool = False) -> Array:
    """Gate the input by the normal distribution.

    f(x) = x · Φ(x) with Φ(x) = (1 + erf(x / √2)) / 2

    Args:
        x: an array.
        approximate: True for x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))) / 2, as some published weights expect.

    Shape:
        Output: that of the input.

    Example:
        >>> import numpy as np
        >>> from lamina import activations
        >>> np.asarray(activations.gelu(np.array([-1.0, 0.0, 1.0]))).round(3)
        array([-0.159,  0.   ,  0.841], dtype=float32)

    Reference:
        [Hendrycks and Gimpel, 2016](https://arxiv.org/abs/1606.08415)
    """
    if not approximate:
        return 0.5 * x * ops.erfc(-x / math.sqrt(2.0))
    # Beyond 10 the gate is shut or open in every floating type, and without the limit x³ would overflow.
    inner = ops.clip(x, -10.0, 10.0)
    return 0.5 * x * (1.0 + ops.tanh(math.sqrt(2.0 / math.pi) * (inner + 0.044715 * inner * inner * inner)))


@register("activation")
def mish(x: Array) -> Array:
    """Gate the input by the tanh of its softplus.

    f(x) = x · tanh(log(1 + exp(x)))

    Args:
        x: an array.

    Shape:
        Output: that of the input.

    Example:
        >>> import numpy as np
        >>> from lamina import activations
        >>> np.asarray(activations.mish(np.array([-1.0, 0.0, 1.0]))).round(3)
        array([-0.303,  0.   ,  0.865], dtype=float32)

    Reference:
        [Misra, 2019](https://arxiv.org/abs/1908.08681)
    """
    return x * ops.tanh(ops.softplus(x))
