"""Models: what users hold, and what makes another model of one."""

from lamina._core.missing import missing
from lamina.models._load import load
from lamina.models._low_rank import add_low_rank, merge_low_rank
from lamina.models._model import Model
from lamina.models._quantize import quantize
from lamina.models._sequential import Sequential

__all__ = ["Model", "Sequential", "add_low_rank", "load", "merge_low_rank", "quantize"]

__getattr__ = missing(__name__, __all__)
