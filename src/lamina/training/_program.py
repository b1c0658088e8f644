"""The compiled programs of a plan: a whole stretch of training or evaluation in one call.

`train` runs any number of steps over a block of rows that lies on the device. One compilation serves every epoch and
every length, because the number of steps is an argument. Python is entered only between two calls.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeAlias

from lamina import constraints, ops, regularizers
from lamina.layers import Layer, Run, apply
from lamina.metrics import Sum
from lamina.ops import Array
from lamina.training._counting import check_leaves_steps_out, counted, weights_of
from lamina.training._plan import Output, Plan, layers_with
from lamina.training._precision import are_finite, selected, typed
from lamina.training._state import Arrays, State
from lamina.training._stateful import carried
from lamina.training._sums import Tally

Sums: TypeAlias = dict[str, Any]

STEP_STREAM = 0x1A417A


class Block(NamedTuple):
    """Rows on the device.

    Args:
        inputs: one array for each input, rows first.
        targets: one array for each output.
        weights: one array of row weights for each output; None for 1 each.
    """

    inputs: tuple[Array, ...]
    targets: tuple[Array, ...]
    weights: tuple[Array, ...] | None = None


class Stretch(NamedTuple):
    """What one call of a program goes through.

    Args:
        block: rows on the device.
        order: the numbers of its rows in the order they are taken in; None for the order they lie in.
        skipped: how many rows come before the first batch, as they belong to the block before.
        start: the first batch.
        stop: the batch after the last.
    """

    block: Block
    order: Array | None
    skipped: Array
    start: Array
    stop: Array


class Batches(NamedTuple):
    """How an epoch is divided; known when the program is compiled.

    Args:
        size: rows in a batch.
        ragged: whether the last batch of the epoch is shorter.
    """

    size: int
    ragged: bool


class Trained(NamedTuple):
    """What a stretch of training gives: where it stopped, the state there, the sums, and whether all is finite."""

    step: Array
    state: State
    sums: Sums
    values: dict[str, Array]
    finite: Array


class Program:
    """The functions of one plan, compiled when first called and kept as long as the plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.train = plan.types.compiled(functools.partial(_train, plan), static_argnames="batches")
        self.test = plan.types.compiled(functools.partial(_test, plan), static_argnames="batches")
        self.gradients = plan.types.compiled(functools.partial(_gradients, plan), static_argnames="training")
        with plan.types.context():
            self.empty = ops.device_put(_tally(plan).start())


def _train(plan: Plan, state: State, sums: Sums, stretch: Stretch, *, batches: Batches) -> Trained:
    """Make an update from each batch of a stretch; end early where a loss is not finite."""
    tally = _tally(plan)

    def body(carry: tuple[Array, State, Any, Array]) -> tuple[Array, State, Any, Array]:
        index, state, sums, _ = carry
        batch, rows = _batch(stretch, index, batches)
        state, found, loss = _update(plan, state, tally.before(sums), batch, rows)
        return index + 1, state, tally.after(sums, found), ops.isfinite(loss)

    def goes_on(carry: tuple[Array, State, Any, Array]) -> Array:
        return (carry[0] < stretch.stop) & carry[3]

    index, state, sums, finite = ops.while_loop(goes_on, body, (stretch.start, state, sums, ops.asarray(True)))
    finite = finite & are_finite((state.weights, state.moving))
    return Trained(index, state, sums, _values(plan, tally.tree(sums)), finite)


def _test(plan: Plan, state: State, sums: Sums, stretch: Stretch, *, batches: Batches) -> tuple[Sums, Any, Arrays]:
    """Add the batches of a stretch to the sums; return what they come to, and what the last batch hands on."""
    layers, tally = layers_with(plan.layers, state.settings), _tally(plan)

    def body(index: Array, carry: tuple[Sums, Arrays]) -> tuple[Sums, Arrays]:
        sums, states = carry
        batch, rows = _batch(stretch, index, batches)
        run = Run(training=False, rows=rows, dtype=plan.types.computed)
        inputs, moving = typed(plan.graph, batch.inputs, plan.types.kept), join(state.moving, states)
        outputs = apply(plan.graph, join(state.weights, moving), inputs, run, layers=layers)
        penalty = _penalty(plan, layers, state.weights, run)
        _, found = _score(plan, state, tally.before(sums), batch, outputs, run, penalty)
        return tally.after(sums, found), carried(plan.graph, join(moving, run.moved))

    start = sums, carried(plan.graph, state.moving)
    sums, states = ops.fori_loop(stretch.start, stretch.stop, body, start)
    return sums, _values(plan, tally.tree(sums)), states


def _tally(plan: Plan) -> Tally:
    """Return how sums are carried."""
    return Tally(_empty(plan), [metric for output in plan.outputs for metric in output.metrics.values()])


def _empty(plan: Plan) -> Sums:
    """Return the sums of no rows."""
    outputs = {}
    for index, output in enumerate(plan.outputs):
        width = plan.graph.outputs[index].shape[-1] or 1
        metrics = {key: metric.init(width) for key, metric in output.metrics.items()}
        outputs[output.name] = {"total": Sum.zero(), "weight": Sum.zero(), "metrics": metrics}
    sums: Sums = ops.cast({"penalty": Sum.zero(), "rows": Sum.zero(), "outputs": outputs}, plan.types.kept)
    return sums


def _batch(stretch: Stretch, index: Array, batches: Batches) -> tuple[Block, Array | None]:
    """Return the rows of batch `index`, and which of them are real; None where all are.

    A last batch that is too short is moved back until it fits; rows it has in common with the one before do not count.
    """
    block, order = stretch.block, stretch.order
    first, real = stretch.skipped + index * batches.size, None
    if batches.ragged:
        wanted, first = first, ops.minimum(first, block.inputs[0].shape[0] - batches.size)
        real = first + ops.arange(batches.size) >= wanted
    if order is None:
        return ops.tree_map(lambda values: ops.dynamic_slice_in_dim(values, first, batches.size), block), real
    chosen = ops.dynamic_slice_in_dim(order, first, batches.size)
    return ops.tree_map(lambda values: ops.take(values, chosen, axis=0, mode="clip"), block), real


def _update(plan: Plan, state: State, sums: Sums, batch: Block, rows: Array | None) -> tuple[State, Sums, Array]:
    """Make one step: forward, loss, gradient, optimizer, constraints; without the last three if gradients overflow."""
    (loss, sums, moved), gradients = _differentiate(plan, state, sums, batch, rows)
    before = _trained(plan, state.weights), state.optimizer
    transformation = plan.optimizer_with(state.settings).transformation()
    updates, optimizer = transformation.update(gradients, state.optimizer, before[0])
    trained = ops.tree_map(lambda weight, update: weight + update, before[0], updates)
    after, settings = (_constrained(plan, trained), optimizer), state.settings
    scale = plan.loss_scale_with(settings)
    if scale is not None:
        fits = are_finite(gradients)
        after, settings, loss = selected(fits, after, before), settings | scale.after(fits), scale.checked(loss, fits)
    weights, moving = join(state.weights, after[0]), join(state.moving, moved)
    state = state.replace(weights=weights, moving=moving, optimizer=after[1], settings=settings, step=state.step + 1)
    return state, sums, loss


def finished(plan: Plan, state: State) -> State:
    """Return the state with the weights that the optimizer leaves when training ends, such as their averages.

    What the optimizer remembers stays, so that training can go on.
    """
    trained = _trained(plan, state.weights)
    with plan.types.context():
        final = plan.optimizer.finalize(state.optimizer, trained)
        kept = None if final is trained else join(state.weights, _constrained(plan, final))
    return state if kept is None else state.replace(weights=kept)


def _differentiate(
    plan: Plan, state: State, sums: Sums, batch: Block, rows: Array | None, *, training: bool = True
) -> Any:
    """Return the loss of a batch, the sums with it added and the moved values; and the gradients of trained weights."""
    layers = layers_with(plan.layers, state.settings)
    key = ops.random.fold_in(ops.random.key(ops.stack([state.seed, ops.asarray(STEP_STREAM, "uint32")])), state.step)
    scale = plan.loss_scale_with(state.settings)

    def objective(trained: Arrays) -> tuple[Array, tuple[Array, Sums, Arrays]]:
        run = Run(training=training, key=key, rows=rows, frozen=plan.frozen, dtype=plan.types.computed)
        weights, inputs = join(state.weights, trained), typed(plan.graph, batch.inputs, plan.types.kept)
        outputs = apply(plan.graph, join(weights, state.moving), inputs, run, layers=layers)
        loss, new_sums = _score(plan, state, sums, batch, outputs, run, _penalty(plan, layers, weights, run))
        return loss if scale is None else loss * scale.factor, (loss, new_sums, run.moved)

    (_, found), gradients = ops.value_and_grad(objective, has_aux=True)(_trained(plan, state.weights))
    return found, gradients if scale is None else scale.unscaled(gradients)


def _gradients(plan: Plan, state: State, batch: Block, *, training: bool = True) -> Arrays:
    """Return the gradient of the loss of one batch, for looking at."""
    _, gradients = _differentiate(plan, state, _empty(plan), batch, None, training=training)
    result: Arrays = gradients
    return result


def _score(
    plan: Plan, state: State, sums: Sums, batch: Block, outputs: tuple[Array, ...], run: Run, penalty: Array
) -> tuple[Array, Sums]:
    """Return the loss of a batch, and the sums with its losses and metrics added."""
    loss = penalty
    real = ops.ones(outputs[0].shape[:1]) if run.rows is None else run.rows.astype("float32")
    outputs_sums: Sums = {}
    for index, output in enumerate(plan.outputs):
        y_true, y_pred, mask = batch.targets[index], outputs[index], run.output_masks[index]
        weights = weights_of(real, batch.weights[index] if batch.weights else None, mask)
        if mask is not None:
            check_leaves_steps_out(output, y_true, y_pred)
        own_loss = plan.loss_with(index, state.settings)
        total, weight = own_loss.sums(y_true, y_pred, weights)
        loss = loss + output.weight * total / ops.where(weight == 0, 1, weight)
        old = sums["outputs"][output.name]
        outputs_sums[output.name] = {
            "total": old["total"] + total,
            "weight": old["weight"] + weight,
            "metrics": _metrics(output, old["metrics"], y_true, y_pred, counted(own_loss, y_true, y_pred, weights)),
        }
    rows_seen = ops.sum(real)
    return loss, {
        "penalty": sums["penalty"] + penalty * rows_seen,
        "rows": sums["rows"] + rows_seen,
        "outputs": outputs_sums,
    }


def _metrics(output: Output, sums: Sums, y_true: Array, y_pred: Array, weights: Array) -> Sums:
    y_pred = ops.stop_gradient(y_pred)
    if output.probabilities:
        y_pred = output.probabilities(y_pred)
    return {key: metric.update(sums[key], y_true, y_pred, weights) for key, metric in output.metrics.items()}


def _values(plan: Plan, sums: Sums) -> dict[str, Array]:
    """Return the loss and metrics that the sums stand for, by their keys in the history."""
    several = len(plan.outputs) > 1
    values = {"loss": sums["penalty"].value / sums["rows"].value}
    for output in plan.outputs:
        own = sums["outputs"][output.name]
        weight = own["weight"].value
        mean = own["total"].value / ops.where(weight == 0, 1, weight)
        values["loss"] = values["loss"] + output.weight * mean
        prefix = f"{output.name}/" if several else ""
        if several:
            values[f"{prefix}loss"] = mean
        for key, metric in output.metrics.items():
            values[prefix + key] = metric.compute(own["metrics"][key])
    return values


def _penalty(plan: Plan, layers: Mapping[str, Layer], weights: Arrays, run: Run) -> Array:
    """Return the sum of all penalties on weights and on the activity of layers."""
    penalty = sum(run.penalties, ops.zeros(()))
    shapes = {step.path: step.input_shape for step in plan.graph.steps}
    for path in plan.graph.declared():
        for name, weight in layers[path].weights(shapes[path]).items():
            regularizer = regularizers.get(weight.regularizer)
            if regularizer is not None and not weight.moving:
                penalty = penalty + regularizer(weights[path][name])
    return penalty


def _constrained(plan: Plan, weights: Arrays) -> Arrays:
    declared = plan.graph.declared()
    result: Arrays = {}
    for path, layer in weights.items():
        rules = {name: constraints.get(declared[path][name].constraint) for name in layer}
        result[path] = {name: rule(layer[name]) if rule else layer[name] for name, rule in rules.items()}
    return result


def _trained(plan: Plan, weights: Arrays) -> Arrays:
    return {path: {name: weights[path][name] for name in names} for path, names in plan.trainable.items()}


def join(first: Arrays, second: Arrays) -> Arrays:
    """Return all of both; where both have a value, that of the second."""
    return {path: {**first.get(path, {}), **second.get(path, {})} for path in {**first, **second}}
