"""Values that hold arrays, as JSON with the arrays beside it, and back."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from lamina._core import checks, portable
from lamina.errors import FormatError
from lamina.saving._strict_json import LONGEST_INTEGER

NOT_FINITE = ("nan", "inf", "-inf")
INTEGER = re.compile(r"-?[0-9]{1,100}")
"""Whole numbers of a length that strict JSON refuses, such as nanoseconds and the states of random numbers."""

DTYPES = (
    *("bool", "float16", "float32", "float64"),
    *("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
)
"""The types of arrays that can be read from a file, in this machine's order of bytes."""


def packed(value: Any, tensors: dict[str, Any], *, prefix: str, where: str) -> Any:
    """Return a value as plain JSON, each array in it replaced by the name under which it is put into `tensors`.

    Args:
        value: numbers, text, True, False, None, arrays, and lists, tuples and dictionaries of them.
        tensors: receives the arrays.
        prefix: what the names of arrays begin with, before a number.
        where: the place to name in an error.

    Raises:
        FormatError: for anything else, named by its place.
    """
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int) and abs(value) < 10**100:
        return value if len(str(value)) <= LONGEST_INTEGER else {"integer": str(value)}
    if isinstance(value, float):
        return value if math.isfinite(value) else {"number": str(value)}
    if isinstance(value, (list, tuple)):
        return [packed(item, tensors, prefix=prefix, where=f"{where}[{index}]") for index, item in enumerate(value)]
    if isinstance(value, Mapping) and all(isinstance(name, str) for name in value):
        items = value.items()  # pairs, as JSON is written here with the names of an object in alphabetical order
        return {
            "items": [[name, packed(item, tensors, prefix=prefix, where=f"{where}[{name!r}]")] for name, item in items]
        }
    if hasattr(value, "shape") and str(getattr(value, "dtype", None)) in DTYPES:
        name = f"{prefix}{len(tensors)}"
        tensors[name] = value
        return {"array": name}
    raise checks.problem(
        FormatError,
        where,
        expected="numbers, text, arrays, and lists and dictionaries of them",
        got=checks.plain(value),
        fix="return what can be written to a file, and make the rest of it again.",
    )


def unpacked(value: Any, tensors: Mapping[str, Any], *, where: str) -> Any:
    """Return the value that `packed` wrote; tuples have become lists, and arrays NumPy's.

    Raises:
        FormatError: for what `packed` does not write.
    """
    if isinstance(value, list):
        return [unpacked(item, tensors, where=where) for item in value]
    if not isinstance(value, dict):
        return value
    ((kind, content),) = value.items() if len(value) == 1 else [("", None)]
    if kind == "items" and isinstance(content, list):
        return {name: unpacked(item, tensors, where=where) for name, item in content}
    if kind == "number" and content in NOT_FINITE:
        return float(content)
    if kind == "integer" and isinstance(content, str) and INTEGER.fullmatch(content):
        return int(content)
    if kind == "array" and isinstance(content, str) and content in tensors:
        return tensors[content]
    raise portable.refusal(where, expected="items, a number or an array of the file", got=checks.plain(value))
