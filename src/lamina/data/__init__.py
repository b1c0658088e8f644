"""Data as people have it, turned into arrays and checked before the first step."""

from lamina.data._arrays import to_array, to_numbers
from lamina.data._targets import Targets, one_hot, to_targets

__all__ = ["Targets", "one_hot", "to_array", "to_numbers", "to_targets"]
