"""Predictions for any number of rows, with few compilations."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from lamina import activations, ops
from lamina._core import checks, seeds
from lamina.errors import StageError
from lamina.layers import Graph, Run, apply
from lamina.ops import Array
from lamina.training._plan import Plan, last_activation, layers_with
from lamina.training._precision import Precision, typed
from lamina.training._program import join
from lamina.training._state import Arrays, State
from lamina.training._stateful import carried, check_whole

ROWS_AT_ONCE = 4096  # at most: from there on more rows gain nothing
BYTES_AT_ONCE = 2**27  # that all layers together may give, in float32
FOR_NUMBERS = ("numbers", "nonnegative")
FOR_YES_OR_NO = ("binary", "sign")
TO_PROBABILITIES = (activations.softmax, activations.sigmoid, activations.hard_sigmoid)

Forward: TypeAlias = Callable[[tuple[Any, ...]], tuple[Array, ...]]
Reading: TypeAlias = Callable[[np.ndarray, np.ndarray | None], np.ndarray]


def predict(
    forward: Forward, inputs: tuple[np.ndarray, ...], *, batch_size: int = ROWS_AT_ONCE, whole: bool = False
) -> tuple[np.ndarray, ...]:
    """Return one array of predictions for each output.

    Rows go through the network in groups whose sizes are powers of two, the last one filled up with copies of a row,
    so that no more than a dozen sizes are ever compiled.

    Args:
        forward: the compiled network.
        inputs: one array for each input.
        batch_size: how many rows at once.
        whole: whether no other number of rows will do.

    Raises:
        DataError: for rows that do not fill batches where they must.
    """
    count = len(inputs[0])
    if whole:
        check_whole(count, batch_size, where="x")
    size = min(batch_size, _filled(count))
    parts = []
    for start in range(0, count, size):
        part = tuple(x[start : start + size] for x in inputs)
        rows = len(part[0])
        filled = min(size, _filled(rows))
        if filled > rows:
            part = tuple(np.concatenate([x, np.broadcast_to(x[:1], (filled - rows, *x.shape[1:]))]) for x in part)
        parts.append(tuple(np.asarray(y)[:rows] for y in forward(part)))
    return _joined(parts)


def predict_blocks(
    forward: Forward, blocks: Iterable[tuple[np.ndarray, ...]], *, batch_size: int = ROWS_AT_ONCE, whole: bool = False
) -> tuple[np.ndarray, ...]:
    """Return one array of predictions for each output, for rows that come in blocks.

    Args:
        forward: the compiled network.
        blocks: one array for each input, as often as there are blocks.
        batch_size: how many rows at once.
        whole: whether no other number of rows will do.
    """
    return _joined([predict(forward, inputs, batch_size=batch_size, whole=whole) for inputs in blocks])


def _joined(parts: Sequence[tuple[np.ndarray, ...]]) -> tuple[np.ndarray, ...]:
    return parts[0] if len(parts) == 1 else tuple(np.concatenate(column) for column in zip(*parts, strict=True))


def _filled(rows: int) -> int:
    """Return the next power of two."""
    return 1 << (rows - 1).bit_length()


def rows_at_once(graph: Graph) -> int:
    """Return how many rows go through a network together: so many, a power of two, that memory is no concern."""
    shapes = [shape for step in graph.steps for shape in step.output_shapes]
    bytes_of_row = 4 * sum(math.prod(size or 1 for size in shape[1:]) for shape in shapes)
    fitting = max(1, BYTES_AT_ONCE // max(1, bytes_of_row))
    return min(ROWS_AT_ONCE, 1 << (fitting.bit_length() - 1))


def is_ready(x: object, shape: tuple[int | None, ...], *, most: int = ROWS_AT_ONCE) -> bool:
    """Tell whether `x` can go straight to a compiled network: a small float32 array of a size that needs no filling.

    Args:
        x: what was given.
        shape: the shape of the network's input.
        most: how many rows may go through the network together.
    """
    if type(x) is not np.ndarray or x.dtype != np.float32 or x.shape[1:] != shape[1:]:
        return False
    rows = len(x)
    return 0 < rows <= most and rows & (rows - 1) == 0 and shape[0] in (None, rows)


def forward_of(graph: Graph, precision: Precision) -> Any:
    """Return the compiled network: weights, moving values, settings and inputs to outputs and what is handed on."""

    def forward(weights: Arrays, moving: Arrays, settings: Mapping[str, Array], inputs: tuple[Array, ...]) -> Any:
        layers, run = layers_with(graph.layers(), settings), Run(training=False, dtype=precision.computed)
        outputs = apply(graph, join(weights, moving), typed(graph, inputs, precision.kept), run, layers=layers)
        return outputs, carried(graph, join(moving, run.moved))

    return precision.compiled(forward)


def run_once(
    graph: Graph, state: State, inputs: tuple[np.ndarray, ...], *, training: bool, precision: Precision
) -> tuple[Array, ...]:
    """Return the outputs for arrays, operation by operation, as the layers are written."""
    arrays, layers = join(state.weights, state.moving), layers_with(graph.layers(), state.settings)
    with precision.context():
        key = ops.random.key(ops.asarray(seeds.key_data(seeds.draw(), "call"))) if training else None
        run = Run(training=training, key=key, dtype=precision.computed)
        return apply(graph, arrays, typed(graph, inputs, precision.kept), run, layers=layers)


def to_classes(
    predictions: np.ndarray, labels: np.ndarray | None = None, *, yes_above: float | None = None
) -> np.ndarray:
    """Return the class of each row.

    Args:
        predictions: probabilities or scores, of shape (batch, ..., outputs).
        labels: what class 0, 1, ... are called; None for their numbers.
        yes_above: what an output must exceed to mean class 1, where each is a question of its own; None where there is
            an output for each class, of which the largest is the one.
    """
    if yes_above is None:
        numbers = predictions.argmax(axis=-1)
    else:
        answers = predictions[..., 0] if predictions.shape[-1] == 1 else predictions
        numbers = (answers > yes_above).astype(int)
    return np.asarray(numbers if labels is None else labels[numbers])


def readings(plan: Plan, *, where: str) -> list[Reading]:
    """Return, for each output, how its predictions are read as classes; those of an output for numbers stay.

    Args:
        plan: the compiled model.
        where: the place to name in an error.

    Raises:
        StageError: where no output has a loss for classes, or a last activation that makes probabilities.
    """
    found = [_reading(plan, index) for index in range(len(plan.outputs))]
    if found.count(_as_they_are) == len(found):
        raise checks.problem(
            StageError,
            where,
            expected="a model that was compiled for classes",
            got=f"the loss {type(plan.outputs[0].loss).__name__}, which is for numbers",
            fix="call predict, or compile with a loss for classes such as sparse_categorical_crossentropy.",
        )
    return found


def _reading(plan: Plan, index: int) -> Reading:
    output, found = plan.outputs[index], last_activation(plan.graph, index)
    activation = found and found[1]
    if activation not in TO_PROBABILITIES and output.loss.targets in FOR_NUMBERS:
        return _as_they_are
    is_alone = plan.graph.outputs[index].shape[-1] == 1
    if is_alone or (output.loss.targets in FOR_YES_OR_NO and activation is not activations.softmax):
        return functools.partial(to_classes, yes_above=output.threshold)
    return to_classes


def _as_they_are(predictions: np.ndarray, labels: np.ndarray | None) -> np.ndarray:
    return predictions
