"""Regularizers: penalties on weights or outputs, added to the loss.

A regularizer of one's own is a subclass of `Regularizer` with a ``__call__``.
"""

from lamina._core.missing import missing
from lamina.regularizers._l1_l2 import L1, L1L2, L2
from lamina.regularizers._orthogonal_regularizer import OrthogonalRegularizer
from lamina.regularizers._regularizer import Regularizer, RegularizerLike, get

__all__ = ["L1", "L1L2", "L2", "OrthogonalRegularizer", "Regularizer", "RegularizerLike", "get"]

__getattr__ = missing(__name__, __all__)
