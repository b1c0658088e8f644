"""Initializers that draw nothing: zeros, ones, a constant, the identity matrix."""

from __future__ import annotations

from typing import Any

import numpy as np

from lamina._core import checks
from lamina._core.registry import register
from lamina.errors import ArgumentError, ShapeError
from lamina.initializers._initializer import Initializer

LARGEST_SIZE = 10_000
"""How many values of a constant are still configuration; more are weights."""


@register("initializer", aliases=("zero",))
class Zeros(Initializer):
    """Start with 0 everywhere, as biases do.

    Shape:
        Any.

    Example:
        >>> from lamina import initializers
        >>> initializers.Zeros()((3,))
        array([0., 0., 0.], dtype=float32)
    """

    def values(self, shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray:
        """Return zeros."""
        return np.zeros(shape, np.float32)


@register("initializer", aliases=("one",))
class Ones(Initializer):
    """Start with 1 everywhere, as scales do.

    Shape:
        Any.

    Example:
        >>> from lamina import initializers
        >>> initializers.Ones()((3,))
        array([1., 1., 1.], dtype=float32)
    """

    def values(self, shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray:
        """Return ones."""
        return np.ones(shape, np.float32)


@register("initializer")
class Constant(Initializer):
    """Start with one value everywhere, or with given values.

    Args:
        value: a number; or an array (or nested list) of numbers that is repeated along the dimensions it lacks. Arrays
            are for a few values, such as one bias for each class; they are saved with the model's configuration.

    Shape:
        Any for a number; one that the array can be repeated to fill.

    Raises:
        ArgumentError: for values that are not finite numbers, or more than 10,000 of them.
        ShapeError: when called for a shape that the array does not fit.

    Example:
        >>> from lamina import initializers
        >>> initializers.Constant(0.5)((3,))
        array([0.5, 0.5, 0.5], dtype=float32)
        >>> initializers.Constant([0.0, -2.0])((3, 2))
        array([[ 0., -2.],
               [ 0., -2.],
               [ 0., -2.]], dtype=float32)
    """

    value: float | tuple[Any, ...] = 0.0

    def check(self) -> None:
        """Check that all values are finite, and keep arrays as plain numbers."""
        values = np.asarray(self.value, dtype=object)
        if values.size > LARGEST_SIZE:
            raise checks.problem(
                ArgumentError,
                self.place("value"),
                expected=f"at most {LARGEST_SIZE:,} values",
                got=f"{values.size:,}",
                fix="build the model first, then give these values to set_weights.",
            )
        for value in values.flat:
            checks.number(self.place("value"), value)
        object.__setattr__(self, "value", _as_tuple(values.tolist()))

    def values(self, shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray:
        """Return the value everywhere, or the array repeated."""
        values = np.asarray(self.value, np.float32)
        try:
            return np.broadcast_to(values, shape).copy()
        except ValueError:
            raise checks.problem(
                ShapeError,
                type(self).__name__,
                expected=f"a weight that values of shape {values.shape} can be repeated to fill",
                got=checks.plain(shape),
                fix="give one number, or an array of the shape of the weight.",
            ) from None


@register("initializer")
class Identity(Initializer):
    """Start with a multiple of the identity matrix, which passes inputs on.

    Args:
        gain: the value on the diagonal.

    Shape:
        Two dimensions; a matrix that is not square is 0 beyond the diagonal.

    Raises:
        ArgumentError: for a gain that is not a finite number.
        ShapeError: when called for a shape that is not that of a matrix.

    Example:
        >>> from lamina import initializers
        >>> initializers.Identity(gain=2.0)((2, 3))
        array([[2., 0., 0.],
               [0., 2., 0.]], dtype=float32)

    Reference:
        [Le, Jaitly and Hinton, 2015](https://arxiv.org/abs/1504.00941)
    """

    gain: float = 1.0

    def check(self) -> None:
        """Check that the gain is finite."""
        checks.number(self.place("gain"), self.gain)

    def values(self, shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray:
        """Return the matrix."""
        if len(shape) != 2:
            raise checks.problem(
                ShapeError,
                type(self).__name__,
                expected="the shape of a matrix, as in (64, 64)",
                got=checks.plain(shape),
                fix='choose another initializer for this weight, such as "glorot_uniform".',
            )
        return self.gain * np.eye(*shape, dtype=np.float32)


def _as_tuple(value: Any) -> Any:
    return tuple(_as_tuple(item) for item in value) if isinstance(value, list) else value
