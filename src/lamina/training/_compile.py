"""From what the user asks of a network to a plan, with everything checked that can be known without data."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from lamina import losses, metrics, optimizers
from lamina._core import checks
from lamina.errors import ArgumentError
from lamina.layers import Graph, Layer
from lamina.losses import Loss, LossLike
from lamina.metrics import Metric, MetricLike
from lamina.optimizers import OptimizerLike
from lamina.training._plan import Output, Plan, last_activation, takes_logits, without_activation

T = TypeVar("T")
PerOutput: TypeAlias = T | Sequence[T] | Mapping[str, T]

PRECISIONS = ("float32",)
PROBABILITIES_FROM = {"one_hot": ("softmax",), "classes": ("softmax",), "binary": ("sigmoid", "hard_sigmoid", "softmax")}
NOT_PROBABILITIES = ("linear", "relu", "tanh", "elu", "selu", "gelu", "silu", "softplus", "leaky_relu", "log_softmax")


def compile_plan(
    graph: Graph,
    optimizer: OptimizerLike,
    *,
    loss: PerOutput[LossLike],
    metrics: Any = None,
    loss_weights: PerOutput[float] | None = None,
    frozen: frozenset[str] = frozenset(),
    options: Mapping[str, Any] | None = None,
) -> Plan:
    """Return the plan for training a network.

    Args:
        graph: the network.
        optimizer: a name, an optimizer, or a list of links around one.
        loss: one for each output: alone, in order, or by the output's name.
        metrics: a list for one output; a list of lists in order, or lists by name, for several.
        loss_weights: the share of each output's loss in the sum, 1 each when not given.
        frozen: the paths of layers that are not trained.
        options: ``precision`` and ``debug``.

    Raises:
        ArgumentError: for names that are not known, and for a loss, last activation and metric that do not fit.
    """
    options = options or {}
    checks.choice("compile(precision)", options.get("precision", "float32"), PRECISIONS)
    checks.boolean("compile(debug)", options.get("debug", False))
    names = graph.output_names
    chosen = _for_each_output(loss, names, "compile(loss)")
    weights = [1.0] * len(names) if loss_weights is None else _for_each_output(loss_weights, names, "compile(loss_weights)")
    asked = _metrics_for_each_output(metrics, names)
    layers: dict[str, Layer] = dict(graph.layers())
    outputs = []
    for index, name in enumerate(names):
        found = losses.get(chosen[index], where="compile(loss)")
        checks.number("compile(loss_weights)", weights[index], low=0)
        found, activation = _fitted(graph, index, found, layers)
        width = graph.outputs[index].shape[-1] or 1
        scores = _keyed(asked[index], found, width)
        outputs.append(Output(name, found, float(weights[index]), scores, activation))
    return Plan(
        graph,
        tuple(outputs),
        optimizers.get(optimizer, where="compile(optimizer)"),
        layers,
        frozen,
        options.get("precision", "float32"),
        options.get("debug", False),
    )


def _fitted(graph: Graph, index: int, loss: Loss, layers: dict[str, Layer]) -> tuple[Loss, str | None]:
    """Return the loss, and the activation it now does itself; the layer before it is changed in `layers`."""
    found = last_activation(graph, index)
    if found is None:
        return loss, None
    step, activation = found
    units = graph.outputs[index].shape[-1]
    _check_fit(f"{step.path} ({type(step.layer).__name__})", loss, activation, units)
    if not takes_logits(loss, activation):
        return loss, None
    layers[step.path] = without_activation(step.layer)
    return dataclasses.replace(loss, from_logits=True), activation  # type: ignore[call-arg]


def _check_fit(where: str, loss: Loss, activation: str, units: int | None) -> None:
    name = type(loss).__name__
    if activation == "softmax" and units == 1:
        raise checks.problem(
            ArgumentError,
            where,
            expected="more than one unit under a softmax, which over one unit is always 1",
            got="1 unit",
            fix='write Dense(1, activation="sigmoid") with binary_crossentropy, or one unit for each class.',
        )
    from_logits = getattr(loss, "from_logits", None)
    if from_logits is None:
        return
    if loss.targets in ("one_hot", "classes") and units == 1:
        raise checks.problem(
            ArgumentError,
            f"compile(loss={name})",
            expected="one unit for each class in the last layer",
            got=f"1 unit in {where}",
            fix='use "binary_crossentropy" with a sigmoid for two classes, or more units.',
        )
    wanted = PROBABILITIES_FROM.get(loss.targets, ())
    if from_logits and activation in wanted:
        raise checks.problem(
            ArgumentError,
            f"compile(loss={name})",
            expected="logits, as from_logits=True says",
            got=f"probabilities from the {activation} of {where}",
            fix="remove from_logits=True; Lamina computes the loss from logits by itself.",
        )
    misfit = activation in NOT_PROBABILITIES or (activation == "sigmoid" and "sigmoid" not in wanted)
    if not from_logits and wanted and misfit:
        raise checks.problem(
            ArgumentError,
            f"compile(loss={name})",
            expected=f"probabilities from a {wanted[0]} in the last layer",
            got=f"{activation} in {where}",
            fix=f'write activation="{wanted[0]}" there, or {name}(from_logits=True).',
        )


def _keyed(asked: Sequence[MetricLike], loss: Loss, width: int) -> dict[str, Metric]:
    result: dict[str, Metric] = {}
    for item in asked:
        metric = metrics.resolve(item, loss.targets, width, where="compile(metrics)")
        if metric.key in result or metric.key == "loss":
            raise checks.problem(
                ArgumentError,
                "compile(metrics)",
                expected="a different name for each metric",
                got=f"{metric.key!r} twice",
                fix='remove one, or name it: Precision(name="strict_precision").',
            )
        result[metric.key] = metric
    return result


def _for_each_output(given: Any, names: tuple[str, ...], where: str) -> list[Any]:
    if isinstance(given, Mapping):
        _check_names(given, names, where)
        missing = [name for name in names if name not in given]
        if missing:
            raise checks.problem(
                ArgumentError,
                where,
                expected="an entry for each output",
                got=f"none for {missing[0]!r}",
                fix=f"add {missing[0]!r} to the dictionary.",
            )
        return [given[name] for name in names]
    items = list(given) if isinstance(given, (list, tuple)) else [given]
    if len(items) == 1 and len(names) > 1 and not isinstance(given, (list, tuple)):
        return items * len(names)
    if len(items) != len(names):
        raise checks.problem(
            ArgumentError,
            where,
            expected=f"{len(names)}, one for each output ({', '.join(names)})",
            got=str(len(items)),
            fix="give a list in the order of the outputs, or a dictionary by their names.",
        )
    return items


def _metrics_for_each_output(given: Any, names: tuple[str, ...]) -> list[list[Any]]:
    if given is None:
        return [[] for _ in names]
    if isinstance(given, Mapping):
        _check_names(given, names, "compile(metrics)")
        return [_as_list(given.get(name, [])) for name in names]
    items = _as_list(given)
    if len(names) == 1:
        nested = len(items) == 1 and isinstance(items[0], (list, tuple))
        return [list(items[0]) if nested else items]
    if len(items) != len(names):
        raise checks.problem(
            ArgumentError,
            "compile(metrics)",
            expected=f"metrics for each of the {len(names)} outputs ({', '.join(names)})",
            got=f"a list of {len(items)}",
            fix=f'write metrics={{"{names[0]}": [...]}}, or a list of lists in order.',
        )
    return [_as_list(item) for item in items]


def _check_names(given: Mapping[str, Any], names: tuple[str, ...], where: str) -> None:
    for name in given:
        if name not in names:
            near = checks.nearest(str(name), names)
            fix = f"did you mean {near!r}?" if near else f"use {checks.listed(names)}."
            raise checks.problem(ArgumentError, where, expected="names of outputs", got=repr(name), fix=fix)


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]
