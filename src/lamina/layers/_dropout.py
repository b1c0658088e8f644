"""Layers that add randomness while training, and do nothing afterwards."""

from __future__ import annotations

from collections.abc import Mapping

from lamina import ops
from lamina._core import checks
from lamina._core.config import Setting
from lamina._core.registry import register
from lamina.layers._context import Context
from lamina.layers._layer import Layer
from lamina.ops import Array

SELU_ALPHA = 1.6732632423543772
SELU_SCALE = 1.0507009873554805


@register("layer")
class Dropout(Layer):
    """Set a random part of the inputs to zero while training, and scale up the rest.

    Each number is kept with probability 1 - rate and divided by it, so that its expected value stays. Outside of
    training the input passes unchanged.

    Args:
        rate: the share that is dropped, from 0 to below 1.
        noise_shape: the shape of the random mask, 1 along axes that are dropped as a whole, None for the input's own size.
        seed: kept for Keras' sake: with one, the layer draws from a stream of its own.

    Shape:
        Output as input; no weights.

    Raises:
        ArgumentError: for a rate outside [0, 1).

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((4,)), lm.layers.Dropout(0.5)])
        >>> model.predict([[1, 2, 3, 4]]).tolist()
        [[1.0, 2.0, 3.0, 4.0]]

    Reference:
        Srivastava et al. (2014), Dropout: a simple way to prevent neural networks from overfitting,
        https://jmlr.org/papers/v15/srivastava14a.html
    """

    rate: Setting
    noise_shape: tuple[int | None, ...] | None = None
    seed: int | None = None

    def check(self) -> None:
        """Check the rate and the shape of the mask."""
        checks.number(self.place("rate"), self.rate, low=0, high=1, open_high=True)
        if self.noise_shape is not None:
            checks.shape(self.place("noise_shape"), self.noise_shape, allow_unknown=True)
        if self.seed is not None:
            checks.integer(self.place("seed"), self.seed, least=0)

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the input with a random part dropped."""
        if not context.training:
            return x
        shape = x.shape
        if self.noise_shape is not None:
            shape = tuple(size if wanted is None else wanted for size, wanted in zip(x.shape, self.noise_shape, strict=True))
        kept = ops.random.bernoulli(context.key(self.seed), 1 - self.rate, shape)
        return ops.where(kept, x / (1 - self.rate), 0)


@register("layer")
class AlphaDropout(Layer):
    """Drop inputs of a self-normalising network so that mean and variance stay: beside ``selu`` activations.

    Dropped numbers take selu's lower limit α' = -scale · alpha; then a · x + b restores mean 0 and variance 1, with
    a = ((1 - rate)(1 + rate · α'²))^(-1/2) and b = -a · α' · rate.

    Args:
        rate: the share that is dropped, from 0 to below 1.
        seed: kept for Keras' sake: with one, the layer draws from a stream of its own.

    Shape:
        Output as input; no weights.

    Raises:
        ArgumentError: for a rate outside [0, 1).

    Example:
        >>> import lamina as lm
        >>> lm.layers.AlphaDropout(0.1)
        AlphaDropout(0.1)

    Reference:
        Klambauer et al. (2017), Self-normalizing neural networks, https://arxiv.org/abs/1706.02515
    """

    rate: Setting
    seed: int | None = None

    def check(self) -> None:
        """Check the rate."""
        checks.number(self.place("rate"), self.rate, low=0, high=1, open_high=True)

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the input with a random part at selu's lower limit, mean and variance restored."""
        if not context.training:
            return x
        limit = -SELU_ALPHA * SELU_SCALE
        kept = ops.random.bernoulli(context.key(self.seed), 1 - self.rate, x.shape)
        scale = ops.rsqrt((1 - self.rate) * (1 + self.rate * ops.asarray(limit**2, x.dtype)))
        return scale * ops.where(kept, x, limit) - scale * limit * self.rate


@register("layer")
class GaussianNoise(Layer):
    """Add normal noise of a given standard deviation while training.

    Args:
        stddev: the standard deviation of the noise, at least 0.
        seed: kept for Keras' sake: with one, the layer draws from a stream of its own.

    Shape:
        Output as input; no weights.

    Raises:
        ArgumentError: for a negative standard deviation.

    Example:
        >>> import lamina as lm
        >>> lm.Sequential([lm.Input((2,)), lm.layers.GaussianNoise(0.1)]).predict([[1, 2]]).tolist()
        [[1.0, 2.0]]

    Reference:
        Bishop (1995), Training with noise is equivalent to Tikhonov regularization,
        https://doi.org/10.1162/neco.1995.7.1.108
    """

    stddev: Setting
    seed: int | None = None

    def check(self) -> None:
        """Check the standard deviation."""
        checks.number(self.place("stddev"), self.stddev, low=0)

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the input plus noise."""
        if not context.training:
            return x
        return x + self.stddev * ops.random.normal(context.key(self.seed), x.shape, x.dtype)


@register("layer")
class GaussianDropout(Layer):
    """Multiply by normal noise around 1 while training, of standard deviation sqrt(rate / (1 - rate)).

    Args:
        rate: the rate of the dropout it resembles, from 0 to below 1.
        seed: kept for Keras' sake: with one, the layer draws from a stream of its own.

    Shape:
        Output as input; no weights.

    Raises:
        ArgumentError: for a rate outside [0, 1).

    Example:
        >>> import lamina as lm
        >>> lm.Sequential([lm.Input((2,)), lm.layers.GaussianDropout(0.1)]).predict([[1, 2]]).tolist()
        [[1.0, 2.0]]

    Reference:
        Srivastava et al. (2014), section 10, https://jmlr.org/papers/v15/srivastava14a.html
    """

    rate: Setting
    seed: int | None = None

    def check(self) -> None:
        """Check the rate."""
        checks.number(self.place("rate"), self.rate, low=0, high=1, open_high=True)

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the input times noise."""
        if not context.training:
            return x
        stddev = ops.sqrt(ops.asarray(self.rate / (1 - self.rate), x.dtype))
        return x * (1 + stddev * ops.random.normal(context.key(self.seed), x.shape, x.dtype))
