"""Run a network on arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lamina import ops
from lamina._core import checks
from lamina.errors import ArgumentError, ShapeError
from lamina.layers._context import Context, Run, converted
from lamina.layers._graph import Graph, Step
from lamina.layers._layer import Layer
from lamina.layers._symbol import compatible
from lamina.ops import Array

Arrays = Mapping[str, Mapping[str, Array]]


def apply(
    graph: Graph, arrays: Arrays, inputs: Sequence[Array], run: Run, *, layers: Mapping[str, Layer] | None = None
) -> tuple[Array, ...]:
    """Return the outputs of `graph` for a batch.

    Args:
        graph: the network.
        arrays: weights and moving values of each layer, by path and name.
        inputs: one array for each input.
        run: training or not, random key, real rows; it collects moving values and penalties.
        layers: layers to use in place of the graph's own, by path, such as those with settings as traced arrays.

    Raises:
        ShapeError: for a layer that gives another shape than its ``output_shape`` promises.
    """
    layers = layers or {}
    values = dict(zip(graph.input_slots, inputs, strict=True))
    for step in graph.steps:
        layer = layers.get(step.path, step.layer)
        read = tuple(values[slot] for slot in step.inputs)
        result = _call(step, layer, arrays, read if layer.many_inputs else read[0], run)
        made = result if isinstance(result, tuple) else (result,)
        _check_promise(step, made)
        values.update(zip(step.outputs, made, strict=True))
    return tuple(values[slot] for slot in graph.output_slots)


def _call(step: Step, layer: Layer, arrays: Arrays, x: Any, run: Run) -> Any:
    context = Context(run, step.path, step.call)
    weights = {**arrays.get(step.path, {}), **context.moved()}
    label = f"{step.path} ({type(step.layer).__name__})"
    try:
        with ops.named_scope(step.path), ops.explained(label):
            return layer.call(weights, converted(x, layer.input_dtype), context)
    except KeyError as error:
        if error.args[0] in weights:
            raise
        raise checks.problem(
            ArgumentError,
            label,
            expected=f"a weight that the layer declares ({', '.join(map(repr, weights)) or 'it declares none'})",
            got=repr(error.args[0]),
            fix="declare it in the method weights(self, input_shape).",
        ) from error
    except Exception as error:
        error.add_note(f"This happened in the layer {step.path} ({layer!r}), called on shape {step.input_shape}.")
        raise


def _check_promise(step: Step, made: tuple[Any, ...]) -> None:
    promised = step.output_shapes
    given = tuple(getattr(array, "shape", None) for array in made)
    fits = len(given) == len(promised) and all(
        b is not None and compatible(a, b) for a, b in zip(promised, given, strict=True)
    )
    if not fits:
        raise checks.problem(
            ShapeError,
            f"{step.path} ({type(step.layer).__name__})",
            expected=f"an output of shape {', '.join(map(str, promised))}, as its output_shape says",
            got=", ".join(map(str, given)) or "nothing",
            fix="make the methods output_shape and call of this layer agree.",
        )
