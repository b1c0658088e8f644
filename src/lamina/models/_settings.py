"""The numbers of a model that can change without compiling again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lamina._core import checks
from lamina._core.config import Config, recheck
from lamina.errors import ArgumentError
from lamina.layers import Graph
from lamina.training import Plan, layer_settings, layers_with


def given(graph: Graph, plan: Plan | None) -> dict[str, np.floating[Any]]:
    """Return the settings as layers, losses and the optimizer were given them."""
    if plan is not None:
        return plan.settings()
    return {name: np.float32(value) for name, value in layer_settings(graph.layers()).items()}


def shown(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings as people wrote them: the shortest number that is the same in its type, such as 0.001."""
    return {name: float(str(typed(value, value))) for name, value in settings.items()}


def typed(number: Any, like: Any) -> np.floating[Any]:
    """Return a number in the type of another one."""
    made: np.floating[Any] = np.asarray(like).dtype.type(number)
    return made


def owners(graph: Graph, plan: Plan | None, settings: Mapping[str, Any]) -> Iterator[Config]:
    """Yield whatever has settings, with `settings` in place of its own."""
    yield from layers_with(plan.layers if plan else graph.layers(), settings).values()
    if plan is not None:
        yield plan.optimizer_with(settings)
        yield from (plan.loss_with(index, settings) for index in range(len(plan.outputs)))
        scale = plan.loss_scale_with(settings)
        yield from () if scale is None else (scale,)


def changed(current: Mapping[str, Any], new: Mapping[str, float], graph: Graph, plan: Plan | None) -> dict[str, Any]:
    """Return settings with some of them changed.

    Args:
        current: all settings by their full names.
        new: the changes; a name without its first parts will do where it is unambiguous.
        graph: the network they belong to.
        plan: what it was compiled to.

    Raises:
        ArgumentError: for a name that fits no setting or several, and a number out of its range.
    """
    changes = {}
    for name, value in new.items():
        matching = [full for full in current if full == name or full.endswith(f"/{name}")]
        if len(matching) != 1:
            raise _unknown(name, matching or list(current), several=bool(matching))
        checks.number(f"set({name})", value)
        changes[matching[0]] = value
    for owner in owners(graph, plan, changes):
        recheck(owner)
    return {**current, **{name: typed(value, current[name]) for name, value in changes.items()}}


def learning_rate(optimizer: Any, remembered: Any) -> float | None:
    """Return how far the next step goes; None where the optimizer does not tell.

    Args:
        optimizer: an optimizer, or a chain with one, its settings as they are now.
        remembered: the optimizer's part of the state; None before the first step.
    """
    rate = optimizer.learning_rate
    if not callable(rate):
        return None if rate is None else float(rate)
    link = getattr(optimizer, "optimizer", optimizer)
    if remembered is not None and link is not optimizer:
        remembered = remembered[optimizer.links.index(link)]
    return float(rate(np.int32(0) if remembered is None else remembered["step"]))


def _unknown(name: str, names: list[str], *, several: bool) -> ArgumentError:
    near = None if several else checks.nearest(name, [*names, *(full.rpartition("/")[2] for full in names)])
    choose = f"choose from {checks.listed(names)}." if names else "compile first."
    return checks.problem(
        ArgumentError,
        f"set({name})",
        expected="the name of one setting",
        got="a name that several have" if several else "a name that none has",
        fix=f"did you mean {near!r}?" if near else choose,
    )
