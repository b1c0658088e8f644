"""Initializers that fit their spread to the number of connections."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from lamina._core import checks
from lamina._core.registry import register
from lamina.initializers._initializer import Initializer
from lamina.initializers._random import normal, truncated_normal, uniform

Mode = Literal["fan_in", "fan_out", "fan_avg"]
Distribution = Literal["truncated_normal", "untruncated_normal", "uniform"]

TRUNCATED_DEVIATION = 0.87962566103423978
"""Standard deviation of a standard normal variable kept within 2 of its mean."""


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return how many inputs and outputs each unit of a weight is connected with.

    The kernel of a convolution, ``(..., channels in, channels out)``, connects channels at every place it covers.
    """
    if not shape:
        return 1, 1
    if len(shape) == 1:
        return shape[0], shape[0]
    places = math.prod(shape[:-2])
    return places * shape[-2], places * shape[-1]


def scaled(
    shape: tuple[int, ...], generator: np.random.Generator, *, scale: float, mode: Mode, distribution: Distribution
) -> np.ndarray:
    """Draw values of mean 0 and variance scale / n, n connections counted by `mode`."""
    fan_in, fan_out = fans(shape)
    connections = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[mode]
    deviation = math.sqrt(scale / max(1.0, connections))
    if distribution == "uniform":
        limit = math.sqrt(3.0) * deviation
        return uniform(shape, generator, low=-limit, high=limit)
    if distribution == "untruncated_normal":
        return normal(shape, generator, deviation=deviation)
    return truncated_normal(shape, generator, deviation=deviation / TRUNCATED_DEVIATION)


@register("initializer")
class VarianceScaling(Initializer):
    """Draw values of variance scale / n, where n counts the connections of a unit.

    Args:
        scale: factor of the variance, above 0.
        mode: what n counts: "fan_in" the inputs, "fan_out" the outputs, "fan_avg" the mean of both.
        distribution: "truncated_normal", "untruncated_normal" or "uniform"; all have the same variance.
        seed: when given, every call returns the same values.

    Shape:
        Any; the last two dimensions are inputs and outputs, those before them the places a kernel covers.

    Raises:
        ArgumentError: for a scale that is not above 0, an unknown word, or a negative seed.

    Example:
        >>> from lamina import initializers
        >>> values = initializers.VarianceScaling(2.0, "fan_in", seed=1)((400, 300))
        >>> bool(abs(values.var() - 2 / 400) < 1e-4)
        True

    Reference:
        [He et al., 2015](https://arxiv.org/abs/1502.01852)
    """

    scale: float = 1.0
    mode: Mode = "fan_in"
    distribution: Distribution = "truncated_normal"
    seed: int | None = None

    def check(self) -> None:
        """Check each argument."""
        super().check()
        checks.number(self.place("scale"), self.scale, low=0.0, open_low=True)
        checks.choice(self.place("mode"), self.mode, ["fan_in", "fan_out", "fan_avg"])
        checks.choice(
            self.place("distribution"), self.distribution, ["truncated_normal", "untruncated_normal", "uniform"]
        )

    def values(self, shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray:
        """Draw the values."""
        return scaled(shape, generator, scale=self.scale, mode=self.mode, distribution=self.distribution)


@register("initializer", aliases=("xavier_uniform",))
class GlorotUniform(Initializer):
    """Draw uniformly within ±√(6 / (inputs + outputs)), the usual default.

    Args:
        seed: when given, every call returns the same values.

    Shape:
        Any, counted as by `VarianceScaling`.

    Raises:
        ArgumentError: for a seed that is not an integer of at least 0.

    Example:
        >>> from lamina import initializers
        >>> values = initializers.GlorotUniform(seed=1)((400, 300))
        >>> bool(abs(values.var() - 1 / 350) < 1e-4)
        True

    Reference:
        [Glorot and Bengio, 2010](https://proceedings.mlr.press/v9/glorot10a.html)
    """

    seed: int | None = None

    def values(self, shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray:
        """Draw the values."""
        return scaled(shape, generator, scale=1.0, mode="fan_avg", distribution="uniform")


@register("initializer", aliases=("xavier_normal",))
class GlorotNormal(Initializer):
    """Draw from a truncated normal of variance 2 / (inputs + outputs).

    Args:
        seed: when given, every call returns the same values.

    Shape:
        Any, counted as by `VarianceScaling`.

    Raises:
        ArgumentError: for a seed that is not an integer of at least 0.

    Example:
        >>> from lamina import initializers
        >>> values = initializers.GlorotNormal(seed=1)((400, 300))
        >>> bool(abs(values.var() - 1 / 350) < 1e-4)
        True

    Reference:
        [Glorot and Bengio, 2010](https://proceedings.mlr.press/v9/glorot10a.html)
    """

    seed: int | None = None

    def values(self, shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray:
        """Draw the values."""
        return scaled(shape, generator, scale=1.0, mode="fan_avg", distribution="truncated_normal")


@register("initializer")
class HeUniform(Initializer):
    """Draw uniformly within ±√(6 / inputs), made for ReLU.

    Args:
        seed: when given, every call returns the same values.

    Shape:
        Any, counted as by `VarianceScaling`.

    Raises:
        ArgumentError: for a seed that is not an integer of at least 0.

    Example:
        >>> from lamina import initializers
        >>> values = initializers.HeUniform(seed=1)((400, 300))
        >>> bool(abs(values.var() - 2 / 400) < 1e-4)
        True

    Reference:
        [He et al., 2015](https://arxiv.org/abs/1502.01852)
    """

    seed: int | None = None

    def values(self, shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray:
        """Draw the values."""
        return scaled(shape, generator, scale=2.0, mode="fan_in", distribution="uniform")


@register("initializer")
class HeNormal(Initializer):
    """Draw from a truncated normal of variance 2 / inputs, made for ReLU.

    Args:
        seed: when given, every call returns the same values.

    Shape:
        Any, counted as by `VarianceScaling`.

    Raises:
        ArgumentError: for a seed that is not an integer of at least 0.

    Example:
        >>> from lamina import initializers
        >>> values = initializers.HeNormal(seed=1)((400, 300))
        >>> bool(abs(values.var() - 2 / 400) < 1e-4)
        True

    Reference:
        [He et al., 2015](https://arxiv.org/abs/1502.01852)
    """

    seed: int | None = None

    def values(self, shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray:
        """Draw the values."""
        return scaled(shape, generator, scale=2.0, mode="fan_in", distribution="truncated_normal")


@register("initializer")
class LecunUniform(Initializer):
    """Draw uniformly within ±√(3 / inputs).

    Args:
        seed: when given, every call returns the same values.

    Shape:
        Any, counted as by `VarianceScaling`.

    Raises:
        ArgumentError: for a seed that is not an integer of at least 0.

    Example:
        >>> from lamina import initializers
        >>> values = initializers.LecunUniform(seed=1)((400, 300))
        >>> bool(abs(values.var() - 1 / 400) < 1e-4)
        True

    Reference:
        [LeCun et al., 1998](https://doi.org/10.1007/3-540-49430-8_2)
    """

    seed: int | None = None

    def values(self, shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray:
        """Draw the values."""
        return scaled(shape, generator, scale=1.0, mode="fan_in", distribution="uniform")


@register("initializer")
class LecunNormal(Initializer):
    """Draw from a truncated normal of variance 1 / inputs, made for SELU.

    Args:
        seed: when given, every call returns the same values.

    Shape:
        Any, counted as by `VarianceScaling`.

    Raises:
        ArgumentError: for a seed that is not an integer of at least 0.

    Example:
        >>> from lamina import initializers
        >>> values = initializers.LecunNormal(seed=1)((400, 300))
        >>> bool(abs(values.var() - 1 / 400) < 1e-4)
        True

    Reference:
        [LeCun et al., 1998](https://doi.org/10.1007/3-540-49430-8_2)
    """

    seed: int | None = None

    def values(self, shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray:
        """Draw the values."""
        return scaled(shape, generator, scale=1.0, mode="fan_in", distribution="truncated_normal")
