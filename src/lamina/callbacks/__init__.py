"""Callbacks: what watches training, and steers it."""

from lamina.callbacks._progress import Progress, progress
from lamina.training import Callback, Session

__all__ = ["Callback", "Progress", "Session", "progress"]
