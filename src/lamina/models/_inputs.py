"""Inputs and outputs as users give them: alone, in a list, or by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lamina._core import checks
from lamina._core.names import check_name
from lamina.errors import ArgumentError
from lamina.layers import Graph, Symbol


def structured(inputs: Any, outputs: Any, name: str) -> Graph:
    """Return the graph from inputs to outputs, each a symbol, a list of symbols, or a dictionary by name.

    Raises:
        ArgumentError: for anything else.
    """
    given = _symbols(inputs, "Model(inputs)", "Input((784,))")
    wanted = _symbols(outputs, "Model(outputs)", "Dense(10)(x)")
    if isinstance(inputs, Mapping):
        _give_names(inputs)
    for key in outputs if isinstance(outputs, Mapping) else ():
        check_name("Model(outputs)", key)
    return Graph(given, wanted, name=name, output_names=list(outputs) if isinstance(outputs, Mapping) else None)


def _give_names(inputs: Mapping[str, Symbol]) -> None:
    """Name inputs by the keys of their dictionary; the user's own symbols, which go on belonging to the model."""
    for key, symbol in inputs.items():
        check_name("Model(inputs)", key)
        if symbol.name not in (None, key):
            raise checks.problem(
                ArgumentError,
                "Model(inputs)",
                expected=f"one name for the input {key!r}",
                got=f"also the name {symbol.name!r}",
                fix="leave the name out of Input(...).",
            )
    for key, symbol in inputs.items():
        object.__setattr__(symbol, "name", key)


def _symbols(value: Any, where: str, example: str) -> list[Symbol]:
    items = list(value.values()) if isinstance(value, Mapping) else value
    items = list(items) if isinstance(items, (list, tuple)) else [items]
    for item in items:
        if not isinstance(item, Symbol):
            raise checks.problem(
                ArgumentError,
                where,
                expected="symbolic tensors, as Input and layers give",
                got=checks.plain(item),
                fix=f"pass what {example} returned.",
            )
    if not items:
        raise checks.problem(ArgumentError, where, expected="at least one symbol", got="none", fix=f"pass {example}.")
    return items
