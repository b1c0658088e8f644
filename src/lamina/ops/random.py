"""Random arrays on the device, from keys that are derived and never reused.

A key is an array of two 32-bit words. `fold_in` derives a new one from a number, so a stream needs no hidden state.
"""

from __future__ import annotations

from jax import Array
from jax.random import bernoulli, fold_in, gumbel, normal, permutation, split, uniform, wrap_key_data

__all__ = ["bernoulli", "fold_in", "gumbel", "key", "normal", "permutation", "split", "uniform"]


def key(data: Array) -> Array:
    """Make a key from the two 32-bit words that a stream starts with.

    The generator is threefry, which gives the same numbers on every device.

    Args:
        data: unsigned integers of shape (2,).
    """
    made: Array = wrap_key_data(data, impl="threefry2x32")
    return made
