"""One line for each loss and setting: what `test_losses.py` holds every one of them to.

A reference is the formula once more, in NumPy, for targets and predictions of float64; it gives one value for each row.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, log_softmax, softmax

from lamina import losses


@dataclass(frozen=True)
class Kind:
    """How targets and predictions are drawn for a shape, and the best prediction for given targets."""

    targets: Callable
    predictions: Callable
    perfect: Callable


@dataclass(frozen=True)
class Case:
    """A loss, what it is for, and its reference; `largest` is the greatest offset whose loss float32 can hold."""

    loss: losses.Loss
    kind: Kind
    reference: Callable
    largest: float = 1e20


def one_hot(rng, shape):
    return np.eye(shape[-1])[rng.integers(shape[-1], size=shape[:-1])]


def classes(rng, shape):
    return rng.integers(shape[-1], size=shape[:-1])


def distributions(rng, shape):
    return rng.dirichlet(np.full(shape[-1], 2.0), size=shape[:-1])


def normal(rng, shape):
    return 2 * rng.normal(size=shape)


def positive(rng, shape):
    return rng.uniform(0.1, 4.0, size=shape)


def counts(rng, shape):
    return rng.poisson(2.0, size=shape).astype(float)


def signs(rng, shape):
    return rng.choice([-1.0, 1.0], size=shape)


def bits(rng, shape):
    return rng.choice([0.0, 1.0], size=shape)


def shares(rng, shape):
    return rng.uniform(0.05, 0.95, size=shape)


def themselves(y_true, outputs):
    return y_true


def certain_logits(y_true, outputs):
    return 100 * (2 * y_true - 1)


def smoothed_bits(y_true, outputs):
    return 0.8 * y_true + 0.1


def smoothed_one_hot(y_true, outputs):
    return 0.8 * y_true + 0.2 / outputs


def as_one_hot(y_true, outputs):
    return np.eye(outputs)[y_true]


def certain_class_logits(y_true, outputs):
    return 100 * np.eye(outputs)[y_true]


NUMBERS = Kind(normal, normal, themselves)
AMOUNTS = Kind(counts, positive, themselves)
MARGINS = Kind(signs, normal, lambda y_true, outputs: 2 * y_true)
CLASS_MARGINS = Kind(one_hot, normal, lambda y_true, outputs: 2 * y_true)
BITS = Kind(bits, shares, themselves)
BIT_LOGITS = Kind(bits, normal, certain_logits)
SMOOTHED_BITS = Kind(bits, shares, smoothed_bits)
ONE_HOT = Kind(one_hot, distributions, themselves)
SHARES = Kind(distributions, distributions, themselves)
ONE_HOT_LOGITS = Kind(one_hot, normal, certain_logits)
SMOOTHED_ONE_HOT = Kind(one_hot, distributions, smoothed_one_hot)
CLASSES = Kind(classes, distributions, as_one_hot)
CLASS_LOGITS = Kind(classes, normal, certain_class_logits)


def rows(values):
    return values.mean(axis=-1)


def binary(y, p):
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


def binary_focal(y, p, gamma):
    return (1 - np.where(y == 1, p, 1 - p)) ** gamma * binary(y, p)


def categorical(y, log_p):
    return -(y * log_p).sum(axis=-1)


def sparse(y, log_p):
    return -np.take_along_axis(log_p, y[..., None], axis=-1)[..., 0]


def angle(y, p):
    return -(y * p).sum(axis=-1) / np.linalg.norm(y, axis=-1) / np.linalg.norm(p, axis=-1)


def huber(e, delta):
    return np.where(e <= delta, e**2 / 2, delta * (e - delta / 2))


def overlap(y, p, alpha, beta):
    each = tuple(range(1, y.ndim))
    hits, alarms, misses = (y * p).sum(each), (p - y * p).sum(each), (y - y * p).sum(each)
    return 1 - hits / (hits + alpha * alarms + beta * misses)


SQUARE = 1e15
"""The largest offset for losses that square it: 1e20 squared is infinite in float32."""

CASES = [
    Case(losses.MeanSquaredError(), NUMBERS, lambda y, p: rows((y - p) ** 2), SQUARE),
    Case(losses.MeanAbsoluteError(), NUMBERS, lambda y, p: rows(abs(y - p))),
    Case(losses.MeanAbsolutePercentageError(), NUMBERS, lambda y, p: 100 * rows(abs((y - p) / y))),
    Case(losses.MeanSquaredLogarithmicError(), AMOUNTS, lambda y, p: rows(np.log((1 + y) / (1 + p)) ** 2)),
    Case(losses.Huber(), NUMBERS, lambda y, p: rows(huber(abs(y - p), 1.0))),
    Case(losses.Huber(delta=2.5), NUMBERS, lambda y, p: rows(huber(abs(y - p), 2.5))),
    Case(losses.LogCosh(), NUMBERS, lambda y, p: rows(np.log(np.cosh(y - p)))),
    Case(losses.CosineSimilarity(), NUMBERS, angle),
    Case(losses.Poisson(), AMOUNTS, lambda y, p: rows(p - y * np.log(p))),
    Case(losses.KLDivergence(), SHARES, lambda y, p: (y * np.log(y / p)).sum(-1)),
    Case(losses.Hinge(), MARGINS, lambda y, p: rows(np.maximum(1 - y * p, 0))),
    Case(losses.SquaredHinge(), MARGINS, lambda y, p: rows(np.maximum(1 - y * p, 0) ** 2), SQUARE),
    Case(
        losses.CategoricalHinge(),
        CLASS_MARGINS,
        lambda y, p: np.maximum(1 + ((1 - y) * p).max(-1) - p[y == 1].reshape(y.shape[:-1]), 0),
    ),
    Case(losses.BinaryCrossentropy(), BITS, lambda y, p: rows(binary(y, p))),
    Case(losses.BinaryCrossentropy(from_logits=True), BIT_LOGITS, lambda y, z: rows(binary(y, expit(z)))),
    Case(losses.BinaryCrossentropy(label_smoothing=0.2), SMOOTHED_BITS, lambda y, p: rows(binary(0.8 * y + 0.1, p))),
    Case(losses.CategoricalCrossentropy(), ONE_HOT, lambda y, p: categorical(y, np.log(p))),
    Case(losses.CategoricalCrossentropy(), SHARES, lambda y, p: categorical(y, np.log(p))),
    Case(
        losses.CategoricalCrossentropy(from_logits=True),
        ONE_HOT_LOGITS,
        lambda y, z: categorical(y, log_softmax(z, axis=-1)),
    ),
    Case(
        losses.CategoricalCrossentropy(label_smoothing=0.2),
        SMOOTHED_ONE_HOT,
        lambda y, p: categorical(0.8 * y + 0.2 / y.shape[-1], np.log(p)),
    ),
    Case(losses.SparseCategoricalCrossentropy(), CLASSES, lambda y, p: sparse(y, np.log(p))),
    Case(
        losses.SparseCategoricalCrossentropy(from_logits=True),
        CLASS_LOGITS,
        lambda y, z: sparse(y, log_softmax(z, axis=-1)),
    ),
    Case(losses.SparseCategoricalCrossentropy(ignore_class=9), CLASSES, lambda y, p: sparse(y, np.log(p))),
    Case(losses.BinaryFocalCrossentropy(), BITS, lambda y, p: rows(binary_focal(y, p, 2.0))),
    Case(
        losses.BinaryFocalCrossentropy(gamma=0.5, from_logits=True),
        BIT_LOGITS,
        lambda y, z: rows(binary_focal(y, expit(z), 0.5)),
    ),
    Case(
        losses.BinaryFocalCrossentropy(apply_class_balancing=True, alpha=0.9),
        BITS,
        lambda y, p: rows(np.where(y == 1, 0.9, 0.1) * binary_focal(y, p, 2.0)),
    ),
    Case(losses.CategoricalFocalCrossentropy(), ONE_HOT, lambda y, p: 0.25 * categorical(y, (1 - p) ** 2 * np.log(p))),
    Case(
        losses.CategoricalFocalCrossentropy(alpha=1.0, gamma=0.5, from_logits=True),
        ONE_HOT_LOGITS,
        lambda y, z: categorical(y, np.sqrt(1 - softmax(z, -1)) * log_softmax(z, axis=-1)),
    ),
    Case(
        losses.CategoricalFocalCrossentropy(alpha=[0.1, 0.2, 0.3, 0.4]),
        ONE_HOT,
        lambda y, p: categorical(y * [0.1, 0.2, 0.3, 0.4], (1 - p) ** 2 * np.log(p)),
    ),
    Case(losses.Tversky(), BITS, lambda y, p: overlap(y, p, 0.5, 0.5)),
    Case(losses.Tversky(alpha=0.9, beta=0.2), BITS, lambda y, p: overlap(y, p, 0.9, 0.2)),
    Case(losses.Dice(), BITS, lambda y, p: overlap(y, p, 0.5, 0.5)),
]
