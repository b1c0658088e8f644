"""The activations that a kernel applies itself, in the pass in which it writes its sums."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import jax.numpy as jnp
from jax import Array
from jax.nn import sigmoid

FUSED: Mapping[str, Callable[[Array], Array]] = {
    "linear": lambda x: x,
    "relu": lambda x: jnp.maximum(x, 0),
    "sigmoid": sigmoid,
    "tanh": jnp.tanh,
}

SLOPES: Mapping[str, Callable[[Array], Array | float]] = {
    "linear": lambda y: 1.0,
    "relu": lambda y: jnp.where(y > 0, 1.0, 0.0).astype(y.dtype),
    "sigmoid": lambda y: y * (1 - y),
    "tanh": lambda y: 1 - y * y,
}


def activate(name: str, x: Array) -> Array:
    """Return an activation of the sums `x`."""
    return FUSED[name](x)


def slope(name: str, y: Array) -> Array | float:
    """Return the slope of an activation, told from its output alone, so that its input need not be kept."""
    return SLOPES[name](y)
