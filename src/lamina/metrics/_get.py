"""Find the metric that a name, a class or a function stands for."""

from __future__ import annotations

import dataclasses

from lamina._core import checks, registry
from lamina.errors import ArgumentError
from lamina.metrics._accuracy import BinaryAccuracy, CategoricalAccuracy, SparseCategoricalAccuracy
from lamina.metrics._crossentropy import BinaryCrossentropy, CategoricalCrossentropy, SparseCategoricalCrossentropy
from lamina.metrics._mean import FunctionMetric
from lamina.metrics._metric import Metric, MetricLike

ACCURACY = ("accuracy", "acc")
FITTED = (*ACCURACY, "crossentropy", "ce")


def get(identifier: MetricLike, *, where: str = "metrics") -> Metric:
    """Return the metric an argument stands for.

    A name also becomes the key of its value, as in Keras.

    Args:
        identifier: a name such as "mae", a metric, a metric class, or a function of ``y_true`` and ``y_pred`` that
            returns one value for each row.
        where: the place to name in an error.

    Raises:
        ArgumentError: for a name that is not known, with the nearest one, or for something that is no metric.

    Example:
        >>> from lamina import metrics
        >>> metrics.get("binary_accuracy")
        BinaryAccuracy(name='binary_accuracy')
    """
    if isinstance(identifier, str):
        return _named(registry.resolve("metric", identifier, where=where)(), identifier)
    if isinstance(identifier, Metric):
        return identifier
    if isinstance(identifier, type) and issubclass(identifier, Metric):
        return identifier()
    if callable(identifier) and not isinstance(identifier, type):
        return FunctionMetric(identifier)
    raise checks.problem(
        ArgumentError,
        where,
        expected="the name of a metric, a metric, or a function of y_true and y_pred",
        got=checks.plain(identifier),
        fix='write a name as in metrics=["accuracy"].',
    )


def resolve(identifier: MetricLike, targets: str, outputs: int, *, where: str = "metrics") -> Metric:
    """Return the metric an argument stands for beside a loss.

    As `get`, but ``"accuracy"`` (or ``"acc"``) and ``"crossentropy"`` (or ``"ce"``) are the ones that fit the loss.

    Args:
        identifier: as in `get`, or one of these words.
        targets: the kind of targets the loss takes (``loss.targets``).
        outputs: size of the last axis of the predictions.
        where: the place to name in an error.

    Raises:
        ArgumentError: as in `get` and `accuracy_for`.

    Example:
        >>> from lamina import metrics
        >>> metrics.resolve("acc", "classes", 10)
        SparseCategoricalAccuracy(name='acc')
    """
    if not isinstance(identifier, str) or identifier not in FITTED:
        return get(identifier, where=where)
    find = accuracy_for if identifier in ACCURACY else crossentropy_for
    return _named(find(targets, outputs, where=where), identifier)


def accuracy_for(targets: str, outputs: int, *, where: str = "metrics") -> Metric:
    """Return the accuracy that fits a loss.

    Args:
        targets: the kind of targets the loss takes (``loss.targets``).
        outputs: size of the last axis of the predictions.
        where: the place to name in an error.

    Raises:
        ArgumentError: where the targets are numbers, of which none is ever exactly right, or may be anything.

    Example:
        >>> from lamina import metrics
        >>> metrics.accuracy_for("binary", 1)
        BinaryAccuracy(name='accuracy')
    """
    if targets == "sign":
        return BinaryAccuracy(threshold=0.0, name="accuracy")
    kinds = (BinaryAccuracy, CategoricalAccuracy, SparseCategoricalAccuracy)
    return _fitting("accuracy", kinds, targets, outputs, where)


def crossentropy_for(targets: str, outputs: int, *, where: str = "metrics") -> Metric:
    """Return the cross-entropy that fits a loss.

    Args:
        targets: the kind of targets the loss takes (``loss.targets``).
        outputs: size of the last axis of the predictions.
        where: the place to name in an error.

    Raises:
        ArgumentError: where the predictions are no probabilities, or the targets may be anything.

    Example:
        >>> from lamina import metrics
        >>> metrics.crossentropy_for("binary", 1)
        BinaryCrossentropy(name='crossentropy')
    """
    kinds = (BinaryCrossentropy, CategoricalCrossentropy, SparseCategoricalCrossentropy)
    return _fitting("crossentropy", kinds, targets, outputs, where)


def _fitting(word: str, kinds: tuple[type[Metric], ...], targets: str, outputs: int, where: str) -> Metric:
    """Return the metric for yes or no, for one-hot rows or for class numbers, whichever the targets are."""
    binary, categorical, sparse = kinds
    # The loss of a user's own function does not say what it takes; one output for classes means yes or no.
    fitting = {"binary": binary, "one_hot": categorical, "classes": sparse, "any": binary if outputs == 1 else None}
    found = fitting.get(targets)
    if found is not None:
        return found(name=word)
    got, fix = {
        "any": (
            "a loss that does not say what its targets are",
            f"write {categorical.__name__}() or {sparse.__name__}().",
        ),
        "sign": ("a loss for scores of -1 and 1", 'use "accuracy" or "hinge".'),
    }.get(targets, ("a loss for numbers", f'use "mae" or "r2_score"; for targets of 0 and 1, {binary.__name__}().'))
    raise checks.problem(ArgumentError, where, expected=f"a loss for classes beside {word!r}", got=got, fix=fix)


def _named(metric: Metric, name: str) -> Metric:
    return dataclasses.replace(metric, name=name)
