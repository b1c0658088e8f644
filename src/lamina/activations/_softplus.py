"""Smooth relatives of the rectifier."""

from __future__ import annotations

from lamina import ops
from lamina._core.registry import register
from lamina.ops import Array


@register("activation")
def softplus(x: Array) -> Array:
    """Round the corner of the rectifier.

    f(x) = log(1 + exp(x))

    Args:
        x: an array.

    Shape:
        Output: that of the input; each value is at least 0.

    Example:
        >>> import numpy as np
        >>> from lamina import activations
        >>> activations.softplus(np.array([-1000.0, 1000.0]))
        Array([   0., 1000.], dtype=float32)

    Reference:
        [Dugas et al., 2000](https://proceedings.neurips.cc/paper/2000/hash/44968aece94f667e4095002d140b5896-Abstract.html)
    """
    return ops.softplus(x)


@register("activation")
def squareplus(x: Array, b: float = 4.0) -> Array:
    """Round the corner of the rectifier without exponentials.

    f(x) = (x + √(x² + b)) / 2

    Args:
        x: an array.
        b: how wide the corner is; 4 gives slope 1/2 and value 1 at 0.

    Shape:
        Output: that of the input; each value is at least 0.

    Example:
        >>> import numpy as np
        >>> from lamina import activations
        >>> activations.squareplus(np.array([0.0, 1.5]))
        Array([1., 2.], dtype=float32)

    Reference:
        [Barron, 2021](https://arxiv.org/abs/2112.11687)
    """
    # Far from the corner the function is the rectifier, while x² would overflow.
    near = ops.clip(x, -1e9, 1e9)
    return 0.5 * (near + ops.sqrt(ops.square(near) + b)) + ops.relu(x - near)


@register("activation")
def sparse_plus(x: Array) -> Array:
    """Join 0 and x by a parabola.

    f(x) = 0 where x ≤ -1, (x + 1)² / 4 where |x| < 1, x where x ≥ 1

    Args:
        x: an array.

    Shape:
        Output: that of the input; each value is at least 0.

    Example:
        >>> import numpy as np
        >>> from lamina import activations
        >>> activations.sparse_plus(np.array([-2.0, 0.0, 2.0]))
        Array([0.  , 0.25, 2.  ], dtype=float32)

    Reference:
        [Blondel, Martins and Niculae, 2019](https://arxiv.org/abs/1901.02324)
    """
    middle = ops.square(ops.clip(x, -1.0, 1.0) + 1.0) / 4.0
    return ops.where(x < 1.0, middle, x)
