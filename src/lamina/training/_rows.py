"""The rows given to fit, evaluate or predict: matched with the model's inputs and outputs, checked, turned into arrays."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lamina import ops
from lamina._core import checks
from lamina.data import to_array, to_numbers, to_targets
from lamina.errors import DataError, ShapeError
from lamina.layers import Graph
from lamina.training._plan import Plan
from lamina.training._program import Block

Classes = tuple[np.ndarray | None, ...]


@dataclasses.dataclass(frozen=True)
class Rows:
    """Checked arrays on the host, all with the same number of rows.

    Args:
        inputs: one array for each input.
        targets: one array for each output.
        weights: one array of row weights for each output; None for 1 each.
        classes: for each output the labels its class numbers stand for; None where targets are numbers.
    """

    inputs: tuple[np.ndarray, ...]
    targets: tuple[np.ndarray, ...]
    weights: tuple[np.ndarray, ...] | None
    classes: Classes

    def __len__(self) -> int:
        return len(self.inputs[0])

    def take(self, chosen: slice | np.ndarray) -> Rows:
        """Return some of the rows."""
        arrays = (self.inputs, self.targets, self.weights)
        inputs, targets, weights = (None if part is None else tuple(array[chosen] for array in part) for part in arrays)
        return dataclasses.replace(self, inputs=inputs, targets=targets, weights=weights)

    def block(self) -> Block:
        """Return the rows as one block on the device."""
        return ops.tree_map(ops.asarray, Block(self.inputs, self.targets, self.weights))  # type: ignore[no-any-return]


def to_inputs(graph: Graph, x: Any, *, where: str = "x") -> tuple[np.ndarray, ...]:
    """Return one checked array for each input of a network.

    Raises:
        DataError: for missing or superfluous inputs, text, NaN, different numbers of rows, or what a layer cannot read.
        ShapeError: for rows of another shape than the input states, naming the layer that reads them.
    """
    parts = _for_each(x, graph.input_names, where, "input")
    arrays = []
    for name, symbol, part in zip(graph.input_names, graph.inputs, parts, strict=True):
        place = where if len(parts) == 1 else f"{where}[{name!r}]"
        array = to_numbers(part, where=place, dtype=symbol.dtype)
        arrays.append(_of_input_shape(graph, array, symbol.shape, name))
        for step in graph.steps:
            if graph.input_slots[len(arrays) - 1] in step.inputs:
                step.layer.check_input(arrays[-1], where=place)
    check_lengths({f"{where}[{name!r}]": array for name, array in zip(graph.input_names, arrays, strict=True)})
    return tuple(arrays)


def to_rows(
    plan: Plan, x: Any, y: Any, sample_weight: Any = None, *, classes: Classes | None = None, names: tuple[str, str] = ("x", "y")
) -> Rows:
    """Return checked rows for training or evaluation.

    Args:
        plan: the compiled model.
        x: the inputs.
        y: the targets.
        sample_weight: a weight for each row, alone or for each output.
        classes: labels seen in training.
        names: how `x` and `y` are called in errors.

    Raises:
        DataError: for whatever cannot be trained on; see `to_inputs` and `lamina.data.to_targets`.
    """
    inputs = to_inputs(plan.graph, x, where=names[0])
    if y is None:
        raise checks.problem(
            DataError, names[1], expected="targets", got="None", fix=f"pass them: fit({names[0]}, {names[1]})."
        )
    parts = _for_each(y, plan.graph.output_names, names[1], "output")
    targets, labels = [], []
    for index, (output, part) in enumerate(zip(plan.outputs, parts, strict=True)):
        place = names[1] if len(parts) == 1 else f"{names[1]}[{output.name!r}]"
        shape = plan.graph.outputs[index].shape
        known = classes[index] if classes else None
        found = to_targets(part, output.loss.targets, shape, where=place, classes=known)
        check_lengths({names[0]: inputs[0], place: found.values})
        targets.append(found.values)
        labels.append(found.classes)
    weights = None if sample_weight is None else _to_weights(plan, sample_weight, inputs[0])
    return Rows(inputs, tuple(targets), weights, tuple(labels))


def check_lengths(arrays: Mapping[str, np.ndarray]) -> None:
    """Refuse arrays with different numbers of rows."""
    sizes = {name: len(array) for name, array in arrays.items()}
    first = next(iter(sizes))
    for name, size in sizes.items():
        if size != sizes[first]:
            raise checks.problem(
                DataError,
                name,
                expected=f"as many rows as {first} has ({sizes[first]:,})",
                got=f"{size:,}",
                fix="make sure that both come from the same rows, in the same order.",
            )


def _to_weights(plan: Plan, given: Any, first: np.ndarray) -> tuple[np.ndarray, ...]:
    several = isinstance(given, (Mapping, tuple)) and len(plan.outputs) > 1
    parts = _for_each(given, plan.graph.output_names, "sample_weight", "output") if several else [given] * len(plan.outputs)
    result = []
    for part in parts:
        weights = to_numbers(part, where="sample_weight").astype(np.float32)
        weights = weights[:, 0] if weights.shape[1:] == (1,) else weights
        check_lengths({"x": first, "sample_weight": weights})
        if weights.min() < 0 or weights.sum() == 0:
            raise checks.problem(
                DataError,
                "sample_weight",
                expected="weights of at least 0, not all of them 0",
                got=f"a least weight of {float(weights.min()):g} and a sum of {float(weights.sum()):g}",
                fix="give the rows that should count a positive weight.",
            )
        result.append(weights)
    return tuple(result)


def _for_each(given: Any, names: tuple[str, ...], where: str, noun: str) -> Sequence[Any]:
    """Match data with the names of inputs or outputs: alone, in order, or by name."""
    if isinstance(given, Mapping) and (len(names) > 1 or set(given) == set(names)):
        for name in given:
            if name not in names:
                near = checks.nearest(str(name), names)
                raise checks.problem(
                    DataError,
                    where,
                    expected=f"the {noun}s {checks.listed(names, 'and')}",
                    got=repr(name),
                    fix=f"did you mean {near!r}?" if near else "remove it.",
                )
        for name in names:
            if name not in given:
                raise checks.problem(
                    DataError, where, expected=f"data for the {noun} {name!r}", got="none", fix="add it to the dictionary."
                )
        return [given[name] for name in names]
    if len(names) == 1:
        is_alone = isinstance(given, (list, tuple)) and len(given) == 1 and hasattr(given[0], "shape") and given[0].ndim > 1
        return [given[0] if is_alone else given]
    if not isinstance(given, (list, tuple)) or len(given) != len(names):
        count = len(given) if isinstance(given, (list, tuple)) else 1
        raise checks.problem(
            DataError,
            where,
            expected=f"{len(names)} arrays, one for each {noun} ({', '.join(names)})",
            got=str(count),
            fix="pass a list in this order, or a dictionary by name.",
        )
    return given


def _of_input_shape(graph: Graph, array: np.ndarray, shape: tuple[int | None, ...], name: str) -> np.ndarray:
    """Return the array in the shape of an input; only a missing last axis of size 1 is added."""
    if array.ndim == len(shape) - 1 and shape[-1] == 1:
        array = array[..., None]
    if array.ndim == len(shape) and all(b in (None, a) for a, b in zip(array.shape[1:], shape[1:], strict=True)):
        return array
    slot = graph.input_slots[graph.input_names.index(name)]
    reader = next((step for step in graph.steps if slot in step.inputs), None)
    where = f"{reader.path} ({type(reader.layer).__name__})" if reader else name
    wanted = ", ".join("batch" if axis == 0 else str(size or "any") for axis, size in enumerate(shape))
    flat = int(np.prod(array.shape[1:])) == int(np.prod([size or 0 for size in shape[1:]]))
    fix = (
        f"reshape the rows: x.reshape(-1, {', '.join(str(size) for size in shape[1:])})."
        if flat
        else "build the model for this data, or select the columns it was built for."
    )
    if array.ndim == 1 and len(shape) == 2 and len(array) == shape[1]:
        fix = "for a single row write x[None, :]; a batch has one row for each example."
    raise checks.problem(
        ShapeError,
        where,
        expected=f"an input of shape ({wanted}{',' if len(shape) == 1 else ''})",
        got=str(array.shape),
        fix=fix,
    )


def row_count(x: Any) -> int:
    """Return the number of rows of the first input, whatever it is given as."""
    first = next(iter(x.values())) if isinstance(x, Mapping) else x
    return len(to_array(first, where="x"))
