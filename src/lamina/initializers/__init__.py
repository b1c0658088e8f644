"""Initializers: the first values of weights.

An initializer of one's own is a subclass of `Initializer` with a method ``values``.
"""

from lamina._core.missing import missing
from lamina.initializers._constants import Constant, Identity, Ones, Zeros
from lamina.initializers._initializer import Initializer, InitializerLike, get
from lamina.initializers._orthogonal import Orthogonal
from lamina.initializers._random import RandomNormal, RandomUniform, TruncatedNormal
from lamina.initializers._variance_scaling import (
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    LecunNormal,
    LecunUniform,
    VarianceScaling,
)

__all__ = [
    "Constant",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "Identity",
    "Initializer",
    "InitializerLike",
    "LecunNormal",
    "LecunUniform",
    "Ones",
    "Orthogonal",
    "RandomNormal",
    "RandomUniform",
    "TruncatedNormal",
    "VarianceScaling",
    "Zeros",
    "get",
]

__getattr__ = missing(__name__, __all__)
