"""Activations: functions of one array, given to layers by name or as they are.

`get` finds one by its name; a user's own is any function from array to array.
"""

from lamina.activations._gates import gelu, hard_silu, mish, silu
from lamina.activations._get import ActivationLike, get
from lamina.activations._linear import exponential, linear, step
from lamina.activations._rectifiers import celu, elu, leaky_relu, relu, relu6, selu
from lamina.activations._shrinks import hard_shrink, soft_shrink, tanh_shrink
from lamina.activations._sigmoids import hard_sigmoid, hard_tanh, log_sigmoid, sigmoid, softsign, sparse_sigmoid, tanh
from lamina.activations._softmax import log_softmax, softmax, sparsemax
from lamina.activations._softplus import softplus, sparse_plus, squareplus

__all__ = [
    "ActivationLike",
    "celu",
    "elu",
    "exponential",
    "gelu",
    "get",
    "hard_shrink",
    "hard_sigmoid",
    "hard_silu",
    "hard_tanh",
    "leaky_relu",
    "linear",
    "log_sigmoid",
    "log_softmax",
    "mish",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "silu",
    "soft_shrink",
    "softmax",
    "softplus",
    "softsign",
    "sparse_plus",
    "sparse_sigmoid",
    "sparsemax",
    "squareplus",
    "step",
    "tanh",
    "tanh_shrink",
]
