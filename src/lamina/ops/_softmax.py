"""The softmax and its logarithms, which are computed in float32 where the scores are halves.

Sums of exponentials need both the range and the digits of float32; the result is rounded to the type of the scores.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax import Array

from lamina.ops._types import is_half

__all__ = ["log_softmax", "logsumexp", "softmax"]


def _in_float32(function: Callable[..., Array]) -> Callable[..., Array]:
    """Return a function that widens halves on the way in, and narrows its result on the way out."""

    @functools.wraps(function)
    def computed(x: Any, *more: Any, **options: Any) -> Array:
        x = jnp.asarray(x)
        if is_half(x):
            return function(x.astype("float32"), *more, **options).astype(x.dtype)
        return function(x, *more, **options)

    return computed


log_softmax = _in_float32(jax.nn.log_softmax)
logsumexp = _in_float32(jax.nn.logsumexp)
softmax = _in_float32(jax.nn.softmax)
