"""Allow no negative weights."""

from __future__ import annotations

from lamina import ops
from lamina._core.registry import register
from lamina.constraints._constraint import Constraint
from lamina.ops import Array


@register("constraint")
class NonNeg(Constraint):
    """Set negative weights to 0.

    max(w, 0)

    Shape:
        Output: that of the input.

    Example:
        >>> import numpy as np
        >>> from lamina import constraints
        >>> constraints.NonNeg()(np.array([-1.0, 2.0]))
        Array([0., 2.], dtype=float32)
    """

    def __call__(self, values: Array) -> Array:
        """Return the weights without the negative ones."""
        return ops.maximum(values, 0.0)
