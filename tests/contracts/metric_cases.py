"""One line for each metric and setting: what `test_metrics.py` holds every one of them to.

A reference is scikit-learn's function, or the formula once more in NumPy; it takes targets and predictions of float64
and one weight for each row.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from scipy.special import expit, log_softmax

from lamina import metrics

oracle = pytest.importorskip("sklearn.metrics")


@dataclass(frozen=True)
class Kind:
    """What targets and predictions look like: made from random numbers and a shape."""

    targets: Callable
    predictions: Callable
    outputs: int = 4


@dataclass(frozen=True)
class Case:
    """A metric, what it is for, and its reference; `nothing` is its value where no row was seen."""

    metric: metrics.Metric
    kind: Kind
    reference: Callable
    tolerance: float = 1e-5
    nothing: float = np.nan


def normal(rng, shape):
    return 2 * rng.normal(size=shape)


def positive(rng, shape):
    return rng.uniform(0.1, 4.0, size=shape)


def bits(rng, shape):
    return rng.choice([0.0, 1.0], size=shape)


def signs(rng, shape):
    return rng.choice([-1.0, 1.0], size=shape)


def shares(rng, shape):
    return rng.uniform(0.05, 0.95, size=shape)


def answers(rng, shape):
    return rng.integers(3, size=shape).astype(float)


def classes(rng, shape):
    return rng.integers(shape[-1], size=shape[:-1])


def one_hot(rng, shape):
    return np.eye(shape[-1])[classes(rng, shape)]


def distributions(rng, shape):
    return rng.dirichlet(np.full(shape[-1], 2.0), size=shape[:-1])


NUMBERS = Kind(normal, normal)
AMOUNTS = Kind(positive, positive)
ANSWERS = Kind(answers, answers)
SIGNS = Kind(signs, normal)
YES_OR_NO = Kind(bits, shares, outputs=1)
YES_OR_NO_LOGITS = Kind(bits, normal, outputs=1)
LABELS = Kind(bits, shares)
LABEL_LOGITS = Kind(bits, normal)
ONE_HOT = Kind(one_hot, distributions)
ONE_HOT_LOGITS = Kind(one_hot, normal)
CLASSES = Kind(classes, distributions)
CLASS_LOGITS = Kind(classes, normal)
SHARES = Kind(distributions, distributions)


def average(values):
    """Return the reference that is the weighted mean of one value for each row."""
    return lambda y, p, w: np.average(values(y, p), weights=w)


def flat(score, yes=lambda p: p > 0.5):
    """Return the reference that counts all outputs together."""
    return lambda y, p, w: score(y.ravel(), yes(p).ravel(), sample_weight=np.repeat(w, y.shape[-1]))


def one(score, **options):
    """Return the reference of a score that takes weights by keyword."""
    return lambda y, p, w: score(y, p, sample_weight=w, **options)


def chosen(score, **options):
    """Return the reference of a score of class numbers, the likeliest class being the answer."""
    return lambda y, p, w: score(y, p.argmax(-1), sample_weight=w, **options)


def first(k):
    return lambda p: p >= np.sort(p, axis=-1)[:, -k, None]


def rows(values):
    return values.mean(axis=-1)


def binary(y, p):
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


def sparse(y, log_p):
    return -np.take_along_axis(log_p, y[:, None], axis=-1)[:, 0]


def margin(y, p):
    return np.maximum(1 - y * p, 0)


def fbeta(average, beta, threshold=0.5):
    return lambda y, p, w: oracle.fbeta_score(
        y, p > threshold, beta=beta, average=average, sample_weight=w, zero_division=0
    )


def counted(y, p, w):
    return oracle.confusion_matrix(y, p.argmax(-1), labels=range(p.shape[-1]), sample_weight=w)


def cell(truth, answer):
    """Return the reference that counts the answers of one kind."""
    return lambda y, p, w: flat(oracle.confusion_matrix)(y, p, w)[truth, answer]


def kept(y, p, w):
    return np.average(sparse(y, np.log(p)), weights=np.where(y == 2, 0, w))


M = metrics

CASES = [
    Case(M.Mean(), NUMBERS, average(lambda y, p: rows(p))),
    Case(M.Accuracy(), ANSWERS, average(lambda y, p: rows(y == p))),
    Case(M.BinaryAccuracy(), LABELS, flat(oracle.accuracy_score)),
    Case(M.BinaryAccuracy(threshold=0.3), YES_OR_NO, flat(oracle.accuracy_score, lambda p: p > 0.3)),
    Case(M.CategoricalAccuracy(), ONE_HOT, average(lambda y, p: y.argmax(-1) == p.argmax(-1))),
    Case(M.SparseCategoricalAccuracy(), CLASSES, chosen(oracle.accuracy_score)),
    Case(
        M.TopKCategoricalAccuracy(k=2),
        ONE_HOT,
        lambda y, p, w: oracle.top_k_accuracy_score(y.argmax(-1), p, k=2, labels=range(4), sample_weight=w),
    ),
    Case(M.SparseTopKCategoricalAccuracy(k=3), CLASSES, one(oracle.top_k_accuracy_score, k=3, labels=range(4))),
    Case(M.Precision(), LABELS, flat(oracle.precision_score)),
    Case(M.Precision(top_k=2), ONE_HOT, flat(oracle.precision_score, first(2))),
    Case(M.Precision(class_id=1), LABELS, lambda y, p, w: flat(oracle.precision_score)(y[:, 1:2], p[:, 1:2], w)),
    Case(
        M.Precision(thresholds=(0.3, 0.7)),
        LABELS,
        lambda y, p, w: [flat(oracle.precision_score)(y, p + 0.5 - least, w) for least in (0.3, 0.7)],
    ),
    Case(M.Recall(), LABELS, flat(oracle.recall_score)),
    Case(M.Recall(thresholds=0.7), YES_OR_NO, flat(oracle.recall_score, lambda p: p > 0.7)),
    Case(
        M.Recall(top_k=2, class_id=1),
        ONE_HOT,
        lambda y, p, w: oracle.recall_score(y[:, 1], first(2)(p)[:, 1], sample_weight=w),
    ),
    Case(M.FalseNegatives(), LABELS, cell(1, 0), nothing=0),
    Case(M.FalsePositives(), YES_OR_NO, cell(0, 1), nothing=0),
    Case(M.TrueNegatives(), LABELS, cell(0, 0), nothing=0),
    Case(M.TruePositives(), LABELS, cell(1, 1), nothing=0),
    Case(M.F1Score(threshold=0.5), LABELS, fbeta("macro", 1)),
    Case(M.F1Score("weighted"), CLASSES, chosen(oracle.f1_score, average="weighted")),
    Case(M.FBetaScore("micro", 2.0, threshold=0.5), LABELS, fbeta("micro", 2)),
    Case(M.FBetaScore(None, 0.5, threshold=0.3), LABELS, fbeta(None, 0.5, 0.3)),
    Case(M.FBetaScore("macro", 2.0), CLASSES, chosen(oracle.fbeta_score, beta=2, average="macro", labels=range(4))),
    Case(M.AUC(), YES_OR_NO, flat(oracle.roc_auc_score, np.asarray), 1e-3),
    Case(M.AUC(from_logits=True), LABEL_LOGITS, flat(oracle.roc_auc_score, np.asarray), 1e-3),
    Case(M.AUC(multi_label=True), LABELS, one(oracle.roc_auc_score), 1e-3),
    Case(M.AUC(curve="PR"), YES_OR_NO, flat(oracle.average_precision_score, np.asarray), 2e-3),
    Case(M.AUC(400, "PR", multi_label=True), LABELS, one(oracle.average_precision_score), 2e-3),
    Case(M.ConfusionMatrix(), CLASSES, counted, nothing=0),
    Case(M.ConfusionMatrix(2), YES_OR_NO, flat(oracle.confusion_matrix), nothing=0),
    Case(M.CohenKappa(), CLASSES, chosen(oracle.cohen_kappa_score)),
    Case(M.CohenKappa(weighting="linear"), CLASSES, chosen(oracle.cohen_kappa_score, weights="linear")),
    Case(M.CohenKappa(weighting="quadratic"), CLASSES, chosen(oracle.cohen_kappa_score, weights="quadratic")),
    Case(M.MatthewsCorrelation(), CLASSES, chosen(oracle.matthews_corrcoef)),
    Case(M.MeanIoU(), CLASSES, chosen(oracle.jaccard_score, average="macro")),
    Case(M.R2Score(), NUMBERS, one(oracle.r2_score)),
    Case(M.R2Score(None), NUMBERS, one(oracle.r2_score, multioutput="raw_values")),
    Case(M.R2Score("variance_weighted_average"), NUMBERS, one(oracle.r2_score, multioutput="variance_weighted")),
    Case(M.MeanSquaredError(), NUMBERS, one(oracle.mean_squared_error)),
    Case(M.RootMeanSquaredError(), NUMBERS, lambda y, p, w: one(oracle.mean_squared_error)(y, p, w) ** 0.5),
    Case(M.MeanAbsoluteError(), NUMBERS, one(oracle.mean_absolute_error)),
    Case(
        M.MeanAbsolutePercentageError(),
        NUMBERS,
        lambda y, p, w: 100 * one(oracle.mean_absolute_percentage_error)(y, p, w),
    ),
    Case(M.MeanSquaredLogarithmicError(), AMOUNTS, one(oracle.mean_squared_log_error)),
    Case(M.LogCoshError(), NUMBERS, average(lambda y, p: rows(np.log(np.cosh(y - p))))),
    Case(
        M.CosineSimilarity(),
        NUMBERS,
        average(lambda y, p: (y * p).sum(-1) / np.linalg.norm(y, axis=-1) / np.linalg.norm(p, axis=-1)),
    ),
    Case(M.Hinge(), SIGNS, average(lambda y, p: rows(margin(y, p)))),
    Case(M.SquaredHinge(), SIGNS, average(lambda y, p: rows(margin(y, p) ** 2))),
    Case(
        M.CategoricalHinge(),
        ONE_HOT_LOGITS,
        average(lambda y, p: np.maximum(1 + ((1 - y) * p).max(-1) - p[y == 1], 0)),
    ),
    Case(M.BinaryCrossentropy(), LABELS, average(lambda y, p: rows(binary(y, p)))),
    Case(M.BinaryCrossentropy(from_logits=True), YES_OR_NO_LOGITS, average(lambda y, z: rows(binary(y, expit(z))))),
    Case(M.BinaryCrossentropy(label_smoothing=0.2), LABELS, average(lambda y, p: rows(binary(0.8 * y + 0.1, p)))),
    Case(M.CategoricalCrossentropy(), ONE_HOT, average(lambda y, p: -(y * np.log(p)).sum(-1))),
    Case(
        M.CategoricalCrossentropy(from_logits=True, label_smoothing=0.2),
        ONE_HOT_LOGITS,
        average(lambda y, z: -((0.8 * y + 0.05) * log_softmax(z, axis=-1)).sum(-1)),
    ),
    Case(M.SparseCategoricalCrossentropy(), CLASSES, average(lambda y, p: sparse(y, np.log(p)))),
    Case(
        M.SparseCategoricalCrossentropy(from_logits=True),
        CLASS_LOGITS,
        average(lambda y, z: sparse(y, log_softmax(z, axis=-1))),
    ),
    Case(M.SparseCategoricalCrossentropy(ignore_class=2), CLASSES, kept),
    Case(M.KLDivergence(), SHARES, average(lambda y, p: (y * np.log(y / p)).sum(-1))),
    Case(M.Poisson(), AMOUNTS, average(lambda y, p: rows(p - y * np.log(p)))),
]
