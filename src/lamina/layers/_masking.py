"""A mask from the numbers themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from lamina import ops
from lamina._core import checks
from lamina._core.registry import register
from lamina.errors import DataError
from lamina.layers._context import Context, over
from lamina.layers._layer import Layer
from lamina.layers._masks import MaskRule
from lamina.layers._symbol import Shape
from lamina.ops import Array


@register("layer")
class Masking(Layer):
    """Leave out the steps of a sequence that only fill it up.

    A step all of whose features are `mask_value` is masked, and set to 0. Layers that follow, the loss and the metrics
    then count the real steps alone. `Embedding` does it for whole numbers, with ``mask_zero=True``.

    Args:
        mask_value: the number that sequences are filled up with.

    Shape:
        Input ``(batch, time, features)``, or with further axes, and output the same; no weights.

    Raises:
        ArgumentError: for a value that is not a finite number.
        ShapeError: for an input without features or without a time.
        DataError: when data is given with a row of which every step is masked.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((3, 2)), lm.layers.Masking(-1.0)])
        >>> model.predict([[[1, 2], [3, -1], [-1, -1]]]).tolist()
        [[[1.0, 2.0], [3.0, -1.0], [0.0, 0.0]]]
    """

    masking: ClassVar[MaskRule] = "use"
    needs_float32: ClassVar[bool] = True

    mask_value: float = 0.0

    def check(self) -> None:
        """Check the value."""
        checks.number(self.place("mask_value"), self.mask_value)

    def output_shape(self, input_shape: Shape) -> Shape:
        """Check that the input is a sequence."""
        if len(input_shape) < 3:
            self.refuse_shape(
                "an input of shape (batch, time, features)",
                input_shape,
                "add an axis for the features with Reshape, or use Embedding(mask_zero=True) for whole numbers.",
            )
        return input_shape

    def gives_mask(self, masked: bool) -> bool:
        """Make a mask in any case."""
        return True

    def output_mask(self, x: Array, mask: Array | None) -> Array:
        """Return where a step has any number that is not the value."""
        real = self._real(x)
        return real if mask is None else real & mask

    def check_input(self, values: np.ndarray, *, where: str) -> None:
        """Refuse rows that are all padding."""
        real = values.astype(np.float32, copy=False) != np.float32(self.mask_value)
        refuse_empty(self, real, f"{self.mask_value:g}", where=where)

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the input, masked steps set to 0."""
        return ops.where(over(self._real(x), x), x, 0)

    def _real(self, x: Array) -> Array:
        return ops.any(x != self.mask_value, axis=tuple(range(2, x.ndim)))


def refuse_empty(layer: Layer, real: np.ndarray, padding: str, *, where: str) -> None:
    """Refuse data with a row in which nothing is real.

    Args:
        layer: the layer that masks.
        real: which numbers of the data are not padding, rows first.
        padding: what the others are.
        where: the place to name in the error.
    """
    filled = real.any(axis=tuple(range(1, real.ndim)))
    if not filled.all():
        raise checks.problem(
            DataError,
            where,
            expected=f"at least one step in each row that {layer.label} does not mask",
            got=f"nothing but {padding} in row {int(filled.argmin())}",
            fix="remove rows without content, or let them have one step of something else.",
        )
