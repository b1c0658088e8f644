"""Values that hold arrays, as JSON with the arrays beside it, and back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from lamina._core import checks, portable
from lamina.errors import FormatError

NOT_FINITE = ("nan", "inf", "-inf")


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
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"number": str(value)}
    if isinstance(value, (list, tuple)):
        return [packed(item, tensors, prefix=prefix, where=f"{where}[{index}]") for index, item in enumerate(value)]
    if isinstance(value, Mapping) and all(isinstance(name, str) for name in value):
        items = value.items()  # pairs, as JSON is written here with the names of an object in alphabetical order
        return {
            "items": [[name, packed(item, tensors, prefix=prefix, where=f"{where}[{name!r}]")] for name, item in items]
        }
    if hasattr(value, "shape") and hasattr(value, "dtype"):
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
    if kind == "array" and isinstance(content, str) and content in tensors:
        return tensors[content]
    raise portable.refusal(where, expected="items, a number or an array of the file", got=checks.plain(value))
