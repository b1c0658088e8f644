"""The closed table of names that strings and files may use.

A class or function is entered under a family ("layer", "loss", "activation", ...) and a name. Nothing is ever imported
by name: what is not in the table does not exist for `resolve`, nor for a model file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from lamina._core import checks
from lamina.errors import ArgumentError

T = TypeVar("T")

_TABLE: dict[str, dict[str, Any]] = {}
_ALIASES: dict[str, dict[str, str]] = {}
_NAMES: dict[int, tuple[str, str]] = {}


def snake_case(name: str) -> str:
    """Turn a class name into the word users write: ``GlorotUniform`` becomes ``glorot_uniform``, Conv2D conv2d."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z0-9])(?=[A-Z][a-z0-9])", "_", name).lower()


def register(family: str, *, aliases: Iterable[str] = ()) -> Callable[[T], T]:
    """Enter the decorated class or function under its own name, its snake_case form and `aliases`."""

    def enter(item: T) -> T:
        name = item.__name__  # type: ignore[attr-defined]
        _TABLE.setdefault(family, {})[name] = item
        _NAMES[id(item)] = (family, name)
        for alias in {snake_case(name), *aliases} - {name}:
            _ALIASES.setdefault(family, {})[alias] = name
        return item

    return enter


def resolve(family: str, name: str, *, where: str) -> Any:
    """Return the entry called `name`, or raise `ArgumentError` with the nearest name there is.

    Args:
        family: which part of the table, such as "loss".
        name: the class name, its snake_case form, or an alias.
        where: the place to name in the error.
    """
    entries = _TABLE.get(family, {})
    aliases = _ALIASES.get(family, {})
    key = aliases.get(name, name)
    if key in entries:
        return entries[key]
    near = checks.nearest(name, [*(snake_case(entry) for entry in entries), *aliases])
    known = ", ".join(sorted({snake_case(entry) for entry in entries}))
    fix = f"did you mean {near!r}?" if near else f"choose one of: {known}."
    raise checks.problem(ArgumentError, where, expected=f"the name of a known {family}", got=repr(name), fix=fix)


def name_of(item: object) -> tuple[str, str] | None:
    """Return the family and name an entry was registered under, or None for a stranger."""
    found = _NAMES.get(id(item))
    return found if found and _TABLE[found[0]][found[1]] is item else None


def names(family: str) -> list[str]:
    """List the registered names of a family in alphabetical order."""
    return sorted(_TABLE.get(family, {}))
