"""Penalties on the size of values: L1, L2 and both."""

from __future__ import annotations

from lamina import ops
from lamina._core import checks
from lamina._core.config import Setting
from lamina._core.registry import register
from lamina.ops import Array
from lamina.regularizers._regularizer import Regularizer


def sum_of_absolutes(values: Array) -> Array:
    """Return Σ|x| with slope 0 at 0, so that zeros stay; JAX gives `abs` slope 1."""
    return ops.sum(values * ops.sign(values))


@register("regularizer")
class L1(Regularizer):
    """Penalise absolute values, which draws small weights to 0.

    l1 · Σ|x|

    Args:
        l1: strength of the penalty, at least 0.

    Shape:
        Input: any. Output: a scalar.

    Raises:
        ArgumentError: for a strength that is negative or not finite.

    Example:
        >>> import numpy as np
        >>> from lamina import regularizers
        >>> regularizers.L1(0.5)(np.array([-1.0, 3.0]))
        Array(2., dtype=float32)

    Reference:
        [Tibshirani, 1996](https://doi.org/10.1111/j.2517-6161.1996.tb02080.x)
    """

    l1: Setting = 0.01

    def check(self) -> None:
        """Check that the strength is at least 0."""
        checks.number(self.place("l1"), self.l1, low=0.0)

    def __call__(self, values: Array) -> Array:
        """Return the penalty on `values`."""
        return self.l1 * sum_of_absolutes(values)


@register("regularizer")
class L2(Regularizer):
    """Penalise squares, which keeps all weights small.

    l2 · Σx²

    Args:
        l2: strength of the penalty, at least 0.

    Shape:
        Input: any. Output: a scalar.

    Raises:
        ArgumentError: for a strength that is negative or not finite.

    Example:
        >>> import numpy as np
        >>> from lamina import regularizers
        >>> regularizers.L2(0.5)(np.array([-1.0, 3.0]))
        Array(5., dtype=float32)

    Reference:
        [Krogh and Hertz, 1991](https://proceedings.neurips.cc/paper/1991/hash/8eefcfdf5990e441f0fb6f3fad709e21-Abstract.html)
    """

    l2: Setting = 0.01

    def check(self) -> None:
        """Check that the strength is at least 0."""
        checks.number(self.place("l2"), self.l2, low=0.0)

    def __call__(self, values: Array) -> Array:
        """Return the penalty on `values`."""
        return self.l2 * ops.sum(ops.square(values))


@register("regularizer", aliases=("l1l2",))
class L1L2(Regularizer):
    """Penalise absolute values and squares.

    l1 · Σ|x| + l2 · Σx²

    Args:
        l1: strength of the penalty on absolute values, at least 0.
        l2: strength of the penalty on squares, at least 0.

    Shape:
        Input: any. Output: a scalar.

    Raises:
        ArgumentError: for a strength that is negative or not finite.

    Example:
        >>> import numpy as np
        >>> from lamina import regularizers
        >>> regularizers.L1L2(l1=0.5, l2=0.1)(np.array([-1.0, 3.0]))
        Array(3., dtype=float32)

    Reference:
        [Zou and Hastie, 2005](https://doi.org/10.1111/j.1467-9868.2005.00503.x)
    """

    l1: Setting = 0.0
    l2: Setting = 0.0

    def check(self) -> None:
        """Check that both strengths are at least 0."""
        checks.number(self.place("l1"), self.l1, low=0.0)
        checks.number(self.place("l2"), self.l2, low=0.0)

    def __call__(self, values: Array) -> Array:
        """Return the penalty on `values`."""
        return self.l1 * sum_of_absolutes(values) + self.l2 * ops.sum(ops.square(values))
