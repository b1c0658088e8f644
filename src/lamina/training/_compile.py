"""From what the user asks of a network to a plan, with everything checked that can be known without data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from lamina import activations, losses, optimizers
from lamina import metrics as metrics_
from lamina._core import checks
from lamina.errors import ArgumentError
from lamina.layers import Graph, Layer
from lamina.losses import Loss, LossLike
from lamina.metrics import Metric, MetricLike
from lamina.metrics import resolve as resolve_metric
from lamina.optimizers import OptimizerLike
from lamina.training._matching import check_known, matched
from lamina.training._plan import (
    Function,
    Output,
    Plan,
    is_only_output,
    last_activation,
    takes_logits,
    without_activation,
)
from lamina.training._precision import PRECISIONS

T = TypeVar("T")
PerOutput: TypeAlias = T | Sequence[T] | Mapping[str, T]

PROBABILITIES_FROM: dict[str, tuple[Function, ...]] = {
    "one_hot": (activations.softmax,),
    "classes": (activations.softmax,),
    "binary": (activations.sigmoid, activations.hard_sigmoid, activations.softmax),
}
NOT_PROBABILITIES = (
    activations.elu,
    activations.gelu,
    activations.leaky_relu,
    activations.linear,
    activations.log_softmax,
    activations.relu,
    activations.selu,
    activations.silu,
    activations.softplus,
    activations.tanh,
)


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
    options = {"precision": "float32", "debug": False, **(options or {})}
    checks.choice("compile(precision)", options["precision"], PRECISIONS)
    checks.boolean("compile(debug)", options["debug"])
    _check_order(optimizer, loss)
    chosen = _for_each_output(graph, loss, "compile(loss)")
    weights = _for_each_output(graph, 1.0 if loss_weights is None else loss_weights, "compile(loss_weights)")
    asked = _metrics_for_each_output(graph, metrics)
    layers: dict[str, Layer] = dict(graph.layers())
    outputs = []
    for index, name in enumerate(graph.output_names):
        found = losses.get(chosen[index], where="compile(loss)")
        checks.number("compile(loss_weights)", weights[index], low=0)
        found, activation = _fitted(graph, index, found, layers)
        scores = _keyed(asked[index], found, graph.outputs[index].shape[-1] or 1)
        outputs.append(Output(name, found, float(weights[index]), scores, activation))
    chain = optimizers.get(optimizer, where="compile(optimizer)")
    return Plan(graph, tuple(outputs), chain, layers, frozen, options["precision"], options["debug"])


def _fitted(graph: Graph, index: int, loss: Loss, layers: dict[str, Layer]) -> tuple[Loss, Function | None]:
    """Return the loss, and the activation it now does itself; the layer before it is changed in `layers`."""
    found = last_activation(graph, index)
    if found is None:
        return loss, None
    step, activation = found
    _check_fit(f"{step.path} ({type(step.layer).__name__})", loss, activation, graph.outputs[index].shape[-1])
    if not (takes_logits(loss, activation) and is_only_output(graph, index, step)):
        return loss, None
    layers[step.path] = without_activation(step.layer)
    return loss.replace(from_logits=True), activation


def _check_fit(where: str, loss: Loss, activation: Function, units: int | None) -> None:
    """Refuse a loss that the last layer cannot serve; only losses that can take logits say what they need."""
    if activation is activations.softmax and units == 1:
        raise checks.problem(
            ArgumentError,
            where,
            expected="more than one unit under a softmax, which over one unit is always 1",
            got="1 unit",
            fix='write Dense(1, activation="sigmoid") with binary_crossentropy, or one unit for each class.',
        )
    from_logits = getattr(loss, "from_logits", None)
    wanted = PROBABILITIES_FROM.get(loss.targets)
    if from_logits is None or wanted is None:
        return
    name = type(loss).__name__
    if loss.targets != "binary" and units == 1:
        raise checks.problem(
            ArgumentError,
            f"compile(loss={name})",
            expected="one unit for each class in the last layer",
            got=f"1 unit in {where}",
            fix='use "binary_crossentropy" with a sigmoid for two classes, or more units.',
        )
    if from_logits and activation in wanted:
        raise checks.problem(
            ArgumentError,
            f"compile(loss={name})",
            expected="logits, as from_logits=True says",
            got=f"probabilities from the {activation.__name__} of {where}",
            fix="remove from_logits=True; Lamina computes the loss from logits by itself.",
        )
    if not from_logits and (activation in NOT_PROBABILITIES or (_is_sigmoid(activation) and activation not in wanted)):
        best = wanted[0].__name__
        raise checks.problem(
            ArgumentError,
            f"compile(loss={name})",
            expected=f"probabilities from a {best} in the last layer",
            got=f"{activation.__name__} in {where}",
            fix=f'write activation="{best}" there, or {name}(from_logits=True).',
        )


def _is_sigmoid(activation: Function) -> bool:
    return activation in (activations.sigmoid, activations.hard_sigmoid)


def _keyed(asked: Sequence[MetricLike], loss: Loss, width: int) -> dict[str, Metric]:
    result: dict[str, Metric] = {}
    for item in asked:
        if isinstance(item, Loss):
            raise _no_metric(item)
        metric = resolve_metric(item, loss.targets, width, where="compile(metrics)")
        if metric.key in ("loss", *result):
            raise checks.problem(
                ArgumentError,
                "compile(metrics)",
                expected="a different name for each metric",
                got=f"{metric.key!r} twice",
                fix='remove one, or name it: Precision(name="strict_precision").',
            )
        result[metric.key] = metric
    return result


def _no_metric(loss: Loss) -> ArgumentError:
    name = type(loss).__name__
    twin = f"lamina.metrics.{name}()" if hasattr(metrics_, name) else 'a metric such as "mae"'
    return checks.problem(
        ArgumentError, "compile(metrics)", expected="metrics", got=f"the loss {loss!r}", fix=f"write {twin}."
    )


def _check_order(optimizer: Any, loss: Any) -> None:
    """Refuse an optimizer and a loss in each other's place."""
    if _stands_for(losses.get, optimizer) and _stands_for(optimizers.get, loss):
        expected, got = "the optimizer first and the loss second", "a loss and then an optimizer"
        fix = f"did you mean compile({loss!r}, {optimizer!r})?"
        raise checks.problem(ArgumentError, "compile", expected=expected, got=got, fix=fix)


def _stands_for(get: Callable[[Any], object], value: Any) -> bool:
    try:
        get(value)
    except ArgumentError:
        return False
    return True


def _for_each_output(graph: Graph, given: Any, where: str) -> list[Any]:
    names = graph.output_names
    if not isinstance(given, (Mapping, list, tuple)):
        return [given] * len(names)
    return matched(given, names, where=where, noun="output", error=ArgumentError)


def _metrics_for_each_output(graph: Graph, given: Any) -> list[list[Any]]:
    names, where = graph.output_names, "compile(metrics)"
    if isinstance(given, Mapping):  # an output without metrics may be left out
        check_known(given, names, where=where, noun="output", error=ArgumentError)
        return [_as_list(given.get(name)) for name in names]
    items = _as_list(given)
    if len(names) == 1 and not (len(items) == 1 and isinstance(items[0], (list, tuple))):
        return [items]
    each = items or [None] * len(names)
    return [_as_list(item) for item in matched(each, names, where=where, noun="output", error=ArgumentError)]


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]
