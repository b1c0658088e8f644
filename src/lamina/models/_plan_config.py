"""A plan and its settings in the form a file can carry, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lamina import ops, training
from lamina._core import checks, portable
from lamina._core.config import Config, recheck
from lamina.errors import FormatError
from lamina.layers import Graph
from lamina.models import _settings
from lamina.training import Plan

NAMES = ("optimizer", "loss", "metrics", "loss_weights", "precision", "debug")
MOST_NUMBERS = 2**26
"""How many numbers the sums of all metrics may hold; a file could otherwise ask for any amount of memory."""


def encode_plan(plan: Plan) -> dict[str, Any]:
    """Turn what compile was asked for into plain JSON values.

    Raises:
        FormatError: for a function or object that no file can carry, named by its place.
    """
    asked = asked_of(plan)
    return {
        "optimizer": portable.encode(asked["optimizer"], where="compile(optimizer)"),
        "loss": [portable.encode(loss, where="compile(loss)") for loss in asked["loss"]],
        "metrics": [[portable.encode(metric, where="compile(metrics)") for metric in own] for own in asked["metrics"]],
        "loss_weights": asked["loss_weights"],
        **asked["options"],
    }


def decode_plan(
    value: Any, graph: Graph, *, frozen: frozenset[str], where: str, custom: Mapping[str, type[Config]]
) -> Plan:
    """Compile a network as `encode_plan` says.

    Raises:
        ArgumentError: for what compile refuses.
        FormatError: for anything else that `encode_plan` does not write, and metrics that would fill the memory.
    """
    optimizer, loss, metrics, loss_weights, precision, debug = portable.entries(value, NAMES, where=where)

    def decoded(values: Any, family: str) -> list[Any]:
        items = portable.sequence(values, where=f"{where}.{family}")
        return [portable.decode(item, family, where=f"{where}.{family}", custom=custom) for item in items]

    plan = training.compile_plan(
        graph,
        portable.decode(optimizer, "optimizer", where=f"{where}.optimizer", custom=custom),
        loss=decoded(loss, "loss"),
        metrics=[decoded(own, "metric") for own in portable.sequence(metrics, where=f"{where}.metrics")],
        loss_weights=portable.sequence(loss_weights, where=f"{where}.loss_weights"),
        frozen=frozen,
        options={"precision": precision, "debug": debug},
    )
    sums = [
        ops.eval_shape(lambda metric=metric, symbol=symbol: metric.init(symbol.shape[-1] or 1))
        for output, symbol in zip(plan.outputs, graph.outputs, strict=True)
        for metric in output.metrics.values()
    ]
    if sum(leaf.size for leaf in ops.tree_leaves(sums)) > MOST_NUMBERS:
        expected = f"metrics that hold at most {MOST_NUMBERS:,} numbers"
        raise checks.problem(FormatError, where, expected=expected, got="more", fix="use coarser metrics.")
    return plan


def asked_of(plan: Plan) -> dict[str, Any]:
    """Return arguments for compile that lead to the same plan."""
    losses = [
        output.loss if output.activation is None else output.loss.replace(from_logits=False) for output in plan.outputs
    ]
    return {
        "optimizer": plan.optimizer,
        "loss": losses,
        "metrics": [list(output.metrics.values()) for output in plan.outputs],
        "loss_weights": [output.weight for output in plan.outputs],
        "options": {"precision": plan.precision, "debug": plan.debug},
    }


def encode_settings(settings: Mapping[str, Any], graph: Graph, plan: Plan | None) -> dict[str, float]:
    """Return the settings that are no longer as the layers, losses and optimizer were given them."""
    given = _settings.given(graph, plan)
    now = {name: float(settings[name]) for name in given if name in settings}
    return {name: value for name, value in now.items() if value != float(given[name])}


def decode_settings(value: Any, graph: Graph, plan: Plan | None, *, where: str) -> dict[str, Any]:
    """Return all settings, changed as `encode_settings` says, each in the range its owner allows.

    Raises:
        ArgumentError: for a setting that is out of its range.
        FormatError: for a setting that does not exist.
    """
    given = _settings.given(graph, plan)
    if not isinstance(value, dict) or not set(value) <= set(given):
        raise portable.refusal(where, expected="settings of the model", got=checks.plain(value))
    for name, number in value.items():
        checks.number(name, number)
    for owner in _settings.owners(graph, plan, value):
        recheck(owner)
    return given | {name: _settings.typed(number, given[name]) for name, number in value.items()}
