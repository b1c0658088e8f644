"""Layers that add normal noise while training, and do nothing afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lamina import ops
from lamina._core import checks
from lamina._core.config import Setting
from lamina._core.registry import register
from lamina.layers._context import Context
from lamina.layers._dropout import check_rate, check_seed
from lamina.layers._layer import Layer
from lamina.layers._masks import MaskRule
from lamina.ops import Array


@register("layer")
class GaussianNoise(Layer):
    """Add normal noise of a given standard deviation while training.

    Args:
        stddev: the standard deviation of the noise, at least 0.
        seed: a number that gives the layer another stream of the model's random numbers.

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

    masking: ClassVar[MaskRule] = "pass"

    stddev: Setting
    seed: int | None = None

    def check(self) -> None:
        """Check the standard deviation and the seed."""
        checks.number(self.place("stddev"), self.stddev, low=0)
        check_seed(self, self.seed)

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the input plus noise."""
        if not context.training:
            return x
        return x + self.stddev * ops.random.normal(context.key(self.seed), x.shape, x.dtype)


@register("layer")
class GaussianDropout(Layer):
    """Multiply by normal noise around 1 while training.

    Its standard deviation is √(rate / (1 - rate)), that of the factors of `Dropout`.

    Args:
        rate: the rate of the dropout it resembles, from 0 to below 1.
        seed: a number that gives the layer another stream of the model's random numbers.

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

    masking: ClassVar[MaskRule] = "pass"

    rate: Setting
    seed: int | None = None

    def check(self) -> None:
        """Check the rate and the seed."""
        check_rate(self, self.rate)
        check_seed(self, self.seed)

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return the input times noise."""
        if not context.training:
            return x
        stddev: Array | float = (self.rate / (1 - self.rate)) ** 0.5
        return x * (1 + stddev * ops.random.normal(context.key(self.seed), x.shape, x.dtype))
