"""Run a network on arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lamina import ops
from lamina._core import checks
from lamina._core.config import fields_of
from lamina.errors import ArgumentError, ShapeError
from lamina.layers._context import Context, Run, converted
from lamina.layers._graph import Graph, Step
from lamina.layers._layer import Layer
from lamina.layers._masks import masked_outputs
from lamina.layers._symbol import compatible, is_shape
from lamina.layers._weight import Weight
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
        run: training or not, random key, real rows, type; it collects moving values, penalties and the outputs' masks.
        layers: layers to use in place of the graph's own, by path, such as those with settings as traced arrays.

    Raises:
        ShapeError: for other rows in a batch than an input states, and a layer that gives another shape than its
            ``output_shape`` promises.
    """
    _check_batch(graph, inputs, run)
    layers = layers or {}
    values = dict(zip(graph.input_slots, inputs, strict=True))
    masks: dict[int, Array] = {}
    for step in graph.steps:
        layer = layers.get(step.path, step.layer)
        read, known = (tuple(map(found.get, step.inputs)) for found in (values, masks))
        x: Any = read if layer.many_inputs or len(read) > 1 else read[0]
        mask: Any = known if layer.many_inputs else known[0]
        dtype = _type_for(graph, step, layer, run)
        weights, x = _in_type(dtype, graph.declared().get(step.path, {}), arrays.get(step.path, {}), layer, x)
        result = _call(step, layer, weights, x, Context(run, step.path, step.call, mask))
        made = result if isinstance(result, tuple) else (result,)
        _check_promise(step, made)
        made = made if dtype is None else ops.cast(made, dtype)  # settings are arrays of 32 bits, and widen halves
        values.update(zip(step.outputs, made, strict=True))
        masks.update(_masks(step, layer, x, mask, made))
    run.output_masks = tuple(map(masks.get, graph.output_slots))
    if run.dtype is None:
        return tuple(values[slot] for slot in graph.output_slots)
    run.moved = {path: _as_before(own, arrays.get(path, {})) for path, own in run.moved.items()}
    return tuple(ops.cast(values[slot], ops.wide(run.dtype)) for slot in graph.output_slots)


def _check_batch(graph: Graph, inputs: Sequence[Array], run: Run) -> None:
    """Refuse a batch of another size than an input states, and one that is filled up to that size."""
    for name, symbol, array in zip(graph.input_names, graph.inputs, inputs, strict=True):
        wanted = symbol.shape[0]
        if wanted is not None and (wanted != len(array) or run.rows is not None):
            raise checks.problem(
                ShapeError,
                name,
                expected=f"batches of {wanted} rows, as its Input states",
                got=f"{len(array)} rows" if wanted != len(array) else "rows of which the last batch may have fewer",
                fix=f"give {wanted} rows at a time, and leave out those that fill no batch.",
            )


def _type_for(graph: Graph, step: Step, layer: Layer, run: Run) -> str | None:
    """Return the type a layer computes in and gives, None for that of its inputs.

    What only moves numbers leaves them as they are. What gives the outputs of the network, and what `needs_float32`,
    never computes with halves.
    """
    made_of = tuple(_made_of(layer))
    only_moves = not graph.declared().get(step.path) and all(part.input_dtype is None for part in made_of)
    if run.dtype is None or only_moves:
        return None
    gives_output = not set(step.outputs).isdisjoint(graph.output_slots)
    needs_float32 = any(part.needs_float32 for part in made_of)
    return ops.wide(run.dtype) if gives_output or needs_float32 else run.dtype


def _made_of(layer: Layer) -> Iterator[Layer]:
    """Yield a layer, and all those it is made of."""
    yield layer
    for field in fields_of(layer).values():
        for part in field if isinstance(field, tuple) else (field,):
            if isinstance(part, Layer):
                yield from _made_of(part)


def _in_type(
    dtype: str | None, declared: Mapping[str, Weight], weights: Mapping[str, Array], layer: Layer, x: Any
) -> tuple[Mapping[str, Array], Any]:
    """Return the weights and the input of a layer in the type it computes in; moving values keep all their digits."""
    if dtype is None:
        return weights, converted(x, layer.input_dtype)
    x = converted(x, ops.wide(dtype) if layer.input_dtype == "float32" else layer.input_dtype)
    narrowed = {name: own if declared[name].moving else ops.cast(own, dtype) for name, own in weights.items()}
    return narrowed, ops.cast(x, dtype)


def _as_before(moved: Mapping[str, Array], before: Mapping[str, Array]) -> dict[str, Array]:
    """Return the new moving values of a layer in the types of the old ones."""
    return {name: ops.cast(value, before[name].dtype) if name in before else value for name, value in moved.items()}


def _masks(step: Step, layer: Layer, x: Any, mask: Any, made: tuple[Array, ...]) -> dict[int, Array]:
    """Return the masks of those outputs that have one, by slot."""
    known = tuple(each is not None for each in (mask if layer.many_inputs else (mask,)))
    given = masked_outputs(layer, known, step.output_shapes)
    if not any(given):
        return {}
    output_mask = layer.output_mask(x, mask)
    found = {}
    for slot, has_mask, array in zip(step.outputs, given, made, strict=True):
        if has_mask:
            _check_mask(step, output_mask, array)
            found[slot] = output_mask
    return found


def _check_mask(step: Step, mask: Any, array: Array) -> None:
    if getattr(mask, "shape", None) != array.shape[:2]:
        raise checks.problem(
            ShapeError,
            f"{step.path} ({type(step.layer).__name__})",
            expected=f"a mask of shape {array.shape[:2]} for its output",
            got=str(getattr(mask, "shape", "none")),
            fix="return that shape from the method output_mask(self, x, mask) of this layer.",
        )


def _call(step: Step, layer: Layer, weights: Mapping[str, Array], x: Any, context: Context) -> Any:
    weights = {**weights, **context.moved()}
    label = f"{step.path} ({type(step.layer).__name__})"
    try:
        with ops.named_scope(step.path), ops.explained(label):
            _check_sizes(step, layer, x)
            return layer.call(weights, x, context)
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


def _check_sizes(step: Step, layer: Layer, x: Any) -> None:
    """Let a layer refuse sizes that come with the data, as it does those that it is told when the network is made."""
    told: Any = (step.input_shape,) if is_shape(step.input_shape) else step.input_shape
    if any(None in shape[1:] for shape in told):
        layer.output_shape(tuple(each.shape for each in x) if isinstance(x, tuple) else x.shape)


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
