"""Cross-entropies: the negative logarithm of the probability given to what happened."""

from __future__ import annotations

from typing import ClassVar

from lamina import ops
from lamina._core import checks
from lamina._core.registry import register
from lamina.metrics._mean import MeanMetric
from lamina.metrics._metric import Direction, Task
from lamina.metrics._rows import class_numbers, paired
from lamina.ops import Array
from lamina.ops import _formulas as formulas


@register("metric", aliases=("bce", "BCE"))
class BinaryCrossentropy(MeanMetric):
    """Average the cross-entropy of yes-or-no targets.

    ``mean(-y·log(p) - (1 - y)·log(1 - p))``.

    Args:
        from_logits: whether predictions are logits (any number) instead of probabilities.
        label_smoothing: how far targets are moved towards ½, 0 … 1.
        name: key of the value in histories and scores.

    Shape:
        Targets (batch,) or (batch, ..., outputs), predictions (batch, ..., outputs); the value is a scalar.

    Raises:
        ArgumentError: where an argument is outside its range.
        ShapeError: where targets and predictions differ in shape.

    Example:
        >>> from lamina import metrics
        >>> round(float(metrics.BinaryCrossentropy()([1.0, 0.0], [0.5, 0.5])), 4)
        0.6931
    """

    task: ClassVar[Task] = "classes"
    direction: ClassVar[Direction] = "min"

    from_logits: bool = False
    label_smoothing: float = 0.0

    def check(self) -> None:
        """Check both arguments."""
        super().check()
        checks.boolean(self.place("from_logits"), self.from_logits)
        checks.number(self.place("label_smoothing"), self.label_smoothing, low=0, high=1)

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return the mean cross-entropy of each row."""
        y_true, y_pred = paired(y_true, y_pred, where="BinaryCrossentropy")
        return formulas.binary_crossentropy(y_true, y_pred, self.from_logits, self.label_smoothing)


@register("metric", aliases=("cce",))
class CategoricalCrossentropy(MeanMetric):
    """Average the cross-entropy of class probabilities, for one-hot targets.

    ``mean(-Σ y·log(p))``.

    Args:
        from_logits: whether predictions are logits (any number) instead of probabilities.
        label_smoothing: the share of each target spread evenly over all classes, 0 … 1.
        name: key of the value in histories and scores.

    Shape:
        Targets (one-hot) and predictions (batch, ..., classes); the value is a scalar.

    Raises:
        ArgumentError: where an argument is outside its range.
        ShapeError: where targets and predictions differ in shape.

    Example:
        >>> from lamina import metrics
        >>> round(float(metrics.CategoricalCrossentropy()([[0, 1, 0]], [[0.25, 0.5, 0.25]])), 4)
        0.6931
    """

    task: ClassVar[Task] = "classes"
    direction: ClassVar[Direction] = "min"

    from_logits: bool = False
    label_smoothing: float = 0.0

    def check(self) -> None:
        """Check both arguments."""
        super().check()
        checks.boolean(self.place("from_logits"), self.from_logits)
        checks.number(self.place("label_smoothing"), self.label_smoothing, low=0, high=1)

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return the cross-entropy of each row."""
        y_true, y_pred = paired(y_true, y_pred, where="CategoricalCrossentropy")
        return formulas.categorical_crossentropy(y_true, y_pred, self.from_logits, self.label_smoothing)


@register("metric", aliases=("scce",))
class SparseCategoricalCrossentropy(MeanMetric):
    """Average the cross-entropy of class probabilities, for class numbers.

    ``mean(-log(p[y]))``.

    Args:
        from_logits: whether predictions are logits (any number) instead of probabilities.
        ignore_class: a target that does not count, such as -1 for padding; None counts all.
        name: key of the value in histories and scores.

    Shape:
        Targets (batch, ...) or (batch, ..., 1); predictions (batch, ..., classes); the value is a scalar.

    Raises:
        ArgumentError: where an argument is outside its range.
        ShapeError: where there is not one class number for each row.

    Example:
        >>> from lamina import metrics
        >>> round(float(metrics.SparseCategoricalCrossentropy()([1], [[0.25, 0.5, 0.25]])), 4)
        0.6931
    """

    task: ClassVar[Task] = "classes"
    direction: ClassVar[Direction] = "min"

    from_logits: bool = False
    ignore_class: int | None = None

    def check(self) -> None:
        """Check both arguments."""
        super().check()
        checks.boolean(self.place("from_logits"), self.from_logits)
        if self.ignore_class is not None:
            checks.integer(self.place("ignore_class"), self.ignore_class, least=-(2**31))

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return the cross-entropy of each row."""
        y_true = class_numbers(y_true, y_pred, where="SparseCategoricalCrossentropy")
        y_pred = ops.asarray(y_pred, "float32")
        return formulas.sparse_categorical_crossentropy(y_true, y_pred, self.from_logits, self.ignore_class)

    def counts(self, y_true: Array, y_pred: Array) -> Array | None:
        """Return which targets are not the ignored class."""
        if self.ignore_class is None:
            return None
        return class_numbers(y_true, y_pred, where="SparseCategoricalCrossentropy") != self.ignore_class
