"""Trees of arrays as tensors with names, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from lamina import ops
from lamina._core import checks
from lamina.errors import FormatError, ShapeError

MOST_NAMED = 5


def named(tree: Any, prefix: str = "") -> dict[str, Any]:
    """Return the arrays of a tree by the way to each: ``{"dense/kernel": array}``.

    Args:
        tree: dictionaries, tuples and other containers of arrays.
        prefix: what all names begin with, such as ``"optimizer/"``.
    """
    return {prefix + _name(path): leaf for path, leaf in ops.tree_leaves_with_path(tree)}


def filled(tree: Any, tensors: Mapping[str, Any], prefix: str = "") -> Any:
    """Return a tree with each array replaced by the tensor of its name."""
    return ops.tree_map_with_path(lambda path, _: ops.device_put(tensors[prefix + _name(path)]), tree)


def check_tensors(wanted: Mapping[str, Any], found: Mapping[str, np.ndarray], *, where: str) -> None:
    """Check that tensors are those that are wanted, in name, shape and type.

    Args:
        wanted: what has the shape and type of each tensor, by name.
        found: the tensors.
        where: the file to name in errors.

    Raises:
        FormatError: for tensors that are missing, of another type, or too many.
        ShapeError: for tensors of another shape.
    """
    _check_none(where, "every weight of the model", "no", set(wanted) - set(found))
    _check_none(where, "no tensors but those of the model", "also", set(found) - set(wanted))
    for name, tensor in found.items():
        place = f"{where}: {name}"
        fix = "build the model with the sizes it had when the file was written."
        if tensor.shape != tuple(wanted[name].shape):
            shape = tuple(wanted[name].shape)
            raise checks.problem(ShapeError, place, expected=f"shape {shape}", got=str(tensor.shape), fix=fix)
        if tensor.dtype != wanted[name].dtype:
            dtype = np.dtype(wanted[name].dtype)
            raise checks.problem(FormatError, place, expected=str(dtype), got=str(tensor.dtype), fix=fix)


def _name(path: Any) -> str:
    name: str = ops.keystr(path, simple=True, separator="/")
    return name


def _check_none(where: str, expected: str, word: str, names: Iterable[str]) -> None:
    listed = sorted(names)
    if listed:
        more = f" and {len(listed) - MOST_NAMED} more" if len(listed) > MOST_NAMED else ""
        raise checks.problem(
            FormatError,
            where,
            expected=expected,
            got=f"{word} {', '.join(map(checks.plain, listed[:MOST_NAMED]))}{more}",
            fix="use the file with the model it was written from; model.summary() shows this one.",
        )
