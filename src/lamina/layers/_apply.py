"""Run a network on arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lamina import ops
from lamina.layers._context import Context, Run
from lamina.layers._graph import Graph, Step
from lamina.layers._layer import Layer
from lamina.ops import Array

Arrays = Mapping[str, Mapping[str, Array]]


def apply(
    graph: Graph, arrays: Arrays, inputs: Sequence[Array], run: Run, layers: Mapping[str, Layer] | None = None
) -> tuple[Array, ...]:
    """Return the outputs of `graph` for a batch.

    Args:
        graph: the network.
        arrays: weights and moving values of each layer, by path and name.
        inputs: one array for each input.
        run: training or not, random key, real rows; it collects moving values and penalties.
        layers: layers to use in place of the graph's own, by path, such as those with settings as traced arrays.
    """
    layers = layers or {}
    values = dict(zip(graph.input_slots, inputs, strict=True))
    for step in graph.steps:
        layer = layers.get(step.path, step.layer)
        read = tuple(values[slot] for slot in step.inputs)
        result = _call(step, layer, arrays, read[0] if not layer.many_inputs else read, run)
        values.update(zip(step.outputs, result if isinstance(result, tuple) else (result,), strict=True))
    return tuple(values[slot] for slot in graph.output_slots)


def _call(step: Step, layer: Layer, arrays: Arrays, x: object, run: Run) -> object:
    context = Context(run, step.path, step.call)
    weights = {**arrays.get(step.path, {}), **context.moved()}
    try:
        with ops.named_scope(step.path):
            return layer.call(weights, x, context)
    except Exception as error:
        error.add_note(f"This happened in the layer {step.path} ({layer!r}), called on shape {step.input_shape}.")
        raise
