"""Constraints: what weights must fulfil after each step of training.

A constraint of one's own is a subclass of `Constraint` with a ``__call__``.
"""

from lamina.constraints._constraint import Constraint, ConstraintLike, get
from lamina.constraints._non_neg import NonNeg
from lamina.constraints._norms import MaxNorm, MinMaxNorm, UnitNorm

__all__ = ["Constraint", "ConstraintLike", "MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm", "get"]
