"""Say in the user's words what cannot be done with an array while a program is compiled."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from jax.errors import ConcretizationTypeError, TracerArrayConversionError, TracerIntegerConversionError

from lamina._core import checks
from lamina.errors import ArgumentError

__all__ = ["explained"]


@contextlib.contextmanager
def explained(where: str) -> Iterator[None]:
    """Explain JAX's errors about values that are not known while a user's code is compiled.

    Args:
        where: the place to name in the error, such as "my_layer (MyLayer)".

    Raises:
        ArgumentError: where the code inside asks for the values of an array.
    """
    try:
        yield
    except (ConcretizationTypeError, TracerArrayConversionError, TracerIntegerConversionError) as error:
        raise checks.problem(
            ArgumentError,
            where,
            expected="array functions of lamina.ops",
            got="a NumPy function or a Python condition on an array, whose values are not known while it is compiled",
            fix="write lm.ops.tanh instead of np.tanh, and lm.ops.where(condition, a, b) instead of if.",
        ) from error
