"""Activations that let positive values pass and bend negative ones."""

from __future__ import annotations

from lamina import ops
from lamina._core.registry import register
from lamina.ops import Array

SELU_SCALE = 1.0507009873554805
SELU_ALPHA = 1.6732632423543772


@register("activation")
def relu(x: Array, negative_slope: float = 0.0, *, max_value: float | None = None, threshold: float = 0.0) -> Array:
    """Set negative values to 0.

    f(x) = max(x, 0), or with all arguments

    ```
    f(x) = max_value                        where x ≥ max_value
           x                                where threshold < x < max_value
           negative_slope · (x - threshold) where x ≤ threshold
    ```

    The gradient at the threshold is that of the lower part: 0 unless `negative_slope` says otherwise.

    Args:
        x: an array.
        negative_slope: slope below the threshold.
        max_value: largest value of the output; None for no limit.
        threshold: where the unit starts to let values pass.

    Shape:
        Output: that of the input.

    Example:
        >>> import numpy as np
        >>> from lamina import activations
        >>> activations.relu(np.array([-2.0, 0.0, 3.0]))
        Array([0., 0., 3.], dtype=float32)

    Reference:
        [Nair and Hinton, 2010](https://www.cs.toronto.edu/~fritz/absps/reluICML.pdf)
    """
    if negative_slope == 0.0 and threshold == 0.0:
        rectified = ops.relu(x)
    else:
        rectified = ops.where(x > threshold, x, negative_slope * (x - threshold))
    return rectified if max_value is None else ops.minimum(rectified, max_value)


@register("activation")
def relu6(x: Array) -> Array:
    """Keep values between 0 and 6.

    f(x) = min(max(x, 0), 6)

    Args:
        x: an array.

    Shape:
        Output: that of the input.

    Example:
        >>> import numpy as np
        >>> from lamina import activations
        >>> activations.relu6(np.array([-2.0, 3.0, 9.0]))
        Array([0., 3., 6.], dtype=float32)

    Reference:
        [Krizhevsky, 2010](https://www.cs.toronto.edu/~kriz/conv-cifar10-aug2010.pdf)
    """
    return ops.minimum(ops.relu(x), 6.0)


@register("activation")
def leaky_relu(x: Array, negative_slope: float = 0.2) -> Array:
    """Let a part of negative values pass.

    f(x) = x where x > 0, else negative_slope · x

    Args:
        x: an array.
        negative_slope: slope below 0; 0.2 is Keras' default.

    Shape:
        Output: that of the input.

    Example:
        >>> import numpy as np
        >>> from lamina import activations
        >>> activations.leaky_relu(np.array([-2.0, 0.0, 3.0]))
        Array([-0.4,  0. ,  3. ], dtype=float32)

    Reference:
        [Maas, Hannun and Ng, 2013](https://ai.stanford.edu/~amaas/papers/relu_hybrid_icml2013_final.pdf)
    """
    return ops.where(x > 0, x, negative_slope * x)


@register("activation")
def elu(x: Array, alpha: float = 1.0) -> Array:
    """Bend negative values towards -alpha.

    f(x) = x where x > 0, else alpha · (exp(x) - 1)

    Args:
        x: an array.
        alpha: how far below 0 the output can come.

    Shape:
        Output: that of the input.

    Example:
        >>> import numpy as np
        >>> from lamina import activations
        >>> np.asarray(activations.elu(np.array([-1.0, 0.0, 3.0]))).round(3)
        array([-0.632,  0.   ,  3.   ], dtype=float32)

    Reference:
        [Clevert, Unterthiner and Hochreiter, 2015](https://arxiv.org/abs/1511.07289)
    """
    return ops.where(x > 0, x, alpha * ops.expm1(_negative_part(x)))


@register("activation")
def selu(x: Array) -> Array:
    """Keep mean 0 and variance 1 from layer to layer.

    f(x) = 1.0507 · elu(x, alpha=1.6733)

    Use it with the initializer "lecun_normal" and the layer `AlphaDropout`.

    Args:
        x: an array.

    Shape:
        Output: that of the input.

    Example:
        >>> import numpy as np
        >>> from lamina import activations
        >>> np.asarray(activations.selu(np.array([-1.0, 0.0, 1.0]))).round(3)
        array([-1.111,  0.   ,  1.051], dtype=float32)

    Reference:
        [Klambauer et al., 2017](https://arxiv.org/abs/1706.02515)
    """
    return SELU_SCALE * elu(x, SELU_ALPHA)


@register("activation")
def celu(x: Array, alpha: float = 1.0) -> Array:
    """Bend like `elu`, with slope 1 at 0 for every alpha.

    f(x) = x where x > 0, else alpha · (exp(x / alpha) - 1)

    Args:
        x: an array.
        alpha: how far below 0 the output can come; above 0.

    Shape:
        Output: that of the input.

    Example:
        >>> import numpy as np
        >>> from lamina import activations
        >>> np.asarray(activations.celu(np.array([-1.0, 0.0, 3.0]), alpha=2.0)).round(3)
        array([-0.787,  0.   ,  3.   ], dtype=float32)

    Reference:
        [Barron, 2017](https://arxiv.org/abs/1704.07483)
    """
    return ops.where(x > 0, x, alpha * ops.expm1(_negative_part(x) / alpha))


def _negative_part(x: Array) -> Array:
    """Return x where negative, else 0: exp of the branch not taken must not overflow."""
    return ops.where(x > 0, 0.0, x)
