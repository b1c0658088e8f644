"""Match what is given with the inputs or outputs of a network: by name, or in their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lamina._core import checks
from lamina.errors import DataError, LaminaError


def matched(given: Any, names: Sequence[str], *, where: str, noun: str, error: type[LaminaError]) -> list[Any]:
    """Return what is given for each name, in the order of the names.

    Args:
        given: a dictionary by name, a list or tuple in order, or one thing where there is one name.
        names: the names of the inputs or outputs.
        where: the place to name in an error.
        noun: "input" or "output".
        error: what to raise.

    Raises:
        LaminaError: of the type `error`, for a name that does not exist or is missing, and another number of things.
    """
    if isinstance(given, Mapping):
        check_known(given, names, where=where, noun=noun, error=error)
        for name in names:
            if name not in given:
                got, fix = f"nothing for {name!r}", f"add {name!r} to the dictionary."
                raise checks.problem(error, where, expected=f"something for each {noun}", got=got, fix=fix)
        return [given[name] for name in names]
    items = list(given) if isinstance(given, (list, tuple)) else [given]
    if len(items) == len(names):
        return items
    raise checks.problem(
        error,
        where,
        expected=f"{len(names)}, one for each {noun} ({', '.join(names)})",
        got=str(len(items)),
        fix="give a list in this order, or a dictionary by name.",
    )


def check_known(
    given: Mapping[str, Any], names: Sequence[str], *, where: str, noun: str, error: type[LaminaError]
) -> None:
    """Refuse a dictionary with a name that no input or output has."""
    for name in given:
        if name not in names:
            near = checks.nearest(str(name), names)
            raise checks.problem(
                error,
                where,
                expected=f"the {noun}s {checks.listed(names, 'and')}" if len(names) > 1 else f"the {noun} {names[0]!r}",
                got=checks.plain(name),
                fix=f"did you mean {near!r}?" if near else "remove it from the dictionary.",
            )


def parts_of(given: Any, names: tuple[str, ...], *, where: str, noun: str) -> dict[str, Any]:
    """Return the data for each input or output, by how errors name it."""
    if len(names) > 1 or isinstance(given, Mapping):
        parts = matched(given, names, where=where, noun=noun, error=DataError)
        return {
            where if len(names) == 1 else f"{where}[{name!r}]": part for name, part in zip(names, parts, strict=True)
        }
    is_wrapped = isinstance(given, (list, tuple)) and len(given) == 1 and getattr(given[0], "ndim", 0) > 1
    return {where: given[0] if is_wrapped else given}


def check_lengths(arrays: Mapping[str, np.ndarray]) -> None:
    """Refuse arrays with different numbers of rows."""
    sizes = {name: len(array) for name, array in arrays.items()}
    first = next(iter(sizes))
    for name, size in sizes.items():
        if size != sizes[first]:
            raise checks.problem(
                DataError,
                name,
                expected=f"as many rows as {first} has ({sizes[first]:,})",
                got=f"{size:,}",
                fix="make sure that both come from the same rows, in the same order.",
            )
