"""Kernels: the computations that XLA is slow at on a CPU, each with a twin in pure JAX.

`lamina.ops` hands them on; nobody else calls them. On a GPU or TPU, XLA's own lowering is used.
"""

from lamina.kernels._convolution import convolve, convolve_transpose
from lamina.kernels._library import instruction_set, is_native
from lamina.kernels._pooling import average_pool, max_pool
from lamina.kernels._recurrent import gru, lstm, simple_rnn
from lamina.kernels._recurrent_twin import recur
from lamina.kernels._window import Window

__all__ = [
    "Window",
    "average_pool",
    "convolve",
    "convolve_transpose",
    "gru",
    "instruction_set",
    "is_native",
    "lstm",
    "max_pool",
    "recur",
    "simple_rnn",
]
