"""What layers have in common that hold another one and only change what its weights are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from lamina._core import checks
from lamina.errors import ArgumentError
from lamina.layers._layer import Layer
from lamina.layers._masks import MaskRule
from lamina.layers._symbol import Shape
from lamina.layers._weight import Weight
from lamina.ops import Array


class Wrapper(Layer):
    """A layer around another one, which only changes what its weights are.

    Shapes, types, masks and checks of the data are those of the inner layer. Without a name it is numbered as that one
    would be (``dense``, ``dense_1``), so that a model in which layers are replaced has the same paths. Subclasses
    declare the weights of the inner layer in their own way, and call it.

    Args:
        layer: the inner layer.

    Attributes:
        kinds: the kinds of layers that it goes around; not their subclasses, which may do anything with their arrays.

    Raises:
        ArgumentError: for a layer of another kind.
    """

    kinds: ClassVar[tuple[type[Layer], ...]]

    input_dtype: ClassVar[str | None] = None
    masking: ClassVar[MaskRule] = "pass"

    layer: Layer

    def check(self) -> None:
        """Check the kind of the inner layer."""
        if type(self.layer) not in self.kinds:
            raise checks.problem(
                ArgumentError,
                self.place("layer"),
                expected=f"a layer of the kind {', '.join(kind.__name__ for kind in self.kinds)}",
                got=checks.plain(self.layer),
                fix="leave this layer as it is.",
            )

    def weights(self, input_shape: Shape) -> Mapping[str, Weight]:
        """Declare the arrays of the inner layer, as ``layer.kernel``, and others."""
        raise NotImplementedError

    def computed_weights(self, weights: Mapping[str, Array]) -> Mapping[str, Array]:
        """Return the weights as the numbers that the inner layer computes with.

        By default they are those numbers already.

        Args:
            weights: the arrays of this layer by name.
        """
        return weights

    def output_shape(self, input_shape: Shape) -> Any:
        """Return the shape that the inner layer gives."""
        return self.layer.output_shape(input_shape)

    def output_dtype(self, input_dtype: str) -> str:
        """Return the type that the inner layer gives."""
        return self.layer.output_dtype(input_dtype)

    def gives_mask(self, masked: Any) -> bool | tuple[bool, ...]:
        """Tell what the inner layer does with a mask, or refuse one in its place."""
        if masked and self.layer.masking == "refuse":
            self.layer.refuse_mask()
        return self.layer.gives_mask(masked)

    def output_mask(self, x: Any, mask: Any) -> Array:
        """Return the mask that the inner layer gives."""
        return self.layer.output_mask(x, mask)

    def check_input(self, values: np.ndarray, *, where: str) -> None:
        """Refuse data that the inner layer cannot read."""
        self.layer.check_input(values, where=where)

    @property
    def _word(self) -> str:
        """That of the inner layer, so that a model in which it is replaced has the same paths."""
        return self.layer._word
