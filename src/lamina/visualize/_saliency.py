"""Which pixels of an image move the score of a class."""

from __future__ import annotations

from typing import Any

import numpy as np

from lamina import ops
from lamina.models import Model
from lamina.visualize import _drawing, _scoring


def saliency(model: Model, image: Any, *, target: Any = None) -> Any:
    """Draw how much each pixel of an image moves the score of a class.

    Args:
        model: a model with one input for images and one output of classes.
        image: one image, of the shape of the model's input.
        target: the number or label of the class; the one that the model predicts when not given.

    Returns:
        A matplotlib figure: the image, and beside it the size of the slope at each pixel.

    Raises:
        ArgumentError: for a model of another kind, and a class that it does not have.
        DataError: for several images, or NaN.
        MissingDependencyError: where matplotlib is not installed (extra ``plot``).
        ShapeError: for an image of another shape than the model's input.

    Example:
        >>> import lamina as lm
        >>> (x, _), _ = lm.datasets.digits.load_data()
        >>> model = lm.Sequential([lm.Input((8, 8)), lm.layers.Flatten(), lm.layers.Dense(10, activation="softmax")])
        >>> figure = lm.visualize.saliency(model, x[0])
        >>> figure.savefig("saliency.png")  # doctest: +SKIP

    Reference:
        Simonyan, Vedaldi and Zisserman (2013), Deep inside convolutional networks: visualising image classification
        models and saliency maps, https://arxiv.org/abs/1312.6034
    """
    row = _scoring.one_row(model, image, where="saliency(image)")
    number = _scoring.class_of(model, row, target, where="saliency(target)")
    slopes = saliency_values(model, image, target=target)
    figure, axis = _drawing.beside(row[0], purpose="visualize.saliency")
    drawn = _drawing.show(axis, slopes, cmap=_drawing.HEAT, vmin=0)
    _drawing.title(axis, f"what moves the score of {_scoring.name_of(model, number)}")
    figure.colorbar(drawn, ax=axis)
    return figure


def saliency_values(model: Model, image: Any, *, target: Any = None) -> np.ndarray:
    """Return how much each pixel of an image moves the score of a class.

    ``max over channels |∂score / ∂image|``, the score being what softmax or sigmoid make a probability of.

    Args:
        model: a model with one input for images and one output of classes.
        image: one image, of the shape of the model's input.
        target: the number or label of the class; the one that the model predicts when not given.

    Returns:
        An array of shape (rows, columns).

    Raises:
        ArgumentError: for a model of another kind, and a class that it does not have.
        DataError: for several images, or NaN.
        ShapeError: for an image of another shape than the model's input.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((8, 8)), lm.layers.Flatten(), lm.layers.Dense(1, activation="sigmoid")])
        >>> slopes = lm.visualize.saliency_values(model, lm.ops.zeros((8, 8)), target=1)
        >>> weights = model.get_weights("dense")["kernel"].reshape(8, 8)
        >>> bool((slopes == abs(weights)).all())
        True
    """
    row = _scoring.one_row(model, image, where="saliency(image)")
    _scoring.image_of(row, where="saliency(image)")
    number = _scoring.class_of(model, row, target, where="saliency(target)")

    @ops.jit
    @ops.grad
    def slope(x: ops.Array) -> ops.Array:
        return _scoring.class_scores(model, x)[number]

    sizes: np.ndarray = np.abs(np.asarray(slope(row.astype(np.float32)))[0])
    return sizes.max(axis=-1) if sizes.ndim == 3 else sizes
