"""Which places of an image speak for a class, as a layer inside the model sees them."""

from __future__ import annotations

from typing import Any

import numpy as np

from lamina import ops
from lamina._core import checks
from lamina.errors import ArgumentError
from lamina.models import Model
from lamina.visualize import _drawing, _scoring


def grad_cam(model: Model, image: Any, *, layer: str | None = None, target: Any = None) -> Any:
    """Draw which places of an image speak for a class.

    Args:
        model: a model with one input for images and one output of classes.
        image: one image, of the shape of the model's input.
        layer: the path of a layer whose output is a picture; the last convolution when not given.
        target: the number or label of the class; the one that the model predicts when not given.

    Returns:
        A matplotlib figure: the image, and beside it the image in the light of what speaks for the class.

    Raises:
        ArgumentError: for a model of another kind, and a layer or class that it does not have.
        DataError: for several images, or NaN.
        MissingDependencyError: where matplotlib is not installed (extra ``plot``).
        ShapeError: for an image of another shape than the model's input.

    Reference:
        Selvaraju et al. (2017), Grad-CAM: visual explanations from deep networks via gradient-based localization,
        https://arxiv.org/abs/1610.02391
    """
    row = _scoring.one_row(model, image, where="grad_cam(image)")
    number = _scoring.class_of(model, row, target, where="grad_cam(target)")
    layer = _layer_of(model, layer)
    values = grad_cam_values(model, image, layer=layer, target=target)
    name, largest = _scoring.name_of(model, number), float(values.max())
    figure, axis = _drawing.beside(row[0], purpose="visualize.grad_cam")
    _drawing.show(axis, 0.5 * _drawing.drawable(row[0]), **_drawing.GREYS)  # dimmed, or it would bleach the light on it
    light = {"cmap": _drawing.HEAT, "vmin": 0, "vmax": largest or 1, "interpolation": "bilinear"}
    drawn = axis.imshow(values, alpha=0.9 * (values / (largest or 1)) ** 0.5, **light)
    _drawing.title(axis, f"{'what' if largest else 'nothing'} speaks for {name} in {layer}")
    figure.colorbar(drawn, ax=axis)
    return figure


def grad_cam_values(model: Model, image: Any, *, layer: str | None = None, target: Any = None) -> np.ndarray:
    """Return how much each place of an image speaks for a class.

    ``relu(Σ mean(∂score / ∂map) · map)``, the sum being over the maps that the layer gives, the mean over the places of
    a map, and the score what softmax or sigmoid make a probability of. The result is stretched to the size of the
    image.

    Args:
        model: a model with one input for images and one output of classes.
        image: one image, of the shape of the model's input.
        layer: the path of a layer whose output is a picture; the last convolution when not given.
        target: the number or label of the class; the one that the model predicts when not given.

    Returns:
        An array of shape (rows, columns), of the size of the image.

    Raises:
        ArgumentError: for a model of another kind, and a layer or class that it does not have.
        DataError: for several images, or NaN.
        ShapeError: for an image of another shape than the model's input.
    """
    row = _scoring.one_row(model, image, where="grad_cam(image)")
    size = _scoring.image_of(row, where="grad_cam(image)").shape[:2]
    number = _scoring.class_of(model, row, target, where="grad_cam(target)")
    layer = _layer_of(model, layer)
    maps = np.asarray(Model(model.inputs, model.output_of(layer))(row))

    @ops.jit
    @ops.grad
    def slope(maps: ops.Array) -> ops.Array:
        return _scoring.class_scores(model, row, replaced={layer: maps})[number]

    weights = np.asarray(slope(maps))[0].mean(axis=(0, 1))
    return _stretched(np.maximum(maps[0] @ weights, 0), size)


def _layer_of(model: Model, layer: str | None) -> str:
    """Return the path of the layer to look from: the last convolution, where none is named."""
    if layer is not None:
        model.get_layer(layer)
        if _gives_pictures(model, layer):
            return layer
        got, fix = f"one of shape {model.output_of(layer).shape}", "name a layer further ahead."
    else:
        declared = model.graph.declared()
        kernels = [path for path in declared if any(len(weight.shape) == 4 for weight in declared[path].values())]
        found = [path for path in kernels if _gives_pictures(model, path)]
        if found:
            return found[-1]
        got, fix = "no convolution", "name the layer to look from, as in layer='conv2d'."
    expected = "a layer with an output of shape (batch, rows, columns, channels)"
    raise checks.problem(ArgumentError, "grad_cam(layer)", expected=expected, got=got, fix=fix)


def _gives_pictures(model: Model, layer: str) -> bool:
    output = model.output_of(layer)
    return not isinstance(output, tuple) and len(output.shape) == 4


def _stretched(values: np.ndarray, size: tuple[int, ...]) -> np.ndarray:
    """Return a picture in another size; between the middles of its pixels, numbers follow straight lines."""
    down, across = (_shares(have, wanted) for have, wanted in zip(values.shape, size, strict=True))
    result: np.ndarray = down @ values @ across.T
    return result


def _shares(have: int, wanted: int) -> np.ndarray:
    """Return how much each of the pixels that there are gives to each of those that are wanted."""
    places = np.clip((np.arange(wanted) + 0.5) * have / wanted - 0.5, 0, have - 1)
    shares: np.ndarray = np.maximum(0, 1 - np.abs(places[:, None] - np.arange(have)))
    return shares
