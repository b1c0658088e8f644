"""Activations that turn the scores of several classes into probabilities."""

from __future__ import annotations

from lamina import ops
from lamina._core.registry import register
from lamina.ops import Array


@register("activation")
def softmax(x: Array, axis: int | tuple[int, ...] = -1) -> Array:
    """Turn the scores of classes into probabilities.

    f(x)_i = exp(x_i) / Σ_j exp(x_j)

    Args:
        x: an array of at least one dimension; a score of -inf gets probability 0.
        axis: where the classes are.

    Shape:
        Output: that of the input; along `axis` the values are at least 0 and sum to 1.

    Example:
        >>> import numpy as np
        >>> from lamina import activations
        >>> np.asarray(activations.softmax(np.log([1.0, 2.0, 5.0]))).round(3)
        array([0.125, 0.25 , 0.625], dtype=float32)

    Reference:
        [Bridle, 1989](https://proceedings.neurips.cc/paper/1989/hash/0336dcbab05b9d5ad24f4333c7658a0e-Abstract.html)
    """
    return ops.softmax(x, axis=axis)


@register("activation")
def log_softmax(x: Array, axis: int | tuple[int, ...] = -1) -> Array:
    """Return the logarithm of the softmax without overflow.

    f(x)_i = x_i - log Σ_j exp(x_j)

    Args:
        x: an array of at least one dimension.
        axis: where the classes are.

    Shape:
        Output: that of the input; no value is above 0.

    Example:
        >>> import numpy as np
        >>> from lamina import activations
        >>> activations.log_softmax(np.array([1000.0, 0.0]))
        Array([    0., -1000.], dtype=float32)
    """
    return ops.log_softmax(x, axis=axis)


@register("activation")
def sparsemax(x: Array, axis: int = -1) -> Array:
    """Give the unlikely classes exactly 0.

    f(x)_i = max(x_i - t, 0), with t such that the outputs sum to 1

    The result is the point of the probability simplex that is nearest to the scores.

    Args:
        x: an array of at least one dimension.
        axis: where the classes are.

    Shape:
        Output: that of the input; along `axis` the values are at least 0 and sum to 1.

    Example:
        >>> import numpy as np
        >>> from lamina import activations
        >>> activations.sparsemax(np.array([-3.0, 1.0, 1.5]))
        Array([0.  , 0.25, 0.75], dtype=float32)

    Reference:
        [Martins and Astudillo, 2016](https://arxiv.org/abs/1602.02068)
    """
    scores = ops.moveaxis(x, axis, -1)
    # Only differences count; measured from the largest score, sums stay exact however large the scores are.
    scores = scores - ops.max(scores, axis=-1, keepdims=True)
    descending = ops.flip(ops.sort(scores, axis=-1), axis=-1)
    count = ops.arange(1, scores.shape[-1] + 1, dtype=scores.dtype)
    excess = ops.cumsum(descending, axis=-1) - 1.0
    chosen = count * descending > excess
    # The first classes in descending order are the chosen ones; the last of them holds the threshold.
    last = ops.sum(chosen, axis=-1, keepdims=True) - 1
    threshold = ops.take_along_axis(excess, last, axis=-1) / (last + 1).astype(scores.dtype)
    return ops.moveaxis(ops.relu(scores - threshold), -1, axis)
