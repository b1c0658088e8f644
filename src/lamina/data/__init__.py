"""Data as people have it, turned into arrays and checked before the first step."""

from lamina.data._arrays import column_names, in_columns, to_array, to_numbers
from lamina.data._classes import class_numbers, one_hot
from lamina.data._targets import Targets, to_targets

__all__ = [
    "Targets",
    "class_numbers",
    "column_names",
    "in_columns",
    "one_hot",
    "to_array",
    "to_numbers",
    "to_targets",
]
