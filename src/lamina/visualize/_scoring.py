"""The score of a class, before anything makes a probability of it, and what an image is to a model."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Mapping
from typing import Any

import numpy as np

from lamina import training
from lamina._core import checks
from lamina.data import to_array
from lamina.errors import ArgumentError, DataError, ShapeError
from lamina.layers import Layer, Run, apply
from lamina.models import Model
from lamina.ops import Array


def one_row(model: Model, image: Any, *, where: str) -> np.ndarray:
    """Return an image as a checked batch of one row.

    Args:
        model: what it is for, a model with one input.
        image: one row of data, or a batch of one.
        where: the place to name in an error.

    Raises:
        ArgumentError: for a model with several inputs.
        DataError: for several images, or NaN.
        ShapeError: for an image of another shape than the model's input.
    """
    if len(model.inputs) > 1:
        raise checks.problem(
            ArgumentError,
            where,
            expected="a model with one input",
            got=f"one with {len(model.inputs)}",
            fix="look at a part of it: Model(inputs, model.output_of(layer)).",
        )
    array = to_array(image, where=where)
    rows = array if array.ndim == len(model.inputs[0].shape) else array[None]
    if len(rows) != 1:
        fix = "choose one, as in x[0]."
        raise checks.problem(DataError, where, expected="one image", got=f"{len(rows)} of them", fix=fix)
    (checked,) = training.to_inputs(model.graph, rows, where=where)
    return checked


def image_of(row: np.ndarray, *, where: str) -> np.ndarray:
    """Return the image in a batch of one row, of shape (rows, columns) or (rows, columns, channels).

    Raises:
        ShapeError: for anything else.
    """
    if row.ndim not in (3, 4):
        raise checks.problem(
            ShapeError,
            where,
            expected="a model of images, of shape (rows, columns) or (rows, columns, channels)",
            got=f"one of rows of shape {row.shape[1:]}",
            fix="let the model take images, and begin it with Flatten() or Reshape(...).",
        )
    image: np.ndarray = row[0]
    return image


def class_of(model: Model, row: np.ndarray, target: Any, *, where: str) -> int:
    """Return the number of the class that is asked about; the model's own answer where `target` is None.

    Args:
        model: a model with one output of shape (batch, classes), or (batch, 1) for yes and no.
        row: a batch of one row.
        target: the number or label of a class.
        where: the place to name in an error.

    Raises:
        ArgumentError: for a model without such an output, and a class that it does not have.
    """
    shapes = [symbol.shape for symbol in model.outputs]
    if len(shapes) > 1 or len(shapes[0]) != 2:
        raise checks.problem(
            ArgumentError,
            where,
            expected="a model with one output of shape (batch, classes)",
            got=f"{' and '.join(map(str, shapes))}",
            fix="build one from a part of it: Model(model.inputs, model.output_of(layer)).",
        )
    scores = np.asarray(class_scores(model, row))
    if target is None:
        return int(scores.argmax())
    labels = list(range(len(scores))) if model.classes is None else model.classes.tolist()
    if target in labels:
        return labels.index(target)
    known = checks.listed(labels) if len(labels) <= 10 else f"a number from 0 to {len(labels) - 1}"
    raise checks.problem(
        ArgumentError, where, expected="a class of the model", got=checks.plain(target), fix=f"choose {known}."
    )


def name_of(model: Model, number: int) -> str:
    """Return what a class is called."""
    return str(number if model.classes is None else model.classes[number])


def class_scores(model: Model, row: Any, *, replaced: Mapping[str, Array] | None = None) -> Array:
    """Return the score of each class for a batch of one row: what softmax or sigmoid make probabilities of.

    Probabilities would not do: where a model is sure, they hardly move, whatever is changed in the image.

    Args:
        model: a model with one output of shape (batch, classes), or (batch, 1) for yes and no.
        row: the row, which may be traced.
        replaced: what a layer gives in its first call, by its path, in place of what it would compute.
    """
    graph = model.graph
    layers = training.layers_with(graph.layers(), model.state.settings) | training.up_to_scores(graph)
    layers |= {path: _giving(layers[path], output) for path, output in (replaced or {}).items()}
    (output,) = apply(graph, model.get_weights(), [row], Run(training=False), layers=layers)
    score: Array = output[0]
    return score if len(score) > 1 else score * np.array([-1, 1], np.float32)


def _giving(layer: Layer, output: Array) -> Layer:
    """Return a layer that gives `output` in its first call, whatever it is called on."""
    result = copy.copy(layer)
    calls = itertools.count()

    def call(weights: Mapping[str, Array], x: Any, context: Any) -> Any:
        return layer.call(weights, x, context) if next(calls) else output

    object.__setattr__(result, "call", call)  # layers are frozen, and this one is our own
    return result
