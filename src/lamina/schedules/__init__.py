"""Schedules: learning rates that follow the steps of training.

A schedule of one's own is a subclass of `Schedule` with a ``__call__``.
"""

from lamina.schedules._constant import Constant, PiecewiseConstantDecay
from lamina.schedules._cosine_decay import CosineDecay, CosineDecayRestarts
from lamina.schedules._exponential_decay import ExponentialDecay, StepDecay
from lamina.schedules._inverse_time_decay import InverseTimeDecay
from lamina.schedules._one_cycle import OneCycle
from lamina.schedules._polynomial_decay import PolynomialDecay
from lamina.schedules._schedule import Schedule

__all__ = [
    "Constant",
    "CosineDecay",
    "CosineDecayRestarts",
    "ExponentialDecay",
    "InverseTimeDecay",
    "OneCycle",
    "PiecewiseConstantDecay",
    "PolynomialDecay",
    "Schedule",
    "StepDecay",
]
