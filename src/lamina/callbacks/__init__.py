"""Callbacks: what watches training, and steers it."""

from lamina._core.missing import missing
from lamina.callbacks._progress import Progress, progress, report
from lamina.training import Callback, Session

__all__ = ["Callback", "Progress", "Session", "progress", "report"]

__getattr__ = missing(__name__, __all__)
