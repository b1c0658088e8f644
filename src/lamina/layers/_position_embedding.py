"""Tell steps of a sequence apart by their place, for layers such as attention that do not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from lamina import ops
from lamina._core import checks
from lamina._core.registry import register
from lamina.initializers import InitializerLike
from lamina.layers._context import Context
from lamina.layers._layer import Layer, last_size
from lamina.layers._masks import MaskRule
from lamina.layers._symbol import Shape
from lamina.layers._weight import Weight
from lamina.ops import Array


@register("layer")
class PositionEmbedding(Layer):
    """Add a learned vector for each place of a sequence: ``x + embeddings[place]``.

    Places count from the first step of a row, padding included, so sequences of different lengths are filled up at
    their end.

    Args:
        sequence_length: how many places there are, at least 1: the length of the longest sequence.
        initializer: how the vectors start.

    Shape:
        Input and output ``(batch, time, features)``; embeddings ``(sequence_length, features)``.

    Raises:
        ArgumentError: for a length below 1.
        ShapeError: for a sequence that is longer, or an input that is none.

    Example:
        >>> import lamina as lm
        >>> words = lm.Input((20,), dtype="int32")
        >>> lm.layers.PositionEmbedding(20)(lm.layers.Embedding(1000, 64)(words)).shape
        (None, 20, 64)

    Reference:
        Gehring et al. (2017), Convolutional sequence to sequence learning, https://arxiv.org/abs/1705.03122
    """

    masking: ClassVar[MaskRule] = "pass"

    sequence_length: int
    initializer: InitializerLike = "glorot_uniform"

    def check(self) -> None:
        """Check the length."""
        checks.integer(self.place("sequence_length"), self.sequence_length)

    def weights(self, input_shape: Shape) -> Mapping[str, Weight]:
        """Declare the vectors."""
        return {"embeddings": Weight((self.sequence_length, last_size(self, input_shape)), self.initializer)}

    def output_shape(self, input_shape: Shape) -> Shape:
        """Check that the input is a sequence with a vector for each of its places."""
        _check_sequence(self, input_shape)
        if input_shape[1] is not None and input_shape[1] > self.sequence_length:
            fix = f"write sequence_length={input_shape[1]}."
            self.refuse_shape(f"a sequence of at most {self.sequence_length} steps", input_shape, fix)
        return input_shape

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the input plus the vectors of its places."""
        self.output_shape(x.shape)  # the length may not have been known before
        return x + weights["embeddings"][: x.shape[1]]


@register("layer")
class SinePositionEncoding(Layer):
    """Add waves of many lengths, whose values together tell each place of a sequence.

    Feature 2i gets ``sin(place / max_wavelength^(2i / features))``, and feature 2i + 1 the cosine of the same.
    Places count from the first step of a row, padding included, as in `PositionEmbedding`.

    Args:
        max_wavelength: the length of the longest wave in steps, divided by 2π; above 0.

    Shape:
        Input and output ``(batch, time, features)``; no weights.

    Raises:
        ArgumentError: for a wavelength that is not above 0.
        ShapeError: for an input that is no sequence.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((2, 2)), lm.layers.SinePositionEncoding()])
        >>> model.predict([[[0, 0], [0, 0]]]).round(3).tolist()
        [[[0.0, 1.0], [0.8..., 0.5...]]]

    Reference:
        Vaswani et al. (2017), Attention is all you need, https://arxiv.org/abs/1706.03762
    """

    masking: ClassVar[MaskRule] = "pass"

    max_wavelength: float = 10_000.0

    def check(self) -> None:
        """Check the wavelength."""
        checks.number(self.place("max_wavelength"), self.max_wavelength, low=0, open_low=True)

    def output_shape(self, input_shape: Shape) -> Shape:
        """Check that the input is a sequence of known features."""
        _check_sequence(self, input_shape)
        last_size(self, input_shape)
        return input_shape

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the input plus the waves."""
        places, features = np.arange(x.shape[1]), np.arange(x.shape[2])
        angles = places[:, None] / self.max_wavelength ** (features // 2 * 2 / len(features))
        return x + ops.asarray(np.where(features % 2, np.cos(angles), np.sin(angles)), x.dtype)


def _check_sequence(layer: Layer, input_shape: Shape) -> None:
    if len(input_shape) != 3:
        fix = "put it behind an Embedding, or where the input is a sequence of vectors."
        layer.refuse_shape("an input of shape (batch, time, features)", input_shape, fix)
