"""The types of floating numbers: 16 bits for speed, 32 as a rule, 64 where somebody asks for them.

JAX knows 64 bits only where it is told to, and narrows them elsewhere. Lamina tells it so for its own calls alone: what
else runs in the process goes on as it was.
"""

from __future__ import annotations

import contextlib
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

__all__ = ["cast", "device_put", "double_precision", "is_floating", "is_half", "wide"]


def is_floating(array: Any) -> bool:
    """Tell whether an array holds floating numbers, of any size."""
    return bool(jnp.issubdtype(array.dtype, jnp.floating))


def is_half(array: Any) -> bool:
    """Tell whether an array holds floating numbers of 16 bits."""
    return is_floating(array) and array.dtype.itemsize == 2


def wide(dtype: Any) -> str:
    """Return the name of a type that has at least the range and the digits of float32."""
    return str(jnp.promote_types(dtype, "float32"))


def cast(tree: Any, dtype: Any) -> Any:
    """Return a tree of arrays with floating numbers in another type; whole numbers and booleans stay as they are."""
    return jax.tree.map(lambda array: _in_type(array, dtype), tree)


def _in_type(array: Any, dtype: Any) -> Any:
    return array.astype(dtype) if array.dtype != dtype and is_floating(array) else array


def double_precision() -> contextlib.AbstractContextManager[None]:
    """Let JAX compute with 64 bits in this thread, as long as the context lasts."""
    entered: contextlib.AbstractContextManager[None] = jax.enable_x64(True)
    return entered


def device_put(tree: Any) -> Any:
    """Return a tree of arrays on the device, in the types that they have; JAX itself would narrow 64 bits."""
    is_double = any(getattr(leaf, "dtype", None) == np.float64 for leaf in jax.tree.leaves(tree))
    with double_precision() if is_double else contextlib.nullcontext():
        return jax.device_put(tree)
