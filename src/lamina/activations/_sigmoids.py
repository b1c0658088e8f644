"""Activations that lead every value into a bounded range."""

from __future__ import annotations

from lamina import ops
from lamina._core.registry import register
from lamina.activations._rectifiers import relu6
from lamina.ops import Array


@register("activation")
def sigmoid(x: Array) -> Array:
    """Turn a score into a probability.

    f(x) = 1 / (1 + exp(-x))

    Args:
        x: an array.

    Shape:
        Output: that of the input; each value lies between 0 and 1.

    Example:
        >>> import numpy as np
        >>> from lamina import activations
        >>> np.asarray(activations.sigmoid(np.array([-2.0, 0.0, 2.0]))).round(3)
        array([0.119, 0.5  , 0.881], dtype=float32)
    """
    return ops.sigmoid(x)


@register("activation")
def hard_sigmoid(x: Array) -> Array:
    """Follow the sigmoid with three straight lines.

    f(x) = relu6(x + 3) / 6

    Args:
        x: an array.

    Shape:
        Output: that of the input; each value lies between 0 and 1.

    Example:
        >>> import numpy as np
        >>> from lamina import activations
        >>> activations.hard_sigmoid(np.array([-4.0, 0.0, 1.5]))
        Array([0.  , 0.5 , 0.75], dtype=float32)

    Reference:
        [Howard et al., 2019](https://arxiv.org/abs/1905.02244)
    """
    return relu6(x + 3.0) / 6.0


@register("activation")
def sparse_sigmoid(x: Array) -> Array:
    """Reach 0 and 1 at finite scores.

    f(x) = min(max((x + 1) / 2, 0), 1), which is the slope of `sparse_plus`

    Args:
        x: an array.

    Shape:
        Output: that of the input; each value lies between 0 and 1.

    Example:
        >>> import numpy as np
        >>> from lamina import activations
        >>> activations.sparse_sigmoid(np.array([-2.0, 0.0, 0.5]))
        Array([0.  , 0.5 , 0.75], dtype=float32)

    Reference:
        [Blondel, Martins and Niculae, 2019](https://arxiv.org/abs/1901.02324)
    """
    return 0.5 * (hard_tanh(x) + 1.0)


@register("activation")
def log_sigmoid(x: Array) -> Array:
    """Return the logarithm of the sigmoid without overflow.

    f(x) = -log(1 + exp(-x))

    Args:
        x: an array.

    Shape:
        Output: that of the input; no value is above 0.

    Example:
        >>> import numpy as np
        >>> from lamina import activations
        >>> activations.log_sigmoid(np.array([-1000.0, 1000.0]))
        Array([-1000.,    -0.], dtype=float32)
    """
    return ops.log_sigmoid(x)


@register("activation")
def tanh(x: Array) -> Array:
    """Lead scores between -1 and 1.

    f(x) = (exp(x) - exp(-x)) / (exp(x) + exp(-x))

    Args:
        x: an array.

    Shape:
        Output: that of the input; each value lies between -1 and 1.

    Example:
        >>> import numpy as np
        >>> from lamina import activations
        >>> np.asarray(activations.tanh(np.array([-1.0, 0.0, 1.0]))).round(3)
        array([-0.762,  0.   ,  0.762], dtype=float32)
    """
    return ops.tanh(x)


@register("activation")
def hard_tanh(x: Array) -> Array:
    """Follow tanh with three straight lines.

    f(x) = min(max(x, -1), 1)

    Args:
        x: an array.

    Shape:
        Output: that of the input; each value lies between -1 and 1.

    Example:
        >>> import numpy as np
        >>> from lamina import activations
        >>> activations.hard_tanh(np.array([-4.0, 0.5, 2.0]))
        Array([-1. ,  0.5,  1. ], dtype=float32)
    """
    return ops.clip(x, -1.0, 1.0)


@register("activation")
def softsign(x: Array) -> Array:
    """Approach -1 and 1 slowly.

    f(x) = x / (1 + |x|)

    Args:
        x: an array.

    Shape:
        Output: that of the input; each value lies between -1 and 1.

    Example:
        >>> import numpy as np
        >>> from lamina import activations
        >>> activations.softsign(np.array([-1.0, 0.0, 3.0]))
        Array([-0.5 ,  0.  ,  0.75], dtype=float32)

    Reference:
        [Glorot and Bengio, 2010](https://proceedings.mlr.press/v9/glorot10a.html)
    """
    return x / (1.0 + ops.abs(x))
