"""The product of rows with a kernel, in the form that a CPU is good at where the kernel is narrow.

XLA computes the gradient of a kernel as a product in which both factors are read across their rows. With few outputs,
as in every last layer, its CPU code for that is slow: 230 µs for 128 rows of 512 inputs and 10 outputs, a tenth of a
step of training. Written as ``(kernelᵀ xᵀ)ᵀ``, with kernelᵀ really laid out in memory, the product takes as long as
before and its gradient 30 µs. The barriers keep XLA from turning one form back into the other.
"""

from __future__ import annotations

import jax
from jax import Array
from jax.lax import dot_general, optimization_barrier

from lamina.ops._products import matmul
from lamina.ops._types import is_half

__all__ = ["linear"]

NARROW = 32  # outputs; with more of them both forms take the same time


def linear(x: Array, kernel: Array) -> Array:
    """Return ``x @ kernel``, applied along the last axis of `x`.

    Args:
        x: of shape (..., inputs).
        kernel: of shape (inputs, outputs).

    Shape:
        (..., outputs).
    """
    is_narrow = 1 < kernel.shape[-1] <= NARROW and jax.default_backend() == "cpu" and not is_half(x)
    if not is_narrow or x.ndim < 2:
        return matmul(x, kernel)
    rows = x.reshape(-1, x.shape[-1])
    both_by_inputs = (((1,), (1,)), ((), ()))
    transposed: Array = optimization_barrier(dot_general(optimization_barrier(kernel.T), rows, both_by_inputs))
    return transposed.T.reshape(*x.shape[:-1], kernel.shape[-1])
