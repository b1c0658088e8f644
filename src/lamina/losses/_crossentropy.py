"""Cross-entropy: the negative logarithm of the probability given to what happened."""

from __future__ import annotations

from typing import ClassVar

from lamina._core import checks
from lamina._core.config import Setting
from lamina._core.registry import register
from lamina.losses._loss import Loss, Targets
from lamina.losses._targets import class_numbers, floating, paired
from lamina.ops import Array
from lamina.ops import _formulas as formulas


@register("loss", aliases=("bce", "BCE"))
class BinaryCrossentropy(Loss):
    """Cross-entropy of yes-or-no targets, each output on its own.

    ``mean(-y·log(p) - (1 - y)·log(1 - p))`` over the outputs of a row.

    Args:
        from_logits: whether predictions are logits (any number) instead of probabilities. Compiling a model that ends
            in a sigmoid sets it and hands over the logits, as the loss is more exact from them.
        label_smoothing: how far targets are moved towards ½, 0 … 1: 0.1 makes 0.05 of 0 and 0.95 of 1.

    Shape:
        y_true, y_pred: (batch, ..., outputs); values: (batch, ...).

    Raises:
        ArgumentError: for an argument outside its range.

    Example:
        >>> from lamina import losses
        >>> round(float(losses.BinaryCrossentropy()([[1.0, 0.0]], [[0.5, 0.5]])), 4)
        0.6931

    Reference:
        Goodfellow, Bengio, Courville, Deep Learning, chapter 6.2, https://www.deeplearningbook.org
    """

    targets: ClassVar[Targets] = "binary"

    from_logits: bool = False
    label_smoothing: Setting = 0.0

    def check(self) -> None:
        """Check both arguments."""
        checks.boolean(self.place("from_logits"), self.from_logits)
        checks.number(self.place("label_smoothing"), self.label_smoothing, low=0, high=1)

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return `binary_crossentropy` of each row."""
        return binary_crossentropy(y_true, y_pred, from_logits=self.from_logits, label_smoothing=self.label_smoothing)


@register("loss", aliases=("cce",))
class CategoricalCrossentropy(Loss):
    """Cross-entropy of class probabilities, for targets in one-hot form.

    ``-Σ y·log(p)`` over the classes. Probabilities are first divided by their sum.

    Args:
        from_logits: whether predictions are logits (any number) instead of probabilities. Compiling a model that ends
            in a softmax sets it and hands over the logits, as the loss is more exact from them.
        label_smoothing: the share of each target spread evenly over all classes, 0 … 1 (0.1 is usual for many classes).

    Shape:
        y_true, y_pred: (batch, ..., classes); values: (batch, ...).

    Raises:
        ArgumentError: for an argument outside its range.

    Example:
        >>> from lamina import losses
        >>> round(float(losses.CategoricalCrossentropy()([[0.0, 1.0, 0.0]], [[0.25, 0.5, 0.25]])), 4)
        0.6931

    Reference:
        Szegedy et al., Rethinking the Inception Architecture (label smoothing), https://arxiv.org/abs/1512.00567
    """

    targets: ClassVar[Targets] = "one_hot"

    from_logits: bool = False
    label_smoothing: Setting = 0.0

    def check(self) -> None:
        """Check both arguments."""
        checks.boolean(self.place("from_logits"), self.from_logits)
        checks.number(self.place("label_smoothing"), self.label_smoothing, low=0, high=1)

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return `categorical_crossentropy` of each row."""
        return categorical_crossentropy(
            y_true, y_pred, from_logits=self.from_logits, label_smoothing=self.label_smoothing
        )


@register("loss", aliases=("scce",))
class SparseCategoricalCrossentropy(Loss):
    """Cross-entropy of class probabilities, for targets that are class numbers.

    ``-log(p[y])``: the same value as `CategoricalCrossentropy` of the targets in one-hot form.

    Args:
        from_logits: whether predictions are logits (any number) instead of probabilities. Compiling a model that ends
            in a softmax sets it and hands over the logits, as the loss is more exact from them.
        ignore_class: a target that does not count, such as -1 for padding or 255 for the border of a segment; it needs
            not be a class. None counts all.

    Shape:
        y_true: (batch, ...) or (batch, ..., 1); y_pred: (batch, ..., classes); values: (batch, ...).

    Raises:
        ArgumentError: for an argument outside its range.

    Example:
        >>> from lamina import losses
        >>> loss = losses.SparseCategoricalCrossentropy(ignore_class=-1)
        >>> round(float(loss([1, -1], [[0.25, 0.5, 0.25], [1.0, 0.0, 0.0]])), 4)
        0.6931

    Reference:
        Goodfellow, Bengio, Courville, Deep Learning, chapter 6.2, https://www.deeplearningbook.org
    """

    targets: ClassVar[Targets] = "classes"

    from_logits: bool = False
    ignore_class: int | None = None

    def check(self) -> None:
        """Check both arguments."""
        checks.boolean(self.place("from_logits"), self.from_logits)
        if self.ignore_class is not None:
            checks.integer(self.place("ignore_class"), self.ignore_class, least=-(2**31))

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return `sparse_categorical_crossentropy` of each row."""
        return sparse_categorical_crossentropy(
            y_true, y_pred, from_logits=self.from_logits, ignore_class=self.ignore_class
        )

    def counts(self, y_true: Array, y_pred: Array) -> Array | None:
        """Return which targets are not the ignored class."""
        return None if self.ignore_class is None else class_numbers(y_true, y_pred) != self.ignore_class


def binary_crossentropy(
    y_true: Array, y_pred: Array, *, from_logits: bool = False, label_smoothing: float | Array = 0.0
) -> Array:
    """Return ``mean(-y·log(p) - (1 - y)·log(1 - p))`` for each row.

    Args:
        y_true: 0, 1 or a probability for each output, of the shape of `y_pred`.
        y_pred: probabilities, kept between 1e-7 and 1 - 1e-7, or logits; of shape (batch, ..., outputs).
        from_logits: whether `y_pred` are logits.
        label_smoothing: how far targets are moved towards ½, 0 … 1.

    Example:
        >>> from lamina import losses
        >>> losses.binary_crossentropy([[1.0, 0.0]], [[0.5, 0.5]]).round(4)
        Array([0.6931], dtype=float32)
    """
    return formulas.binary_crossentropy(*paired(y_true, y_pred), from_logits, label_smoothing)


def categorical_crossentropy(
    y_true: Array, y_pred: Array, *, from_logits: bool = False, label_smoothing: float | Array = 0.0
) -> Array:
    """Return ``-Σ y·log(p)`` for each row.

    Args:
        y_true: class probabilities, usually one-hot, of the shape of `y_pred`.
        y_pred: probabilities, of at least 1e-7 after each row is divided by its sum, or logits; of shape
            (batch, ..., classes).
        from_logits: whether `y_pred` are logits.
        label_smoothing: the share of each target spread evenly over all classes, 0 … 1.

    Example:
        >>> from lamina import losses
        >>> losses.categorical_crossentropy([[0.0, 1.0]], [[0.5, 0.5]]).round(4)
        Array([0.6931], dtype=float32)
    """
    return formulas.categorical_crossentropy(*paired(y_true, y_pred), from_logits, label_smoothing)


def sparse_categorical_crossentropy(
    y_true: Array, y_pred: Array, *, from_logits: bool = False, ignore_class: int | None = None
) -> Array:
    """Return ``-log(p[y])`` for each row.

    It is 0 for the ignored class, and NaN for a class that does not exist.

    Args:
        y_true: class numbers 0 … classes - 1, of shape (batch, ...) or (batch, ..., 1).
        y_pred: probabilities, of at least 1e-7 after each row is divided by its sum, or logits; of shape
            (batch, ..., classes).
        from_logits: whether `y_pred` are logits.
        ignore_class: a target whose loss is 0, or None.

    Example:
        >>> from lamina import losses
        >>> losses.sparse_categorical_crossentropy([1], [[0.5, 0.5]]).round(4)
        Array([0.6931], dtype=float32)
    """
    y_pred = floating(y_pred)
    return formulas.sparse_categorical_crossentropy(class_numbers(y_true, y_pred), y_pred, from_logits, ignore_class)
