"""Metrics: what tells people how good predictions are, exact over any number of batches."""

from lamina.metrics._accuracy import Accuracy, BinaryAccuracy, CategoricalAccuracy, SparseCategoricalAccuracy
from lamina.metrics._auc import AUC
from lamina.metrics._confusion_matrix import CohenKappa, ConfusionMatrix, MatthewsCorrelation, MeanIoU
from lamina.metrics._crossentropy import BinaryCrossentropy, CategoricalCrossentropy, SparseCategoricalCrossentropy
from lamina.metrics._divergence import KLDivergence, Poisson
from lamina.metrics._f_score import F1Score, FBetaScore
from lamina.metrics._get import accuracy_for, crossentropy_for, get, resolve
from lamina.metrics._hinge import CategoricalHinge, Hinge, SquaredHinge
from lamina.metrics._mean import FunctionMetric, Mean, MeanMetric
from lamina.metrics._metric import Metric, MetricLike, Sums
from lamina.metrics._precision import Precision, Recall
from lamina.metrics._r2_score import R2Score
from lamina.metrics._regression import (
    CosineSimilarity,
    LogCoshError,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
    RootMeanSquaredError,
)
from lamina.metrics._sum import Sum
from lamina.metrics._top_k import SparseTopKCategoricalAccuracy, TopKCategoricalAccuracy
from lamina.metrics._true_positives import FalseNegatives, FalsePositives, TrueNegatives, TruePositives

__all__ = [
    "AUC",
    "Accuracy",
    "BinaryAccuracy",
    "BinaryCrossentropy",
    "CategoricalAccuracy",
    "CategoricalCrossentropy",
    "CategoricalHinge",
    "CohenKappa",
    "ConfusionMatrix",
    "CosineSimilarity",
    "F1Score",
    "FBetaScore",
    "FalseNegatives",
    "FalsePositives",
    "FunctionMetric",
    "Hinge",
    "KLDivergence",
    "LogCoshError",
    "MatthewsCorrelation",
    "Mean",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanIoU",
    "MeanMetric",
    "MeanSquaredError",
    "MeanSquaredLogarithmicError",
    "Metric",
    "MetricLike",
    "Poisson",
    "Precision",
    "R2Score",
    "Recall",
    "RootMeanSquaredError",
    "SparseCategoricalAccuracy",
    "SparseCategoricalCrossentropy",
    "SparseTopKCategoricalAccuracy",
    "SquaredHinge",
    "Sum",
    "Sums",
    "TopKCategoricalAccuracy",
    "TrueNegatives",
    "TruePositives",
    "accuracy_for",
    "crossentropy_for",
    "get",
    "resolve",
]
