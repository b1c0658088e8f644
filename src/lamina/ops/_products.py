"""Products of arrays, those of half precision added up in float32.

Factors of 16 bits are what processors multiply fastest, but thousands of products must not be added up in a type with
three digits: a sum of ones in bfloat16 ends at 256. So products of halves are summed in float32 and rounded once. The
same holds for their gradients, which JAX would take in mixed types, at the speed of float32 or below; the rule here
makes them products of halves too.

XLA has such products for matrices and stacks of them. What is no stack of matrices is brought into that form, or
multiplied in float32.
"""

from __future__ import annotations

import functools
import math
import string
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
from jax import Array

from lamina.ops._types import is_half

__all__ = ["einsum", "matmul", "tensordot"]

MATRICES = "ab,bc->ac"


def einsum(subscripts: str, *operands: Array, **options: Any) -> Array:
    """Return the sum of products that `subscripts` describes, as `numpy.einsum` does.

    Args:
        subscripts: such as ``"bi,io->bo"``.
        *operands: the factors; halves of one type are summed in float32.
        **options: those of `jax.numpy.einsum`.
    """
    if len(operands) == 2 and not options and _are_halves(*operands) and _is_stack(subscripts):
        return _summed(subscripts, *operands)
    return _rounded(functools.partial(jnp.einsum, subscripts, **options), operands)


def matmul(first: Array, second: Array) -> Array:
    """Return the product of matrices, or of stacks of them, as `numpy.matmul` does.

    Args:
        first: of shape (..., rows, inputs).
        second: of shape (..., inputs, outputs); halves of the type of `first` are summed in float32.
    """
    if not _are_halves(first, second) or min(first.ndim, second.ndim) < 2:
        return _rounded(jnp.matmul, (first, second))
    if second.ndim == 2:
        return tensordot(first, second, 1)
    if first.shape[:-2] != second.shape[:-2]:
        return _rounded(jnp.matmul, (first, second))
    stack = string.ascii_lowercase[3 : first.ndim + 1]
    return _summed(f"{stack}ab,{stack}bc->{stack}ac", first, second)


def tensordot(first: Array, second: Array, axes: Any = 2) -> Array:
    """Return the sum of products over some axes of both, as `numpy.tensordot` does.

    Args:
        first: an array.
        second: another; halves of the type of `first` are summed in float32.
        axes: how many of the last axes of `first` meet the first ones of `second`; or those of each, in two sequences.
    """
    if not _are_halves(first, second):
        return jnp.tensordot(first, second, axes)
    if isinstance(axes, int):
        axes = (range(first.ndim - axes, first.ndim), range(axes))
    left, right = ([side] if isinstance(side, int) else list(side) for side in axes)
    rows, columns = _others(first, left), _others(second, right)
    met = math.prod(first.shape[axis] for axis in left)
    product = _summed(
        MATRICES,
        jnp.transpose(first, (*rows, *left)).reshape(-1, met),
        jnp.transpose(second, (*right, *columns)).reshape(met, -1),
    )
    return product.reshape(*(first.shape[axis] for axis in rows), *(second.shape[axis] for axis in columns))


def _others(array: Array, axes: Sequence[int]) -> list[int]:
    taken = {axis % array.ndim for axis in axes}
    return [axis for axis in range(array.ndim) if axis not in taken]


def _are_halves(*arrays: Any) -> bool:
    are_half = all(hasattr(array, "dtype") and is_half(array) for array in arrays)
    return are_half and len({array.dtype for array in arrays}) == 1


def _rounded(product: Callable[..., Array], factors: tuple[Array, ...]) -> Array:
    """Return a product, that of halves computed in float32 and rounded."""
    if _are_halves(*factors):
        return product(*(factor.astype("float32") for factor in factors)).astype(factors[0].dtype)
    return product(*factors)


def _is_stack(subscripts: str) -> bool:
    """Tell whether subscripts describe products of matrices: each letter in two of the three parts, or in all of them.

    Then the gradients are such products too, with the parts exchanged.
    """
    factors, arrow, result = subscripts.replace(" ", "").partition("->")
    parts = [*factors.split(","), result]
    letters = set("".join(parts))
    once = all(len(set(part)) == len(part) for part in parts) and all(letter.isalpha() for letter in letters)
    places = [tuple(letter in part for part in parts) for letter in letters]
    alone = [place for place in places if sum(place) == 2]  # a row, a column, and what both have in common
    return bool(arrow) and once and min(map(sum, places)) > 1 and len(set(alone)) == len(alone)


@functools.partial(jax.custom_vjp, nondiff_argnums=(0,))
def _summed(subscripts: str, first: Array, second: Array) -> Array:
    return _product(subscripts)(first, second).astype(first.dtype)


def _summed_forward(subscripts: str, first: Array, second: Array) -> tuple[Array, tuple[Array, Array]]:
    return _summed(subscripts, first, second), (first, second)


def _summed_backward(subscripts: str, saved: tuple[Array, Array], slopes: Array) -> tuple[Array, Array]:
    factors, _, result = subscripts.replace(" ", "").partition("->")
    own, other = factors.split(",")
    first, second = saved
    return _summed(f"{result},{other}->{own}", slopes, second), _summed(f"{own},{result}->{other}", first, slopes)


_summed.defvjp(_summed_forward, _summed_backward)


@functools.cache
def _product(subscripts: str) -> Callable[[Array, Array], Array]:
    """Return the function that multiplies halves and gives float32."""

    @jax.custom_batching.custom_vmap
    def product(first: Array, second: Array) -> Array:
        return jnp.einsum(subscripts, first, second, preferred_element_type=jnp.float32)

    @product.def_vmap
    def mapped(size: int, are_mapped: list[bool], first: Array, second: Array) -> tuple[Array, bool]:
        # One factor alone in a stack is no stack of matrices, and XLA refuses some of what it would have to multiply.
        axes = [0 if is_mapped else None for is_mapped in are_mapped]
        exact = functools.partial(jnp.einsum, subscripts)
        return jax.vmap(exact, in_axes=axes)(first.astype("float32"), second.astype("float32")), True

    return product
