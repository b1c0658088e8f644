"""Formulas that losses and metrics share: one value for each row, from targets and predictions of one shape.

Each takes float arrays of shape (batch, ..., outputs) and reduces the last axis; `sparse_categorical_crossentropy`
takes class numbers. Bringing arrays to that form, and refusing what cannot be, is the business of those who call.
"""

from __future__ import annotations

import math

from lamina import ops
from lamina.ops import Array

EPSILON = 1e-7
"""The nearest to 0 (and to 1) that a probability is taken for, as in Keras: its logarithm stays finite."""


def mean_squared_error(y_true: Array, y_pred: Array) -> Array:
    """Return ``mean((y - p)²)``."""
    return ops.mean(ops.square(y_true - y_pred), axis=-1)


def mean_absolute_error(y_true: Array, y_pred: Array) -> Array:
    """Return ``mean(|y - p|)``."""
    return ops.mean(magnitude(y_true - y_pred), axis=-1)


def mean_absolute_percentage_error(y_true: Array, y_pred: Array) -> Array:
    """Return ``100 · mean(|y - p| / max(|y|, 1e-7))``."""
    return 100 * ops.mean(magnitude(y_true - y_pred) / ops.maximum(ops.abs(y_true), EPSILON), axis=-1)


def mean_squared_logarithmic_error(y_true: Array, y_pred: Array) -> Array:
    """Return ``mean((log(1 + y) - log(1 + p))²)``, what is below 1e-7 counting as 1e-7."""
    difference = ops.log1p(ops.maximum(y_true, EPSILON)) - ops.log1p(ops.maximum(y_pred, EPSILON))
    return ops.mean(ops.square(difference), axis=-1)


def log_cosh(y_true: Array, y_pred: Array) -> Array:
    """Return ``mean(log(cosh(p - y)))``."""
    error = magnitude(y_true - y_pred)
    # Far out cosh would overflow; near 0 the formula for far out would round to something below 0.
    near = -0.5 * ops.log1p(-ops.square(ops.tanh(ops.minimum(error, 1))))
    far = error + ops.softplus(-2 * error) - math.log(2)
    return ops.mean(ops.where(error < 1, near, far), axis=-1)


def cosine_similarity(y_true: Array, y_pred: Array) -> Array:
    """Return ``Σ y·p / (‖y‖·‖p‖)``, 0 for the zero vector."""
    return ops.sum(_unit(y_true) * _unit(y_pred), axis=-1)


def hinge(y_true: Array, y_pred: Array) -> Array:
    """Return ``mean(max(1 - y·p, 0))``, targets being -1 or 1 (0 is taken for -1)."""
    return ops.mean(_missing_margin(y_true, y_pred), axis=-1)


def squared_hinge(y_true: Array, y_pred: Array) -> Array:
    """Return ``mean(max(1 - y·p, 0)²)``, targets being -1 or 1 (0 is taken for -1)."""
    return ops.mean(ops.square(_missing_margin(y_true, y_pred)), axis=-1)


def categorical_hinge(y_true: Array, y_pred: Array) -> Array:
    """Return ``max(1 + max((1 - y)·p) - Σ y·p, 0)``."""
    right = ops.sum(y_true * y_pred, axis=-1)
    wrong = ops.max((1 - y_true) * y_pred, axis=-1)
    return ops.maximum(1 + (wrong - right), 0)


def kl_divergence(y_true: Array, y_pred: Array) -> Array:
    """Return ``Σ y·log(y / p)``."""
    likelihood = ops.log(ops.clip(y_pred, EPSILON, 1))
    return ops.sum(ops.xlogy(y_true, y_true) - y_true * likelihood, axis=-1)


def poisson(y_true: Array, y_pred: Array) -> Array:
    """Return ``mean(p - y·log(p + 1e-7))``."""
    return ops.mean(y_pred - y_true * ops.log(y_pred + EPSILON), axis=-1)


def binary_crossentropy(y_true: Array, y_pred: Array, from_logits: bool, label_smoothing: float | Array) -> Array:
    """Return ``mean(-y·log(p) - (1 - y)·log(1 - p))``, targets being moved towards ½ by `label_smoothing`."""
    y_true = y_true * (1 - label_smoothing) + label_smoothing / 2
    return ops.mean(binary_values(y_true, y_pred, from_logits), axis=-1)


def categorical_crossentropy(y_true: Array, y_pred: Array, from_logits: bool, label_smoothing: float | Array) -> Array:
    """Return ``-Σ y·log(p)``, the share `label_smoothing` of targets being spread evenly over all classes."""
    y_true = y_true * (1 - label_smoothing) + label_smoothing / y_true.shape[-1]
    log_probability = log_probabilities(y_pred, from_logits)
    # A class that cannot be (a logit of -inf) and is not asked for costs nothing; 0 · -inf would be NaN.
    return -ops.sum(ops.where(y_true == 0, 0, y_true * log_probability), axis=-1)


def sparse_categorical_crossentropy(y_true: Array, y_pred: Array, from_logits: bool, ignore_class: int | None) -> Array:
    """Return ``-log(p[y])``: 0 for the ignored class, NaN for a class that does not exist."""
    classes = y_pred.shape[-1]
    # A comparison and a sum fuse into one pass, forward and backward; gathering would have to scatter its gradient.
    asked = y_true[..., None] == ops.arange(classes)
    values = -ops.sum(ops.where(asked, log_probabilities(y_pred, from_logits), 0), axis=-1)
    values = ops.where((y_true >= 0) & (y_true < classes), values, float("nan"))
    return values if ignore_class is None else ops.where(y_true == ignore_class, 0, values)


def binary_values(y_true: Array, y_pred: Array, from_logits: bool) -> Array:
    """Return the binary cross-entropy of each output, nothing reduced."""
    if from_logits:
        # Exact for every logit: no exponential overflows, and no large terms cancel. At 0, where untrained models
        # start, `maximum` splits its slope and `magnitude` has none, so that the gradient is sigmoid(0) - y.
        return ops.maximum(y_pred, 0) - y_true * y_pred + ops.log1p(ops.exp(-magnitude(y_pred)))
    probability = ops.clip(y_pred, EPSILON, 1 - EPSILON)
    return -(y_true * ops.log(probability) + (1 - y_true) * ops.log1p(-probability))


def log_probabilities(y_pred: Array, from_logits: bool) -> Array:
    """Return the logarithm of each class's probability, nothing reduced."""
    if from_logits:
        return ops.log_softmax(y_pred, axis=-1)
    total = ops.maximum(ops.sum(y_pred, axis=-1, keepdims=True), EPSILON)
    return ops.log(ops.maximum(y_pred / total, EPSILON))


def magnitude(values: Array) -> Array:
    """Return |x| with the slope 0 at 0, where that of JAX's own `abs` is 1: a perfect prediction must rest."""
    return values * ops.sign(values)


def _missing_margin(y_true: Array, y_pred: Array) -> Array:
    sign = ops.where(y_true == 0, -1, y_true)
    return ops.maximum(1 - sign * y_pred, 0)


def _unit(vectors: Array) -> Array:
    # Dividing by the largest entry first keeps squares from overflowing, and changes no gradient: the result does not
    # depend on it. A length below 1e-7 is left short, so that the gradient at the zero vector is finite.
    largest = ops.max(ops.abs(vectors), axis=-1, keepdims=True, initial=EPSILON)
    scaled = vectors / ops.stop_gradient(largest)
    length = ops.sum(ops.square(scaled), axis=-1, keepdims=True)
    return scaled * ops.rsqrt(ops.maximum(length, 0.5))
