"""Models: what users hold."""

from lamina._core.missing import missing
from lamina.models._load import load
from lamina.models._model import Model
from lamina.models._sequential import Sequential

__all__ = ["Model", "Sequential", "load"]

__getattr__ = missing(__name__, __all__)
