"""The rows given to fit, evaluate or predict: matched with the model's inputs and outputs, checked, made arrays."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from lamina import ops
from lamina._core import checks
from lamina.data import Targets, column_names, in_columns, to_numbers, to_targets
from lamina.errors import DataError, ShapeError
from lamina.layers import Graph
from lamina.ops import Array
from lamina.training._matching import check_lengths, parts_of
from lamina.training._plan import Plan
from lamina.training._program import Block
from lamina.training._weights import to_weights

Classes: TypeAlias = tuple[np.ndarray | None, ...]
Columns: TypeAlias = tuple[tuple[str, ...] | None, ...]
Place: TypeAlias = tuple[int, tuple[int, ...], tuple[int, ...], str]


class Names(NamedTuple):
    """How errors name the three parts of the data."""

    x: str = "x"
    y: str = "y"
    sample_weight: str = "sample_weight"


@dataclasses.dataclass(frozen=True)
class Rows:
    """Checked arrays on the host, all with the same number of rows.

    Args:
        inputs: one array for each input.
        targets: one array for each output.
        weights: one array of row weights for each output; None for 1 each.
        classes: for each output the labels its class numbers stand for; None where targets are numbers.
        columns: for each input the names of the columns of its frame; None where it was an array.
    """

    inputs: tuple[np.ndarray, ...]
    targets: tuple[np.ndarray, ...]
    weights: tuple[np.ndarray, ...] | None
    classes: Classes
    columns: Columns

    def __len__(self) -> int:
        return len(self.inputs[0])

    def take(self, chosen: slice | np.ndarray) -> Rows:
        """Return some of the rows."""
        return dataclasses.replace(
            self,
            inputs=tuple(array[chosen] for array in self.inputs),
            targets=tuple(array[chosen] for array in self.targets),
            weights=self.weights and tuple(array[chosen] for array in self.weights),
        )

    @property
    def nbytes(self) -> int:
        """How much memory the arrays take, one that is input and target alike counted once."""
        return sum(array.nbytes for array in self.distinct())

    def distinct(self) -> list[np.ndarray]:
        """Return the arrays, one that is input and target alike only once."""
        return list(self._by_place().values())

    def block(self, put: Callable[[np.ndarray], Array] | None = None) -> Block:
        """Return the rows as one block on the device.

        Args:
            put: what puts an array there, called once for one that is input and target alike; a copy by default.
        """
        put = put or _copied
        there = {place: put(array) for place, array in self._by_place().items()}

        def on_device(arrays: tuple[np.ndarray, ...]) -> tuple[Array, ...]:
            return tuple(there[_place(array)] for array in arrays)

        weights = None if self.weights is None else on_device(self.weights)
        return Block(on_device(self.inputs), on_device(self.targets), weights)

    def _by_place(self) -> dict[Place, np.ndarray]:
        return {_place(array): array for array in (*self.inputs, *self.targets, *(self.weights or ()))}


def _copied(array: np.ndarray) -> Array:
    copy: Array = ops.device_put(np.array(array))  # asarray would compile a program for each shape
    return copy


def _place(array: np.ndarray) -> Place:
    """Return where an array lies in memory and how; two views of the same rows are alike."""
    return array.ctypes.data, array.shape, array.strides, array.dtype.str


def to_inputs(
    graph: Graph, x: Any, *, where: str = "x", columns: Columns | None = None, kept: str = "float32"
) -> tuple[np.ndarray, ...]:
    """Return one checked array for each input of a network.

    Args:
        graph: the network.
        x: one array, or one for each input in order or by name.
        where: the place to name in an error.
        columns: the names of the columns seen in training, for each input; frames are put into that order.
        kept: the type for floating numbers, "float32" or "float64".

    Raises:
        DataError: for missing or superfluous inputs or columns, text, NaN, or different numbers of rows.
        ShapeError: for rows of another shape than the input states, naming the layer that reads them.
    """
    arrays = {}
    for index, (place, part) in enumerate(parts_of(x, graph.input_names, where=where, noun="input").items()):
        if columns and columns[index]:
            part = in_columns(part, columns[index] or (), where=place)
        dtype = graph.inputs[index].dtype
        array = to_numbers(part, where=place, dtype=kept if dtype == "float32" else dtype)
        arrays[place] = array = _in_input_shape(graph, index, array)
        for step in graph.steps:
            if graph.input_slots[index] in step.inputs:
                step.layer.check_input(array, where=place)
    check_lengths(arrays)
    return tuple(arrays.values())


def to_rows(
    plan: Plan,
    x: Any,
    y: Any,
    sample_weight: Any = None,
    *,
    classes: Classes | None = None,
    columns: Columns | None = None,
    names: Names | None = None,
) -> Rows:
    """Return checked rows for training or evaluation.

    Args:
        plan: the compiled model.
        x: the inputs.
        y: the targets.
        sample_weight: a weight for each row, or each row and step of a sequence, alone or for each output.
        classes: the labels seen in training, for each output.
        columns: the names of the columns seen in training, for each input.
        names: how errors name the three.

    Raises:
        DataError: for whatever cannot be trained on; see `to_inputs` and `lamina.data.to_targets`.
    """
    names = names or Names()
    inputs = to_inputs(plan.graph, x, where=names.x, columns=columns, kept=plan.types.kept)
    columns = columns_of(plan.graph, x, columns)
    if y is None:
        raise checks.problem(
            DataError, names.y, expected="targets", got="None", fix="pass them after the inputs, as in fit(x, y)."
        )
    parts = parts_of(y, plan.graph.output_names, where=names.y, noun="output").items()
    found = [_to_targets(plan, index, part, where=place, classes=classes) for index, (place, part) in enumerate(parts)]
    for (place, _), targets in zip(parts, found, strict=True):
        check_lengths({names.x: inputs[0], place: targets.values})
    values, labels = tuple(each.values for each in found), tuple(each.classes for each in found)
    weights = None
    if sample_weight is not None:
        where, kept = names.sample_weight, plan.types.kept
        weights = to_weights(plan.graph, sample_weight, inputs[0], where, targets=values, kept=kept)
    return Rows(inputs, values, weights, labels, columns)


def columns_of(graph: Graph, x: Any, known: Columns | None = None) -> Columns:
    """Return the names of the columns of each input: those known before, else those of a frame."""
    parts = parts_of(x, graph.input_names, where="x", noun="input").values()
    known = known or (None,) * len(parts)
    return tuple(before or column_names(part) for before, part in zip(known, parts, strict=True))


def _to_targets(plan: Plan, index: int, part: Any, *, where: str, classes: Classes | None) -> Targets:
    """Return the targets of one output, and what its classes are called."""
    loss = plan.outputs[index].loss
    known = classes[index] if classes else None
    found = to_targets(
        part,
        loss.targets,
        plan.graph.outputs[index].shape,
        where=where,
        classes=known,
        ignored=getattr(loss, "ignore_class", None),
        dtype=plan.types.kept,
    )
    # Which number stands for which word was never said; False and True are 0 and 1 in any case.
    if classes and known is None and found.classes is not None and found.classes.dtype != bool:
        raise checks.problem(
            DataError,
            where,
            expected="class numbers, as in earlier training",
            got=f"labels such as {found.classes[0].item()!r}",
            fix="give numbers, or train a new model on the labels.",
        )
    return found


def _in_input_shape(graph: Graph, index: int, array: np.ndarray) -> np.ndarray:
    """Return the array in the shape of an input; only a missing last axis of size 1 is added."""
    shape = graph.inputs[index].shape
    if array.ndim == len(shape) - 1 and shape[-1] == 1:
        array = array[..., None]
    if array.ndim == len(shape) and all(b in (None, a) for a, b in zip(array.shape[1:], shape[1:], strict=True)):
        return array
    reader = next((step for step in graph.steps if graph.input_slots[index] in step.inputs), None)
    wanted = ", ".join("batch" if axis == 0 else str(size or "any") for axis, size in enumerate(shape))
    raise checks.problem(
        ShapeError,
        f"{reader.path} ({type(reader.layer).__name__})" if reader else graph.input_names[index],
        expected=f"an input of shape ({wanted}{',' if len(shape) == 1 else ''})",
        got=str(array.shape),
        fix=_fix(array.shape, shape),
    )


def _fix(given: tuple[int, ...], wanted: tuple[int | None, ...]) -> str:
    if given == wanted[1:] and len(given) > 1:
        return f"write x[None] for a single row; for {given[0]} rows state the shape of one row: Input({given[1:]})."
    if given == wanted[1:]:
        return "write x[None] for a single row; a batch has one row for each example."
    sizes = [size or 0 for size in wanted[1:]]
    if [*given] == sizes[:-1] and sizes[-1] == 1 and len(given) > 1:
        return (
            "write x[None, ..., None] for a single one: a batch has one for each example, each with a last axis of 1."
        )
    if len(sizes) > 2 and [*given[2:], *given[1:2]] == sizes:
        return "move the channels to the end: np.moveaxis(x, 1, -1)."
    if len(sizes) > 1 and sizes[-1] and [*given[1:]] == sizes[:-1]:
        one = (*given[1:], 1)
        return f"give a last axis of {sizes[-1]}, or build the model for one of 1: Input({one}) and x[..., None]."
    if math.prod(given[1:]) == math.prod(sizes):
        return f"reshape the rows: x.reshape(-1, {', '.join(map(str, sizes))})."
    if len(sizes) > 1:
        return "build the model for this data, or bring the data into that shape."
    return "build the model for this data, or select the columns it was built for."
