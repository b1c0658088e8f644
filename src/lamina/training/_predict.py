"""Predictions for any number of rows, with few compilations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from lamina import activations, ops
from lamina._core import checks, seeds
from lamina.errors import StageError
from lamina.layers import Graph, Run, apply
from lamina.ops import Array
from lamina.training._plan import Plan, last_activation, layers_with
from lamina.training._program import join, typed
from lamina.training._state import Arrays, State

ROWS_AT_ONCE = 4096
FOR_NUMBERS = ("numbers", "nonnegative")
TO_PROBABILITIES = (activations.softmax, activations.sigmoid, activations.hard_sigmoid)

Forward: TypeAlias = Callable[[tuple[Any, ...]], tuple[Array, ...]]


def predict(
    forward: Forward, inputs: tuple[np.ndarray, ...], *, batch_size: int | None = None
) -> tuple[np.ndarray, ...]:
    """Return one array of predictions for each output.

    Rows go through the network in groups whose sizes are powers of two, the last one filled up with copies of a row,
    so that no more than a dozen sizes are ever compiled.

    Args:
        forward: the compiled network.
        inputs: one array for each input.
        batch_size: how many rows at once; chosen when not given.
    """
    count = len(inputs[0])
    size = min(batch_size or ROWS_AT_ONCE, _filled(count))
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
    forward: Forward, blocks: Iterable[tuple[np.ndarray, ...]], *, batch_size: int | None = None
) -> tuple[np.ndarray, ...]:
    """Return one array of predictions for each output, for rows that come in blocks.

    Args:
        forward: the compiled network.
        blocks: one array for each input, as often as there are blocks.
        batch_size: how many rows at once; chosen when not given.
    """
    return _joined([predict(forward, inputs, batch_size=batch_size) for inputs in blocks])


def _joined(parts: Sequence[tuple[np.ndarray, ...]]) -> tuple[np.ndarray, ...]:
    return parts[0] if len(parts) == 1 else tuple(np.concatenate(column) for column in zip(*parts, strict=True))


def _filled(rows: int) -> int:
    """Return the next power of two."""
    return 1 << (rows - 1).bit_length()


def is_ready(x: object, shape: tuple[int | None, ...]) -> bool:
    """Tell whether `x` can go straight to a compiled network: a small float32 array of a size that needs no filling."""
    if type(x) is not np.ndarray or x.dtype != np.float32 or x.shape[1:] != shape[1:]:
        return False
    rows = len(x)
    return 0 < rows <= ROWS_AT_ONCE and rows & (rows - 1) == 0


def forward_of(graph: Graph) -> Any:
    """Return the compiled network: weights, moving values, settings and inputs to outputs."""

    def forward(weights: Arrays, moving: Arrays, settings: Mapping[str, Array], inputs: tuple[Array, ...]) -> Any:
        layers = layers_with(graph.layers(), settings)
        return apply(graph, join(weights, moving), typed(graph, inputs), Run(training=False), layers=layers)

    return ops.jit(forward)


def run_once(graph: Graph, state: State, inputs: tuple[np.ndarray, ...], *, training: bool) -> tuple[Array, ...]:
    """Return the outputs for arrays, operation by operation, as the layers are written."""
    key = ops.random.key(ops.asarray(seeds.key_data(seeds.draw(), "call"))) if training else None
    arrays, layers = join(state.weights, state.moving), layers_with(graph.layers(), state.settings)
    return apply(
        graph, arrays, typed(graph, tuple(map(ops.asarray, inputs))), Run(training=training, key=key), layers=layers
    )


def to_classes(predictions: np.ndarray, labels: np.ndarray | None, *, threshold: float = 0.5) -> np.ndarray:
    """Return the class of each row: the most probable one, or for a single output whether it says yes.

    Args:
        predictions: probabilities or scores, of shape (batch, ..., outputs).
        labels: what class 0, 1, ... are called; None for their numbers.
        threshold: what a single output must exceed to mean class 1; see `Output`.
    """
    if predictions.shape[-1] > 1:
        numbers = predictions.argmax(axis=-1)
    else:
        numbers = (predictions[..., 0] > threshold).astype(int)
    return np.asarray(numbers if labels is None else labels[numbers])


def check_tells_classes(plan: Plan, *, where: str) -> None:
    """Refuse a model whose outputs are all numbers, among which the largest is no class.

    Raises:
        StageError: where no output has a loss for classes, or a last activation that makes probabilities.
    """
    if not any(_tells_classes(plan, index) for index in range(len(plan.outputs))):
        raise checks.problem(
            StageError,
            where,
            expected="a model that was compiled for classes",
            got=f"the loss {type(plan.outputs[0].loss).__name__}, which is for numbers",
            fix="call predict, or compile with a loss for classes such as sparse_categorical_crossentropy.",
        )


def _tells_classes(plan: Plan, index: int) -> bool:
    found = last_activation(plan.graph, index)
    is_probability = found is not None and found[1] in TO_PROBABILITIES
    return is_probability or plan.outputs[index].loss.targets not in FOR_NUMBERS
