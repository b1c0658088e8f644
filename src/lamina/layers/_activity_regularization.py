"""A penalty on what passes by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lamina import regularizers
from lamina._core import checks
from lamina._core.config import Setting, with_settings
from lamina._core.registry import register
from lamina.layers._context import Context
from lamina.layers._layer import Layer
from lamina.layers._masks import MaskRule
from lamina.ops import Array


@register("layer")
class ActivityRegularization(Layer):
    """Add a penalty on the input to the loss, and pass the input on.

    ``l1 · Σ|x| + l2 · Σx²``, averaged over the rows of the batch. Steps that a mask leaves out count nothing.

    Args:
        l1: strength of the penalty on absolute values, at least 0; it draws activity to 0.
        l2: strength of the penalty on squares, at least 0; it keeps all activity small.

    Shape:
        Output as input; no weights.

    Raises:
        ArgumentError: for a strength that is negative or not finite.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((2,)), lm.layers.ActivityRegularization(l1=0.1)])
        >>> model.compile("sgd", "mse")
        >>> round(model.evaluate([[1, -2], [3, 0]], [[1, -2], [3, 0]])["loss"], 6)
        0.3
    """

    masking: ClassVar[MaskRule] = "pass"

    l1: Setting = 0.0
    l2: Setting = 0.0

    def check(self) -> None:
        """Check that both strengths are at least 0."""
        checks.number(self.place("l1"), self.l1, low=0)
        checks.number(self.place("l2"), self.l2, low=0)

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the input, its penalty added to the loss."""
        # Strengths may be traced arrays here, which the constructor would not take.
        penalty = with_settings(regularizers.L1L2(), {"l1": self.l1, "l2": self.l2})
        context.add_activity(penalty, x, mask=context.mask)
        return x
