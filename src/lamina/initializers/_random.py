"""Initializers that draw from one distribution, whatever the shape."""

from __future__ import annotations

import numpy as np

from lamina._core import checks
from lamina._core.registry import register
from lamina.errors import ArgumentError
from lamina.initializers._initializer import Initializer


def uniform(shape: tuple[int, ...], generator: np.random.Generator, *, low: float, high: float) -> np.ndarray:
    """Draw float32 values between `low` and `high`."""
    values = generator.random(shape, dtype=np.float32)
    values *= high - low
    values += low
    return values


def normal(
    shape: tuple[int, ...], generator: np.random.Generator, *, mean: float = 0.0, deviation: float = 1.0
) -> np.ndarray:
    """Draw float32 values from a normal distribution."""
    values = generator.standard_normal(shape, dtype=np.float32)
    values *= deviation
    values += mean
    return values


def truncated_normal(
    shape: tuple[int, ...], generator: np.random.Generator, *, mean: float = 0.0, deviation: float = 1.0
) -> np.ndarray:
    """Draw float32 normal values, none further than 2 deviations from the mean."""
    values = generator.standard_normal(shape, dtype=np.float32)
    flat = values.reshape(-1)
    far = np.flatnonzero(np.abs(flat) > 2.0)
    while far.size:
        flat[far] = generator.standard_normal(far.size, dtype=np.float32)
        far = far[np.abs(flat[far]) > 2.0]
    values *= deviation
    values += mean
    return values


@register("initializer", aliases=("uniform",))
class RandomUniform(Initializer):
    """Draw uniformly between two bounds.

    Args:
        minval: lower bound.
        maxval: upper bound, above the lower one.
        seed: when given, every call returns the same values.

    Shape:
        Any.

    Raises:
        ArgumentError: for bounds that are not finite or in the wrong order, or a negative seed.

    Example:
        >>> from lamina import initializers
        >>> values = initializers.RandomUniform(0.0, 1.0, seed=1)((100, 100))
        >>> bool(values.min() >= 0.0 and values.max() <= 1.0)
        True
    """

    minval: float = -0.05
    maxval: float = 0.05
    seed: int | None = None

    def check(self) -> None:
        """Check each argument."""
        super().check()
        checks.number(self.place("minval"), self.minval)
        checks.number(self.place("maxval"), self.maxval)
        if self.maxval <= self.minval:
            raise checks.problem(
                ArgumentError,
                self.place("maxval"),
                expected=f"a number above minval ({self.minval:g})",
                got=checks.plain(self.maxval),
                fix="give the smaller number first.",
            )

    def values(self, shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray:
        """Draw the values."""
        return uniform(shape, generator, low=self.minval, high=self.maxval)


@register("initializer", aliases=("normal",))
class RandomNormal(Initializer):
    """Draw from a normal distribution.

    Args:
        mean: centre of the distribution.
        stddev: standard deviation, at least 0.
        seed: when given, every call returns the same values.

    Shape:
        Any.

    Raises:
        ArgumentError: for a number that is not finite, a negative deviation or a negative seed.

    Example:
        >>> from lamina import initializers
        >>> values = initializers.RandomNormal(stddev=0.1, seed=1)((100, 100))
        >>> bool(abs(values.std() - 0.1) < 0.002)
        True
    """

    mean: float = 0.0
    stddev: float = 0.05
    seed: int | None = None

    def check(self) -> None:
        """Check each argument."""
        super().check()
        checks.number(self.place("mean"), self.mean)
        checks.number(self.place("stddev"), self.stddev, low=0.0)

    def values(self, shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray:
        """Draw the values."""
        return normal(shape, generator, mean=self.mean, deviation=self.stddev)


@register("initializer")
class TruncatedNormal(Initializer):
    """Draw from a normal distribution cut off at two deviations.

    Values that are further from the mean are drawn again.

    Args:
        mean: centre of the distribution.
        stddev: standard deviation before values are drawn again, at least 0.
        seed: when given, every call returns the same values.

    Shape:
        Any.

    Raises:
        ArgumentError: for a number that is not finite, a negative deviation or a negative seed.

    Example:
        >>> from lamina import initializers
        >>> values = initializers.TruncatedNormal(stddev=0.1, seed=1)((100, 100))
        >>> bool(abs(values).max() <= 0.2)
        True
    """

    mean: float = 0.0
    stddev: float = 0.05
    seed: int | None = None

    def check(self) -> None:
        """Check each argument."""
        super().check()
        checks.number(self.place("mean"), self.mean)
        checks.number(self.place("stddev"), self.stddev, low=0.0)

    def values(self, shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray:
        """Draw the values."""
        return truncated_normal(shape, generator, mean=self.mean, deviation=self.stddev)
