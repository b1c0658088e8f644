"""What a layer looks for: its filters as small pictures."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from lamina import layers
from lamina._core import checks
from lamina.errors import ArgumentError
from lamina.layers import Shape
from lamina.models import Model
from lamina.visualize import _drawing

BY_CHANNEL = (layers.DepthwiseConv1D, layers.DepthwiseConv2D, layers.SeparableConv1D, layers.SeparableConv2D)
TRANSPOSED = (layers.Conv1DTranspose, layers.Conv2DTranspose)
MOST_FILTERS, MOST_CHANNELS = 64, 16


def filters(model: Model, layer: str) -> Any:
    """Draw the filters of a layer.

    Weights above zero are red, those below blue, and zero is white. Filters of one channel stand side by side; those of
    three are drawn in the colours they stand for, grey being zero; of others each line is a filter, and each column a
    channel of its input. Of many, the first are drawn.

    Args:
        model: the model.
        layer: the path of a convolution, or of a `Dense` layer that reads the pixels of an image.

    Returns:
        A matplotlib figure.

    Raises:
        ArgumentError: for a layer that does not exist, or has no filters that could be drawn.
        MissingDependencyError: where matplotlib is not installed (extra ``plot``).

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((8, 8, 1)), lm.layers.Conv2D(16, 3)])
        >>> figure = lm.visualize.filters(model, "conv2d")
        >>> figure.savefig("filters.png")  # doctest: +SKIP

    Reference:
        Zeiler and Fergus (2014), Visualizing and understanding convolutional networks,
        https://arxiv.org/abs/1311.2901
    """
    values = filter_values(model, layer)
    _, rows, columns, channels = values.shape
    is_one_picture = channels in (1, 3)
    largest = max(float(np.abs(values).max()), 1e-12)
    shown = values[: MOST_FILTERS if is_one_picture else MOST_CHANNELS, :, :, :MOST_CHANNELS]
    if channels == 3:
        pictures = list(0.5 + shown / (2 * largest))
    else:
        pictures = list(np.moveaxis(shown, -1, 1).reshape(-1, rows, columns))
    across = min(len(pictures), 8) if is_one_picture else min(channels, MOST_CHANNELS)
    inches = 0.7 if is_one_picture else 0.45
    height = inches * rows / columns * math.ceil(len(pictures) / across)
    figure = _drawing.figure(max(4.0, inches * across + 1), height + 0.5, purpose="visualize.filters")
    axis = figure.subplots()
    drawn = _drawing.show_tiles(axis, pictures, columns=across, cmap=_drawing.WEIGHTS, vmin=-largest, vmax=largest)
    _drawing.title(axis, _caption(layer, values.shape))
    if channels != 3:
        figure.colorbar(drawn, ax=axis, shrink=0.8, aspect=25)
    return figure


def filter_values(model: Model, layer: str) -> np.ndarray:
    """Return the filters of a layer as pictures.

    Args:
        model: the model.
        layer: the path of a convolution, or of a `Dense` layer that reads the pixels of an image.

    Returns:
        An array of shape (filters, rows, columns, channels). The filters of a 1-D convolution have a row for each
        channel of the input and a column for each step; those that look at one channel each have one channel.

    Raises:
        ArgumentError: for a layer that does not exist, or has no filters that could be drawn.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((28, 28)), lm.layers.Flatten(), lm.layers.Dense(10)])
        >>> lm.visualize.filter_values(model, "dense").shape
        (10, 28, 28, 1)
    """
    own = model.get_layer(layer)
    weights = model.get_weights(layer)
    kernel = weights.get("kernel", weights.get("depthwise_kernel"))
    if isinstance(own, layers.Dense) and len(model.inputs) == 1:
        kernel = _by_pixel(weights["kernel"], model.inputs[0].shape[1:])
    if kernel is None or kernel.ndim not in (3, 4):
        raise checks.problem(
            ArgumentError,
            "filters(layer)",
            expected="a convolution over one or two axes, or a Dense layer that reads the pixels of an image",
            got=f"{layer} ({type(own).__name__})",
            fix="name another layer, as in filters(model, 'conv2d').",
        )
    if isinstance(own, TRANSPOSED):
        kernel = kernel.swapaxes(-1, -2)
    if isinstance(own, BY_CHANNEL):
        kernel = kernel.reshape(*kernel.shape[:-2], 1, -1)
    pictures: np.ndarray = np.moveaxis(kernel, -1, 0)
    return pictures if pictures.ndim == 4 else pictures.swapaxes(1, 2)[..., None]


def _by_pixel(kernel: np.ndarray, shape: Shape) -> np.ndarray | None:
    """Return the weights of a unit in the place of the pixel that each is for, None where there are no pixels."""
    sizes = [size for size in shape if size is not None]
    if not 2 <= len(sizes) <= 3 or math.prod(sizes) != len(kernel):
        return None
    return kernel.reshape(*sizes[:2], -1, kernel.shape[-1])


def _caption(layer: str, shape: tuple[int, ...]) -> str:
    count, rows, columns, channels = shape
    if channels in (1, 3):
        return f"{layer}: {_drawing.counted(min(count, MOST_FILTERS), count, 'filter')} of {rows} × {columns}"
    down = _drawing.counted(min(count, MOST_CHANNELS), count, "filter")
    across = _drawing.counted(min(channels, MOST_CHANNELS), channels, "channel")
    return f"{layer}: {down} downwards, {across} across"
