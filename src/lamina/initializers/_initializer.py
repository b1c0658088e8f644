"""What an initializer is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypeAlias

import numpy as np

from lamina._core import checks, registry, seeds
from lamina._core.config import Config
from lamina.errors import ArgumentError


class Initializer(Config):
    """Draw the first values of a weight.

    Values are drawn with NumPy on the host, so that they are the same on every device and cost no compilation.
    Subclasses write ``values``; those that draw at random have a field ``seed``, which, when given, makes each call
    return the same values instead of the next ones of the model's stream.
    """

    family: ClassVar[str] = "initializer"

    def __call__(self, shape: Sequence[int], generator: np.random.Generator | None = None) -> np.ndarray:
        """Return float32 values of `shape`.

        Args:
            shape: the sizes of the weight, channels last.
            generator: where random numbers come from; the initializer's own seed goes first, and with neither a new
                seed is drawn.
        """
        seed = getattr(self, "seed", None)
        if seed is not None or generator is None:
            generator = seeds.stream(seeds.chosen(seed, where=self.place("seed")), "initializer")
        return np.asarray(self.values(tuple(shape), generator), dtype=np.float32)

    def check(self) -> None:
        """Check the seed, where there is one; subclasses add their own checks."""
        seed = getattr(self, "seed", None)
        if seed is not None:
            checks.integer(self.place("seed"), seed, least=0)

    def values(self, shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray:
        """Return the values; any floating type will do."""
        raise NotImplementedError


InitializerLike: TypeAlias = str | Initializer


def get(identifier: InitializerLike, *, where: str = "initializer") -> Initializer:
    """Return the initializer an argument stands for.

    Args:
        identifier: a name such as "glorot_uniform", an `Initializer` or one of its classes.
        where: the place to name in an error.

    Raises:
        ArgumentError: for a name that is not known, with the nearest one, or for something else altogether.

    Example:
        >>> from lamina import initializers
        >>> initializers.get("he_normal")
        HeNormal()
    """
    if isinstance(identifier, str):
        identifier = registry.resolve("initializer", identifier, where=where)
    if isinstance(identifier, type) and issubclass(identifier, Initializer):
        identifier = identifier()
    if isinstance(identifier, Initializer):
        return identifier
    raise checks.problem(
        ArgumentError,
        where,
        expected="the name of an initializer or an Initializer",
        got=checks.plain(identifier),
        fix='write a name as in kernel_initializer="he_normal", or a subclass of Initializer.',
    )
