"""A few rows through a network, layer by layer: what each layer gives, and how the loss depends on its weights."""

from __future__ import annotations

import copy
import dataclasses
import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from lamina import ops
from lamina._core import seeds
from lamina.layers import Graph, Layer, Run, Step, Wrapper, apply
from lamina.ops import Array
from lamina.training._plan import innermost
from lamina.training._precision import PRECISIONS, Precision, typed
from lamina.training._program import join
from lamina.training._state import Arrays, State

RECTIFIERS = ("relu", "relu6")
RANGES = {"hard_sigmoid": (0.0, 1.0), "hard_tanh": (-1.0, 1.0), "sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}
"""Where the output of activations ends that hardly have a slope there."""
MARGIN = 0.01
"""How near to an end counts as there, as a part of the range."""


@dataclasses.dataclass(frozen=True)
class LayerReport:
    """What one call of a layer gives for a few rows; steps that a mask leaves out do not count.

    Args:
        layer: the path of the layer.
        kind: its class.
        call: which call of this layer it is, from 0; the norms stand at the first one.
        is_output: whether it gives an output of the network.
        output_shapes: the shape of each output, rows first.
        smallest: the smallest number it gives.
        mean: the mean of the numbers.
        largest: the largest.
        zeros: the share of the numbers that are 0.
        units: the size of the last axis.
        dead: how many units are 0 for every row, of a layer that ends in a rectifier; None for others.
        saturated: how many units are at an end of their range for every row, of a layer that ends in an activation with
            such ends; None for others.
        weight_norm: √(Σ w²) over its weights; None without weights.
        gradient_norm: √(Σ g²) over the gradients of the loss by its weights; None where they are not known.
    """

    layer: str
    kind: str
    call: int
    is_output: bool
    output_shapes: tuple[tuple[int, ...], ...]
    smallest: float
    mean: float
    largest: float
    zeros: float
    units: int
    dead: int | None
    saturated: int | None
    weight_norm: float | None
    gradient_norm: float | None

    @property
    def label(self) -> str:
        """How errors and remarks name the layer."""
        return f"{self.layer} ({self.kind})"

    @property
    def ratio(self) -> float | None:
        """How large the gradient is compared with the weights; None where that is not known, or all weights are 0."""
        if self.gradient_norm is None or not self.weight_norm:
            return None
        return self.gradient_norm / self.weight_norm


class Examination(NamedTuple):
    """What was seen: a report for each call of a layer, the outputs of the network, and their masks."""

    reports: tuple[LayerReport, ...]
    outputs: tuple[Array, ...]
    masks: tuple[Array | None, ...]


class _Note(NamedTuple):
    """What a layer gave, and what it was called on."""

    layer: Layer
    made: tuple[Array, ...]
    x: Any
    mask: Any


def examine(
    graph: Graph,
    state: State,
    inputs: tuple[Any, ...],
    *,
    layers: Mapping[str, Layer],
    training: bool = False,
    gradients: Arrays | None = None,
    precision: Precision | None = None,
) -> Examination:
    """Run some rows through a network, operation by operation, and report on each layer.

    Args:
        graph: the network.
        state: its weights and moving values.
        inputs: one array for each input.
        layers: the layers to run by path, with their settings as they are now.
        training: whether layers such as Dropout act as in training.
        gradients: the gradient of the loss by each weight, by path and name, where it is known.
        precision: the types to compute with; float32 when not given.
    """
    types = precision or PRECISIONS["float32"]
    notes: dict[str, list[_Note]] = {path: [] for path in layers}
    watched = {path: _watched(layer, notes[path]) for path, layer in layers.items()}
    key = ops.random.key(ops.asarray(seeds.key_data(int(state.seed), "examination"))) if training else None
    run = Run(training=training, key=key, dtype=types.computed)
    arrays = join(state.weights, state.moving)
    with types.context():
        outputs = apply(graph, arrays, typed(graph, inputs, types.kept), run, layers=watched)
    masked, reports = graph.masked_slots(), []
    for step in graph.steps:
        norms = _norms(graph, state, step, gradients or {}) if step.call == 0 else (None, None)
        is_output = not set(step.outputs).isdisjoint(graph.output_slots)
        reports.append(_report(step, notes[step.path][step.call], masked, norms, is_output=is_output))
    return Examination(tuple(reports), outputs, run.output_masks)


def _watched(layer: Layer, notes: list[_Note]) -> Layer:
    """Return a copy of a layer that writes down each of its calls."""
    result = copy.copy(layer)

    def call(weights: Mapping[str, Array], x: Any, context: Any) -> Any:
        made = layer.call(weights, x, context)
        notes.append(_Note(layer, made if isinstance(made, tuple) else (made,), x, context.mask))
        return made

    object.__setattr__(result, "call", call)  # layers are frozen, and this one is our own
    return result


def _report(
    step: Step, note: _Note, masked: frozenset[int], norms: tuple[float | None, float | None], *, is_output: bool
) -> LayerReport:
    arrays = []
    for slot, array in zip(step.outputs, note.made, strict=True):
        values = np.asarray(array).astype(np.float64)
        arrays.append(values[np.asarray(note.layer.output_mask(note.x, note.mask))] if slot in masked else values)
    first, numbers = arrays[0], np.concatenate([array.ravel() for array in arrays])
    rows = first.reshape(-1, first.shape[-1] if first.ndim > 1 else 1)
    activation = _activation(note.layer)
    smallest, mean, largest, zeros = _measured(numbers)
    return LayerReport(
        layer=step.path,
        kind=type(step.layer).__name__,
        call=step.call,
        is_output=is_output,
        output_shapes=tuple(tuple(array.shape) for array in note.made),
        smallest=smallest,
        mean=mean,
        largest=largest,
        zeros=zeros,
        units=rows.shape[-1],
        dead=_always(rows == 0) if activation in RECTIFIERS else None,
        saturated=_always(_at_an_end(rows, *RANGES[activation])) if activation in RANGES else None,
        weight_norm=norms[0],
        gradient_norm=norms[1],
    )


def _measured(numbers: np.ndarray) -> tuple[float, float, float, float]:
    """Return the smallest, the mean and the largest number, and the share of zeros; NaN of no numbers."""
    if not numbers.size:
        return math.nan, math.nan, math.nan, math.nan
    with np.errstate(all="ignore"):  # what is infinite or undefined is shown, not warned of
        mean = float(numbers.mean())
        return float(numbers.min()), mean, float(numbers.max()), float((numbers == 0).mean())


def _activation(layer: Layer) -> str:
    """Return the name of the activation a layer ends in; of a layer of the user's own, what it calls by that name."""
    given = getattr(innermost(layer), "activation", None)
    given = getattr(given, "func", given)  # that of functools.partial, whose arguments do not matter here
    return given if isinstance(given, str) else getattr(given, "__name__", "")


def _at_an_end(rows: np.ndarray, low: float, high: float) -> np.ndarray:
    margin = MARGIN * (high - low)
    at_an_end: np.ndarray = (rows < low + margin) | (rows > high - margin)
    return at_an_end


def _always(found: np.ndarray) -> int:
    """Return for how many units something was found in every row."""
    return int(found.all(axis=0).sum()) if len(found) else 0


def _norms(graph: Graph, state: State, step: Step, gradients: Arrays) -> tuple[float | None, float | None]:
    """Return the norm of the weights of a layer, and that of their gradients."""
    names = [name for name, weight in graph.declared().get(step.path, {}).items() if not weight.moving]
    if not names:
        return None, None
    weights = {name: state.weights[step.path][name] for name in names}
    computed = step.layer.computed_weights(weights) if isinstance(step.layer, Wrapper) else weights
    return _norm(computed.values()), _norm(gradients[step.path].values()) if step.path in gradients else None


def _norm(arrays: Any) -> float:
    with np.errstate(all="ignore"):
        return math.sqrt(sum(float(np.sum(np.square(np.asarray(array).astype(np.float64)))) for array in arrays))
