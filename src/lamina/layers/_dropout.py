"""Layers that drop a random part of their input while training, and do nothing afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lamina import ops
from lamina._core import checks
from lamina._core.config import Setting
from lamina._core.registry import register
from lamina.layers._context import Context
from lamina.layers._layer import Layer
from lamina.layers._masks import MaskRule
from lamina.layers._symbol import Shape, compatible
from lamina.layers._windows import AXES, check_rank
from lamina.ops import Array

SELU_LIMIT = -1.6732632423543772 * 1.0507009873554805
"""What selu approaches for very negative inputs: -alpha · scale."""


@register("layer")
class Dropout(Layer):
    """Set a random part of the inputs to zero while training, and scale up the rest.

    Each number is kept with probability 1 - rate and divided by it, so that its expected value stays. Outside of
    training the input passes unchanged.

    Args:
        rate: the share that is dropped, from 0 to below 1.
        noise_shape: the shape of the random mask, batch first: None for a size of the input, 1 along axes that are
            dropped as a whole.
        seed: a number that gives the layer another stream of the model's random numbers.

    Shape:
        Output as input; no weights.

    Raises:
        ArgumentError: for a rate outside [0, 1).
        ShapeError: for an input that the noise_shape does not fit.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((4,)), lm.layers.Dropout(0.5)])
        >>> model.predict([[1, 2, 3, 4]]).tolist()
        [[1.0, 2.0, 3.0, 4.0]]

    Reference:
        Srivastava et al. (2014), Dropout: a simple way to prevent neural networks from overfitting,
        https://jmlr.org/papers/v15/srivastava14a.html
    """

    masking: ClassVar[MaskRule] = "pass"

    rate: Setting
    noise_shape: tuple[int | None, ...] | None = None
    seed: int | None = None

    def check(self) -> None:
        """Check the rate, the shape of the mask and the seed."""
        check_rate(self, self.rate)
        check_seed(self, self.seed)
        check_noise_shape(self, self.noise_shape)

    def output_shape(self, input_shape: Shape) -> Shape:
        """Check that the mask covers the input."""
        return covered(self, self.noise_shape, input_shape)

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the input with a random part dropped."""
        if not context.training:
            return x
        kept = random_mask(x, 1.0 - self.rate, self.noise_shape, context.key(self.seed))
        return ops.where(kept, x / (1 - self.rate), 0)


class _SpatialDropout(Layer):
    """Dropout of whole features or channels; the layers below say along how many axes."""

    masking: ClassVar[MaskRule] = "pass"
    rank: ClassVar[int]

    rate: Setting
    seed: int | None = None

    def check(self) -> None:
        """Check the rate and the seed."""
        check_rate(self, self.rate)
        check_seed(self, self.seed)

    def output_shape(self, input_shape: Shape) -> Shape:
        """Check that the input has the axes along which it is dropped."""
        if len(input_shape) == 2:
            self.refuse_shape(f"an input of shape {AXES[self.rank]}", input_shape, "use Dropout here.")
        check_rank(self, input_shape, self.rank)
        return input_shape

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the input with random features or channels dropped."""
        if not context.training:
            return x
        kept = random_mask(x, 1.0 - self.rate, (None, *(1,) * self.rank, None), context.key(self.seed))
        return ops.where(kept, x / (1 - self.rate), 0)


@register("layer")
class SpatialDropout1D(_SpatialDropout):
    """Drop whole features of a sequence while training, at every time step alike.

    Neighbouring steps of a sequence resemble each other, so that dropping single numbers would leave most of what they
    say. Otherwise as `Dropout`.

    Args:
        rate: the share of features that is dropped, from 0 to below 1.
        seed: a number that gives the layer another stream of the model's random numbers.

    Shape:
        Input and output ``(batch, time, features)``; no weights.

    Raises:
        ArgumentError: for a rate outside [0, 1).
        ShapeError: for an input that is not ``(batch, time, features)``.

    Example:
        >>> import lamina as lm
        >>> lm.layers.SpatialDropout1D(0.2)(lm.Input((50, 16))).shape
        (None, 50, 16)

    Reference:
        Tompson et al. (2015), Efficient object localization using convolutional networks,
        https://arxiv.org/abs/1411.4280
    """

    rank: ClassVar[int] = 1


@register("layer")
class SpatialDropout2D(_SpatialDropout):
    """Drop whole channels of images while training, at every place alike.

    As `SpatialDropout1D`, for images.

    Args:
        rate: the share of channels that is dropped, from 0 to below 1.
        seed: a number that gives the layer another stream of the model's random numbers.

    Shape:
        Input and output ``(batch, height, width, channels)``; no weights.

    Raises:
        ArgumentError: for a rate outside [0, 1).
        ShapeError: for an input that is not ``(batch, height, width, channels)``.

    Example:
        >>> import lamina as lm
        >>> lm.layers.SpatialDropout2D(0.2)(lm.Input((28, 28, 16))).shape
        (None, 28, 28, 16)

    Reference:
        Tompson et al. (2015), Efficient object localization using convolutional networks,
        https://arxiv.org/abs/1411.4280
    """

    rank: ClassVar[int] = 2


@register("layer")
class SpatialDropout3D(_SpatialDropout):
    """Drop whole channels of volumes while training, at every place alike.

    As `SpatialDropout1D`, for volumes.

    Args:
        rate: the share of channels that is dropped, from 0 to below 1.
        seed: a number that gives the layer another stream of the model's random numbers.

    Shape:
        Input and output ``(batch, depth, height, width, channels)``; no weights.

    Raises:
        ArgumentError: for a rate outside [0, 1).
        ShapeError: for an input that is not ``(batch, depth, height, width, channels)``.

    Example:
        >>> import lamina as lm
        >>> lm.layers.SpatialDropout3D(0.2)(lm.Input((8, 28, 28, 16))).shape
        (None, 8, 28, 28, 16)

    Reference:
        Tompson et al. (2015), Efficient object localization using convolutional networks,
        https://arxiv.org/abs/1411.4280
    """

    rank: ClassVar[int] = 3


@register("layer")
class AlphaDropout(Layer):
    """Drop inputs, beside ``selu`` activations, so that mean and variance stay.

    Dropped numbers take selu's lower limit α' = -scale · alpha; then a · x + b restores mean 0 and variance 1, with
    a = ((1 - rate)(1 + rate · α'²))^(-1/2) and b = -a · α' · rate.

    Args:
        rate: the share that is dropped, from 0 to below 1.
        noise_shape: the shape of the random mask, as for `Dropout`.
        seed: a number that gives the layer another stream of the model's random numbers.

    Shape:
        Output as input; no weights.

    Raises:
        ArgumentError: for a rate outside [0, 1).
        ShapeError: for an input that the noise_shape does not fit.

    Example:
        >>> import lamina as lm
        >>> lm.layers.AlphaDropout(0.1)
        AlphaDropout(0.1)

    Reference:
        Klambauer et al. (2017), Self-normalizing neural networks, https://arxiv.org/abs/1706.02515
    """

    masking: ClassVar[MaskRule] = "pass"

    rate: Setting
    noise_shape: tuple[int | None, ...] | None = None
    seed: int | None = None

    def check(self) -> None:
        """Check the rate, the shape of the mask and the seed."""
        check_rate(self, self.rate)
        check_seed(self, self.seed)
        check_noise_shape(self, self.noise_shape)

    def output_shape(self, input_shape: Shape) -> Shape:
        """Check that the mask covers the input."""
        return covered(self, self.noise_shape, input_shape)

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the input with a random part at selu's lower limit."""
        if not context.training:
            return x
        kept = random_mask(x, 1.0 - self.rate, self.noise_shape, context.key(self.seed))
        scale: Array | float = ((1 - self.rate) * (1 + self.rate * SELU_LIMIT**2)) ** -0.5
        return scale * (ops.where(kept, x, SELU_LIMIT) - SELU_LIMIT * self.rate)


def check_rate(layer: Layer, rate: Setting) -> None:
    """Check the share that is dropped."""
    checks.number(layer.place("rate"), rate, low=0, high=1, open_high=True)


def check_seed(layer: Layer, seed: int | None) -> None:
    """Check the seed of a layer."""
    if seed is not None:
        checks.integer(layer.place("seed"), seed, least=0)


def check_noise_shape(layer: Layer, noise_shape: Shape | None) -> None:
    """Check the shape of a mask."""
    if noise_shape is not None:
        checks.shape(layer.place("noise_shape"), noise_shape, allow_unknown=True)


def covered(layer: Layer, noise_shape: Shape | None, input_shape: Shape) -> Shape:
    """Return the input shape, which a mask of `noise_shape` must be able to cover."""
    if noise_shape is not None and not compatible(tuple(None if n == 1 else n for n in noise_shape), input_shape):
        layer.refuse_shape(
            f"an input that the noise_shape {noise_shape} fits",
            input_shape,
            "write None for a size of the input, and 1 along an axis that is dropped as a whole.",
        )
    return input_shape


def random_mask(x: Array, probability: Setting, noise_shape: Shape | None, key: Array) -> Array:
    """Return True with some probability for each number of `x`, or for each of the mask's shape."""
    wanted = noise_shape or (None,) * x.ndim
    sizes = tuple(size if want is None else want for want, size in zip(wanted, x.shape, strict=True))
    return ops.random.bernoulli(key, probability, sizes)
