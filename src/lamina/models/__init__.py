"""Models: what users hold."""

from lamina.models._load import load
from lamina.models._model import Model
from lamina.models._sequential import Sequential

__all__ = ["Model", "Sequential", "load"]
