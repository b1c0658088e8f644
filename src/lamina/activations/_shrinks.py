"""Activations that set small values to 0, as in denoising."""

from __future__ import annotations

from lamina import ops
from lamina._core.registry import register
from lamina.ops import Array


@register("activation")
def hard_shrink(x: Array, threshold: float = 0.5) -> Array:
    """Set small values to 0 and keep the others.

    f(x) = x where |x| > threshold, else 0

    Args:
        x: an array.
        threshold: up to which absolute value the output is 0; at least 0.

    Shape:
        Output: that of the input.

    Example:
        >>> import numpy as np
        >>> from lamina import activations
        >>> activations.hard_shrink(np.array([-2.0, 0.25, 1.0]))
        Array([-2.,  0.,  1.], dtype=float32)

    Reference:
        [Donoho and Johnstone, 1994](https://doi.org/10.1093/biomet/81.3.425)
    """
    return ops.where(ops.abs(x) > threshold, x, 0.0)


@register("activation")
def soft_shrink(x: Array, threshold: float = 0.5) -> Array:
    """Draw every value towards 0 by a fixed amount.

    f(x) = sign(x) · max(|x| - threshold, 0)

    Args:
        x: an array.
        threshold: by how much, and up to which absolute value the output is 0; at least 0.

    Shape:
        Output: that of the input.

    Example:
        >>> import numpy as np
        >>> from lamina import activations
        >>> activations.soft_shrink(np.array([-2.0, 0.25, 1.0]))
        Array([-1.5,  0. ,  0.5], dtype=float32)

    Reference:
        [Donoho and Johnstone, 1994](https://doi.org/10.1093/biomet/81.3.425)
    """
    return ops.where(ops.abs(x) > threshold, x - threshold * ops.sign(x), 0.0)


@register("activation")
def tanh_shrink(x: Array) -> Array:
    """Take its tanh away from the input.

    f(x) = x - tanh(x)

    Args:
        x: an array.

    Shape:
        Output: that of the input.

    Example:
        >>> import numpy as np
        >>> from lamina import activations
        >>> np.asarray(activations.tanh_shrink(np.array([-1.0, 0.0, 1.0]))).round(3)
        array([-0.238,  0.   ,  0.238], dtype=float32)
    """
    return x - ops.tanh(x)
