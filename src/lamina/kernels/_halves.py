"""Kernels for numbers of 16 bits, on a CPU: those for float32, between two conversions.

The conversions are a pass over memory each; a kernel that works in the cache costs more than that. Where the processor
multiplies halves faster, its matrix products do so without these kernels.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

import jax
import jax.numpy as jnp

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def in_float32(kernel: Kernel) -> Kernel:
    """Return a kernel that also takes halves on a CPU: widened on the way in, narrowed on the way out.

    Args:
        kernel: a function of arrays, whose results have the type of the first.
    """

    @functools.wraps(kernel)
    def widened(x: Any, *arrays: Any, **options: Any) -> Any:
        given = (x, *arrays, options)
        if jax.default_backend() != "cpu" or not any(map(_is_half, jax.tree.leaves(given))):
            return kernel(x, *arrays, **options)
        *wide, named = jax.tree.map(lambda leaf: leaf.astype("float32") if _is_half(leaf) else leaf, given)
        return jax.tree.map(lambda result: result.astype(x.dtype), kernel(*wide, **named))

    return cast(Kernel, widened)


def _is_half(leaf: Any) -> bool:
    dtype = getattr(leaf, "dtype", None)
    return dtype is not None and dtype.itemsize == 2 and bool(jnp.issubdtype(dtype, jnp.floating))
