"""The layer that does nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lamina._core.registry import register
from lamina.layers._context import Context
from lamina.layers._layer import Layer
from lamina.layers._masks import MaskRule
from lamina.ops import Array


@register("layer")
class Identity(Layer):
    """Return the input as it is: a place that can be named, or filled later.

    Shape:
        Output as input; no weights.

    Example:
        >>> import lamina as lm
        >>> lm.Sequential([lm.Input((2,)), lm.layers.Identity()]).predict([[1, 2]]).tolist()
        [[1.0, 2.0]]
    """

    input_dtype: ClassVar[str | None] = None
    masking: ClassVar[MaskRule] = "pass"

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the input."""
        return x
