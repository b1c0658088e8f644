"""The simplest activations: the input itself, a power of e, a step."""

from __future__ import annotations

from lamina import ops
from lamina._core.registry import register
from lamina.ops import Array


@register("activation")
def linear(x: Array) -> Array:
    """Return the input as it is.

    f(x) = x

    Args:
        x: an array.

    Shape:
        Output: that of the input.

    Example:
        >>> import numpy as np
        >>> from lamina import activations
        >>> activations.linear(np.array([-2.0, 3.0]))
        array([-2.,  3.])
    """
    return x


@register("activation")
def exponential(x: Array) -> Array:
    """Raise e to the input.

    f(x) = exp(x)

    The natural last activation where the target is a count, as in Poisson regression.

    Args:
        x: an array.

    Shape:
        Output: that of the input.

    Example:
        >>> import numpy as np
        >>> from lamina import activations
        >>> np.asarray(activations.exponential(np.array([0.0, 1.0]))).round(3)
        array([1.   , 2.718], dtype=float32)
    """
    return ops.exp(x)


@register("activation", aliases=("heaviside",))
def step(x: Array) -> Array:
    """Fire or not.

    f(x) = 1 where x > 0, else 0

    At 0 the unit is silent, as in the perceptron. The gradient is 0 everywhere, so gradient descent cannot train
    what stands before a step; the perceptron rule can.

    Args:
        x: an array.

    Shape:
        Output: that of the input.

    Example:
        >>> import numpy as np
        >>> from lamina import activations
        >>> activations.step(np.array([-0.5, 0.0, 0.5]))
        Array([0., 0., 1.], dtype=float32)

    Reference:
        [Rosenblatt, 1958](https://doi.org/10.1037/h0042519)
    """
    return ops.where(x > 0, ops.ones_like(x), ops.zeros_like(x))
