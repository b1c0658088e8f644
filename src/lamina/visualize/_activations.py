"""What each layer makes of an image."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np

from lamina._core import checks
from lamina.errors import ArgumentError
from lamina.models import Model
from lamina.visualize import _drawing, _scoring

WIDTH = 9.0
MOST_MAPS, MOST_TICKS = 16, 20


def activations(model: Model, image: Any, *, layers: Sequence[str] | str | None = None) -> Any:
    """Draw what layers give for an image.

    Maps are drawn as pictures, a sequence as one picture, and a row of numbers as bars.

    Args:
        model: a model with one input.
        image: one image, or other row of data, of the shape of the model's input.
        layers: the paths of layers, or one of them; all that compute something when not given.

    Returns:
        A matplotlib figure with a line for each layer; of many maps, the first are drawn.

    Raises:
        ArgumentError: for a model with several inputs, and a layer that does not exist or gives what cannot be drawn.
        DataError: for several images, or NaN.
        MissingDependencyError: where matplotlib is not installed (extra ``plot``).
        ShapeError: for an image of another shape than the model's input.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((8, 8, 1)), lm.layers.Conv2D(16, 3), lm.layers.MaxPooling2D()])
        >>> figure = lm.visualize.activations(model, lm.ops.zeros((8, 8, 1)))
        >>> figure.savefig("activations.png")  # doctest: +SKIP
    """
    values = activation_values(model, image, layers=layers)
    row = _scoring.one_row(model, image, where="activations(image)")[0]
    drawings = [functools.partial(_draw, layer, array) for layer, array in values.items()]
    heights = [_height(array) for array in values.values()]
    if row.ndim in (2, 3):
        drawings.insert(0, functools.partial(_draw_image, row))
        heights.insert(0, _height(row[..., None]))
    figure = _drawing.figure(WIDTH, sum(heights) + 0.2, purpose="visualize.activations")
    axes = figure.subplots(len(heights), 1, squeeze=False, height_ratios=heights)[:, 0]
    for draw, axis in zip(drawings, axes, strict=True):
        draw(axis)
    return figure


def activation_values(model: Model, image: Any, *, layers: Sequence[str] | str | None = None) -> dict[str, np.ndarray]:
    """Return what layers give for an image, by the path of the layer.

    Args:
        model: a model with one input.
        image: one image, or other row of data, of the shape of the model's input.
        layers: the paths of layers, or one of them; all that compute something when not given, which leaves out those
            that only move numbers, such as Flatten, and those that do nothing after training, such as Dropout.

    Raises:
        ArgumentError: for a model with several inputs, and a layer that does not exist or gives what cannot be drawn.
        DataError: for several images, or NaN.
        ShapeError: for an image of another shape than the model's input.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((8, 8, 1)), lm.layers.MaxPooling2D(), lm.layers.Flatten()])
        >>> {name: array.shape for name, array in lm.visualize.activation_values(model, lm.ops.ones((8, 8, 1))).items()}
        {'max_pooling2d': (4, 4, 1)}
    """
    row = _scoring.one_row(model, image, where="activations(image)")
    if layers is not None:
        paths = [layers] if isinstance(layers, str) else list(layers)
        values = _outputs(model, paths, row)
    else:
        paths = [path for path, layer in model.graph.layers().items() if layer.input_dtype is not None]
        values = _changed(_outputs(model, paths, row), row[0])
    for path, array in values.items():
        if array.ndim not in (1, 2, 3):
            raise checks.problem(
                ArgumentError,
                "activations(layers)",
                expected="layers that give pictures, sequences or rows of numbers",
                got=f"{path}, which gives shape {array.shape}",
                fix="name the layers to draw, as in layers=['conv2d'].",
            )
    return values


def _outputs(model: Model, paths: Sequence[str], row: np.ndarray) -> dict[str, np.ndarray]:
    given = [model.output_of(path) for path in paths]
    outputs = Model(model.inputs, [item[0] if isinstance(item, tuple) else item for item in given]).predict(row)
    arrays = outputs if isinstance(outputs, list) else [outputs]
    return {path: array[0] for path, array in zip(paths, arrays, strict=True)}


def _changed(values: dict[str, np.ndarray], before: np.ndarray) -> dict[str, np.ndarray]:
    """Leave out what is the same as before, such as what Dropout gives after training."""
    kept = {}
    for path, array in values.items():
        if not np.array_equal(array, before):
            kept[path] = before = array
    return kept


def _height(array: np.ndarray) -> float:
    """Return how many inches a layer takes in the figure, its title included."""
    if array.ndim > 2:
        rows, columns = array.shape[:2]
        return 0.4 + float(WIDTH / MOST_MAPS * rows / columns)
    return 1.3 if array.ndim == 1 else 2.0


def _draw_image(image: np.ndarray, axis: Any) -> None:
    _drawing.show_tiles(axis, [_drawing.drawable(image)], columns=MOST_MAPS, **_drawing.GREYS)
    _drawing.title(axis, "image")


def _draw(layer: str, array: np.ndarray, axis: Any) -> None:
    if array.ndim == 3:
        *size, count = array.shape
        maps = np.moveaxis(array[:, :, :MOST_MAPS], -1, 0)
        colours = {"cmap": _drawing.AMOUNTS, "vmin": float(maps.min()), "vmax": float(maps.max())}
        _drawing.show_tiles(axis, list(maps), columns=MOST_MAPS, **colours)
        _drawing.title(axis, f"{layer}: {_drawing.counted(len(maps), count, 'map')} of {size[0]} × {size[1]}")
    elif array.ndim == 2:
        _drawing.show(axis, array.T, cmap=_drawing.AMOUNTS, aspect="auto")
        _drawing.title(axis, f"{layer}: {array.shape[0]} steps of {array.shape[1]} numbers")
    else:
        axis.bar(np.arange(len(array)), array, color=_drawing.BAR, width=0.8)
        axis.set_xlim(-0.6, len(array) - 0.4)
        axis.spines[["top", "right"]].set_visible(False)
        if len(array) <= MOST_TICKS:
            axis.set_xticks(np.arange(len(array)))
        _drawing.title(axis, f"{layer}: {len(array)} numbers")
