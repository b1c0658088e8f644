"""Callbacks: what watches training, and steers it."""

from lamina.callbacks._progress import Progress, progress, report
from lamina.training import Callback, Session

__all__ = ["Callback", "Progress", "Session", "progress", "report"]
