"""The layer that mirrors pictures while training."""

from __future__ import annotations

from collections.abc import Mapping

from lamina import ops
from lamina._core import checks
from lamina._core.registry import register
from lamina.layers._context import Context
from lamina.layers._dropout import check_seed
from lamina.layers._layer import Layer
from lamina.layers._symbol import Shape
from lamina.layers._windows import check_rank
from lamina.ops import Array

AXES = {"horizontal": (2,), "horizontal_and_vertical": (2, 1), "vertical": (1,)}


@register("layer")
class RandomFlip(Layer):
    """Mirror every other picture while training, by chance.

    Args:
        mode: "horizontal" for left and right, "vertical" for top and bottom, or "horizontal_and_vertical" for both,
            each by a chance of its own.
        seed: a number that gives the layer another stream of the model's random numbers.

    Shape:
        Output as input, ``(batch, height, width, channels)``; no weights.

    Raises:
        ArgumentError: for a mode that is not known.
        ShapeError: for an input that has no channels.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((1, 2, 1)), lm.layers.RandomFlip("horizontal")])
        >>> model.predict([[[[1], [2]]]]).ravel().tolist()
        [1.0, 2.0]
    """

    mode: str = "horizontal_and_vertical"
    seed: int | None = None

    def check(self) -> None:
        """Check the mode and the seed."""
        checks.choice(self.place("mode"), self.mode, AXES)
        check_seed(self, self.seed)

    def output_shape(self, input_shape: Shape) -> Shape:
        """Check that the input is pictures."""
        check_rank(self, input_shape, 2)
        return input_shape

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the pictures, some of them mirrored."""
        if not context.training:
            return x
        for axis in AXES[self.mode]:
            flipped = ops.random.bernoulli(context.key(self.seed), 0.5, (x.shape[0], 1, 1, 1))
            x = ops.where(flipped, ops.flip(x, axis), x)
        return x
