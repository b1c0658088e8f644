"""What a network makes of some training rows, compared with answers that do not look at the row at all."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lamina import ops
from lamina.errors import StuckLossWarning
from lamina.losses import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    MeanSquaredError,
    SparseCategoricalCrossentropy,
)
from lamina.ops import Array
from lamina.training._counting import weights_of
from lamina.training._examination import examine
from lamina.training._findings import Finding, findings
from lamina.training._plan import Plan, layers_with
from lamina.training._program import Block, Program
from lamina.training._rows import Rows
from lamina.training._state import State, draw_arrays

ROWS = 256
"""How many rows go through the network."""
ROWS_OF_TARGETS = 4096
LARGE = 100.0
"""The size of an input that first weights are not made for."""


class Diagnosis(NamedTuple):
    """What was found.

    Args:
        findings: what looks wrong in the network.
        loss: the loss of the rows, without penalties.
        of_mean: what it would be if the network gave its mean output for each row.
        of_zero: what it would be if it gave only zeros.
        steepest: the largest gradient of a layer, as a part of its weights.
    """

    findings: list[Finding]
    loss: float
    of_mean: float
    of_zero: float
    steepest: float


def diagnose(program: Program, state: State, sample: Rows) -> Diagnosis:
    """Run some rows through a network as in training, and see what looks wrong.

    Args:
        program: the compiled model.
        state: its weights.
        sample: the rows to choose from.
    """
    plan, rows = program.plan, _chosen(program.plan, sample)
    block = rows.block()
    with ops.disable_jit(plan.debug):
        gradients = program.gradients(state, block)
    layers, types = layers_with(plan.layers, state.settings), plan.types
    seen = examine(plan.graph, state, block.inputs, layers=layers, training=True, gradients=gradients, precision=types)
    with types.context():
        means = [ops.broadcast_to(_mean_answer(output), output.shape) for output in seen.outputs]
        answers = (seen.outputs, tuple(means), tuple(map(ops.zeros_like, seen.outputs)))
        loss, of_mean, of_zero = (_loss(plan, state, block, answer, seen.masks) for answer in answers)
    steepest = max((report.ratio or 0.0 for report in seen.reports), default=0.0)
    return Diagnosis(findings(seen.reports, rows=len(rows)), loss, of_mean, of_zero, steepest)


def loss_of_new_weights(plan: Plan, state: State, sample: Rows) -> float:
    """Return the loss of some rows, without penalties, in a network whose trained weights are drawn anew.

    Frozen layers keep their weights, and all layers their moving values, such as the mean of Normalization.

    Args:
        plan: the compiled model.
        state: its weights.
        sample: the rows to choose from.
    """
    weights = dict(state.weights)
    for path, names in plan.trainable.items():
        drawn, _ = draw_arrays(plan.graph, int(state.seed), path)
        weights[path] = weights[path] | {name: drawn[name] for name in names}
    block, layers = _chosen(plan, sample).block(), layers_with(plan.layers, state.settings)
    new = state.replace(weights=weights)
    seen = examine(plan.graph, new, block.inputs, layers=layers, training=True, precision=plan.types)
    with plan.types.context():
        return _loss(plan, state, block, seen.outputs, seen.masks)


def loss_of_one_answer(plan: Plan, sample: Rows) -> float | None:
    """Return the loss of the best answer that is the same for every row, without asking the device.

    None where that takes more than a mean: for other losses, several outputs, weights, and targets that are all alike.
    """
    if len(plan.outputs) > 1 or sample.weights is not None:
        return None
    loss, values = plan.outputs[0].loss, _spread(sample, min(ROWS_OF_TARGETS, len(sample))).targets[0]
    answers = values.reshape(-1, values.shape[-1] if values.ndim > 1 else 1)
    if isinstance(loss, MeanSquaredError):
        found = float(np.var(values, axis=0).mean())
    elif isinstance(loss, BinaryCrossentropy):
        shares = answers.mean(axis=0)
        found = float(np.mean(_information(shares) + _information(1 - shares)))
    elif isinstance(loss, CategoricalCrossentropy):
        found = float(_information(answers.mean(axis=0)).sum())
    elif isinstance(loss, SparseCategoricalCrossentropy) and values.min() >= 0:
        found = float(_information(np.bincount(values.ravel()) / values.size).sum())
    else:
        return None
    return found or None


def without_a_sign(plan: Plan, sample: Rows) -> Finding:
    """Return what to say of a loss that does not fall although no layer looks wrong."""
    largest = max(float(np.abs(values).max()) for values in _spread(sample, min(ROWS, len(sample))).inputs)
    sign = "no layer looks wrong"
    advice = "a learning rate ten times as high or as low, and look whether the rows of x and y belong together"
    if all((values == values[:1]).all() for values in sample.targets):
        sign, advice = "all targets are the same", "targets that differ from row to row"
    elif largest > LARGE and all(symbol.dtype == "float32" for symbol in plan.graph.inputs):
        sign, advice = f"the inputs reach {largest:.4g}", "inputs scaled to about -1 … 1, as by Normalization"
    elif plan.frozen:
        sign = f"{len(plan.frozen)} of {len(plan.graph.layers())} layers are frozen"
        advice = "model.unfreeze() for some of them"
    return Finding(StuckLossWarning, "the model", sign, advice)


def _chosen(plan: Plan, sample: Rows) -> Rows:
    """Return the rows that go through the network: as many as it states, where it does."""
    return _spread(sample, plan.graph.inputs[0].shape[0] or min(ROWS, len(sample)))


def _spread(rows: Rows, count: int) -> Rows:
    """Return so many rows from all parts of the data, which may be sorted."""
    return rows.take(np.linspace(0, len(rows) - 1, count).astype(np.int64))


def _mean_answer(output: Array) -> Array:
    return ops.mean(output, axis=tuple(range(output.ndim - 1)), keepdims=True)


def _loss(plan: Plan, state: State, block: Block, outputs: tuple[Array, ...], masks: tuple[Array | None, ...]) -> float:
    """Return the loss of rows without penalties."""
    total = 0.0
    for index, (output, y_true, y_pred, mask) in enumerate(
        zip(plan.outputs, block.targets, outputs, masks, strict=True)
    ):
        given = block.weights[index] if block.weights else None
        weights = weights_of(ops.ones(y_pred.shape[:1]), given, mask)
        total += output.weight * float(plan.loss_with(index, state.settings)(y_true, y_pred, weights))
    return total


def _information(shares: np.ndarray) -> np.ndarray:
    """Return -p · ln p, which is 0 for p = 0."""
    found: np.ndarray = -shares * np.log(np.where(shares > 0, shares, 1))
    return found
