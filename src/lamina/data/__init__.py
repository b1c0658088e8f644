"""Data as people have it, turned into arrays and checked before the first step."""

from lamina.data._ahead import ahead
from lamina.data._arrays import check_columns, column_names, in_columns, to_array, to_numbers
from lamina.data._classes import class_numbers, one_hot
from lamina.data._dataset import Dataset
from lamina.data._row_block import RowBlock, recut
from lamina.data._targets import Targets, to_targets

__all__ = [
    "Dataset",
    "RowBlock",
    "Targets",
    "ahead",
    "check_columns",
    "class_numbers",
    "column_names",
    "in_columns",
    "one_hot",
    "recut",
    "to_array",
    "to_numbers",
    "to_targets",
]
