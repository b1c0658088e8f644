"""Weights as users give them, matched with those a network declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from lamina._core import checks
from lamina.errors import ArgumentError, ShapeError
from lamina.layers import Weight

Declared: TypeAlias = Mapping[str, Mapping[str, Weight]]
Place: TypeAlias = tuple[str, str]


def matched(declared: Declared, weights: Any, kept: str = "float32") -> dict[Place, np.ndarray]:
    """Return copies of arrays by the path of their layer and their name, everything checked.

    Args:
        declared: the weights there are, by path and name.
        weights: arrays in a dictionary by path and name, some or all; or in a list, all in order.
        kept: the type for floating numbers.

    Raises:
        ArgumentError: for a layer or weight that does not exist, or another number of arrays.
        ShapeError: for an array of another shape.
    """
    places = {(path, name): weight for path, own in declared.items() for name, weight in own.items()}
    given = _by_name(places, weights) if isinstance(weights, Mapping) else _in_order(list(places), weights)
    return {place: _copied("/".join(place), places[place], array, kept) for place, array in given.items()}


def _by_name(places: Mapping[Place, Weight], weights: Mapping[str, Any]) -> dict[Place, Any]:
    given = {}
    for path, own in weights.items():
        if not isinstance(own, Mapping):
            raise checks.problem(
                ArgumentError,
                f"set_weights({path!r})",
                expected="the weights of a layer by name",
                got=checks.plain(own),
                fix='write {"dense": {"kernel": array}}, or set_weights({"kernel": array}, layer="dense").',
            )
        for name, array in own.items():
            if (path, name) not in places:
                raise _unknown(f"{path}/{name}", ["/".join(place) for place in places])
            given[path, name] = array
    return given


def _in_order(places: Sequence[Place], weights: Any) -> dict[Place, Any]:
    arrays = list(weights) if isinstance(weights, Sequence) else weights
    if not isinstance(arrays, list) or len(arrays) != len(places):
        raise checks.problem(
            ArgumentError,
            "set_weights",
            expected=f"a dictionary as get_weights gives it, or a list of {len(places)} arrays in order",
            got=f"a list of {len(arrays)}" if isinstance(arrays, list) else checks.plain(weights),
            fix="pass what get_weights of a model built the same way returned.",
        )
    return dict(zip(places, arrays, strict=True))


def _unknown(given: str, known: list[str]) -> ArgumentError:
    near = checks.nearest(given, known)
    return checks.problem(
        ArgumentError,
        "set_weights",
        expected="weights that the model has",
        got=repr(given),
        fix=f"did you mean {near!r}?" if near else "look at the names in get_weights().",
    )


def _copied(where: str, weight: Weight, given: Any, kept: str) -> np.ndarray:
    """Return a copy, as the caller may go on changing an array that was passed."""
    try:
        array = np.array(given, kept)
    except (TypeError, ValueError) as error:
        raise checks.problem(
            ArgumentError, where, expected="an array of numbers", got=checks.plain(given), fix="pass numbers."
        ) from error
    if array.shape != weight.shape:
        raise checks.problem(
            ShapeError,
            where,
            expected=f"an array of shape {weight.shape}",
            got=str(array.shape),
            fix="give weights of a layer with the same sizes.",
        )
    with np.errstate(invalid="ignore"):  # what cannot be a whole number is refused below
        typed = array.astype(weight.typed(kept))
    if weight.dtype != "float32" and not np.array_equal(typed, array):
        raise checks.problem(
            ArgumentError,
            where,
            expected="whole numbers from -128 to 127, as the layer is quantised",
            got="others",
            fix="set the weights of the model that it was made from, and quantize that again.",
        )
    return typed
