"""Focal losses: cross-entropy in which what is already right counts little."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from lamina import ops
from lamina._core import checks
from lamina._core.config import Setting
from lamina._core.registry import register
from lamina.errors import ShapeError
from lamina.losses._loss import Loss, Targets
from lamina.losses._targets import paired
from lamina.ops import Array
from lamina.ops import _formulas as formulas


@register("loss")
class BinaryFocalCrossentropy(Loss):
    """Binary cross-entropy weighted by how wrong each output is.

    ``mean((1 - q)^gamma · crossentropy)``, where ``q = y·p + (1 - y)·(1 - p)`` is the probability given to the target.
    It is for rare events among many easy examples.

    Args:
        apply_class_balancing: whether to weight targets of 1 by `alpha` and targets of 0 by ``1 - alpha``.
        alpha: the weight of targets of 1, 0 … 1.
        gamma: how strongly easy examples are discounted, at least 0; 0 gives plain cross-entropy.
        from_logits: whether predictions are logits (any number) instead of probabilities.
        label_smoothing: how far targets are moved towards ½, 0 … 1.

    Shape:
        y_true, y_pred: (batch, ..., outputs); values: (batch, ...).

    Raises:
        ArgumentError: for an argument outside its range.

    Example:
        >>> from lamina import losses
        >>> round(float(losses.BinaryFocalCrossentropy(gamma=2.0)([[1.0]], [[0.5]])), 4)
        0.1733

    Reference:
        Lin et al., Focal Loss for Dense Object Detection, https://arxiv.org/abs/1708.02002
    """

    targets: ClassVar[Targets] = "binary"

    apply_class_balancing: bool = False
    alpha: Setting = 0.25
    gamma: Setting = 2.0
    from_logits: bool = False
    label_smoothing: Setting = 0.0

    def check(self) -> None:
        """Check every argument."""
        checks.boolean(self.place("apply_class_balancing"), self.apply_class_balancing)
        checks.number(self.place("alpha"), self.alpha, low=0, high=1)
        checks.number(self.place("gamma"), self.gamma, low=0)
        checks.boolean(self.place("from_logits"), self.from_logits)
        checks.number(self.place("label_smoothing"), self.label_smoothing, low=0, high=1)

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return `binary_focal_crossentropy` of each row."""
        return binary_focal_crossentropy(
            y_true,
            y_pred,
            apply_class_balancing=self.apply_class_balancing,
            alpha=self.alpha,
            gamma=self.gamma,
            from_logits=self.from_logits,
            label_smoothing=self.label_smoothing,
        )


@register("loss")
class CategoricalFocalCrossentropy(Loss):
    """Categorical cross-entropy weighted by how wrong each class is.

    ``-alpha · Σ (1 - p)^gamma · y·log(p)`` over the classes, for targets in one-hot form. Probabilities are first
    divided by their sum.

    Args:
        alpha: the weight of all classes, or a list with one for each class; at least 0.
        gamma: how strongly easy examples are discounted, at least 0; 0 gives plain cross-entropy times `alpha`.
        from_logits: whether predictions are logits (any number) instead of probabilities.
        label_smoothing: the share of each target spread evenly over all classes, 0 … 1.

    Shape:
        y_true, y_pred: (batch, ..., classes); values: (batch, ...).

    Raises:
        ArgumentError: for an argument outside its range.

    Example:
        >>> from lamina import losses
        >>> round(float(losses.CategoricalFocalCrossentropy(alpha=1.0)([[0.0, 1.0]], [[0.5, 0.5]])), 4)
        0.1733

    Reference:
        Lin et al., Focal Loss for Dense Object Detection, https://arxiv.org/abs/1708.02002
    """

    targets: ClassVar[Targets] = "one_hot"

    alpha: Setting | tuple[float, ...] = 0.25
    gamma: Setting = 2.0
    from_logits: bool = False
    label_smoothing: Setting = 0.0

    def check(self) -> None:
        """Check every argument."""
        for alpha in self.alpha if isinstance(self.alpha, tuple) else (self.alpha,):
            checks.number(self.place("alpha"), alpha, low=0)
        checks.number(self.place("gamma"), self.gamma, low=0)
        checks.boolean(self.place("from_logits"), self.from_logits)
        checks.number(self.place("label_smoothing"), self.label_smoothing, low=0, high=1)

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return `categorical_focal_crossentropy` of each row."""
        return categorical_focal_crossentropy(
            y_true,
            y_pred,
            alpha=self.alpha,
            gamma=self.gamma,
            from_logits=self.from_logits,
            label_smoothing=self.label_smoothing,
        )


def binary_focal_crossentropy(
    y_true: Array,
    y_pred: Array,
    *,
    apply_class_balancing: bool = False,
    alpha: float | Array = 0.25,
    gamma: float | Array = 2.0,
    from_logits: bool = False,
    label_smoothing: float | Array = 0.0,
) -> Array:
    """Return ``mean((1 - q)^gamma · crossentropy)`` for each row.

    ``q = y·p + (1 - y)·(1 - p)`` is the probability given to the target.

    Args:
        y_true: 0, 1 or a probability for each output, of the shape of `y_pred`.
        y_pred: probabilities or logits, of shape (batch, ..., outputs).
        apply_class_balancing: whether to weight targets of 1 by `alpha` and targets of 0 by ``1 - alpha``.
        alpha: the weight of targets of 1, 0 … 1.
        gamma: how strongly easy examples are discounted, at least 0.
        from_logits: whether `y_pred` are logits.
        label_smoothing: how far targets are moved towards ½, 0 … 1.

    Example:
        >>> from lamina import losses
        >>> losses.binary_focal_crossentropy([[1.0]], [[0.5]], gamma=0.0).round(2)
        Array([0.69], dtype=float32)
    """
    y_true, y_pred = paired(y_true, y_pred)
    y_true = y_true * (1 - label_smoothing) + label_smoothing / 2
    values = formulas.binary_values(y_true, y_pred, from_logits)
    # From logits, 1 - p is the sigmoid of the negative logit: exact also where p rounds to 1.
    yes, no = (ops.sigmoid(y_pred), ops.sigmoid(-y_pred)) if from_logits else (y_pred, 1 - y_pred)
    values = values * _discount(y_true * no + (1 - y_true) * yes, gamma)
    if apply_class_balancing:
        values = values * (y_true * alpha + (1 - y_true) * (1 - alpha))
    return ops.mean(values, axis=-1)


def categorical_focal_crossentropy(
    y_true: Array,
    y_pred: Array,
    *,
    alpha: float | Sequence[float] | Array = 0.25,
    gamma: float | Array = 2.0,
    from_logits: bool = False,
    label_smoothing: float | Array = 0.0,
) -> Array:
    """Return ``-alpha · Σ (1 - p)^gamma · y·log(p)`` for each row.

    Args:
        y_true: class probabilities, usually one-hot, of the shape of `y_pred`.
        y_pred: probabilities or logits, of shape (batch, ..., classes).
        alpha: the weight of all classes, or one for each class.
        gamma: how strongly easy examples are discounted, at least 0.
        from_logits: whether `y_pred` are logits.
        label_smoothing: the share of each target spread evenly over all classes, 0 … 1.

    Raises:
        ShapeError: for a list of alphas that has not one number for each class.

    Example:
        >>> from lamina import losses
        >>> losses.categorical_focal_crossentropy([[0.0, 1.0]], [[0.5, 0.5]], alpha=1.0, gamma=0.0).round(2)
        Array([0.69], dtype=float32)
    """
    y_true, y_pred = paired(y_true, y_pred)
    weights = ops.asarray(alpha, dtype=y_pred.dtype)
    if weights.ndim > 0 and weights.shape != y_pred.shape[-1:]:
        raise checks.problem(
            ShapeError,
            "CategoricalFocalCrossentropy(alpha)",
            expected=f"one number, or one for each of {y_pred.shape[-1]} classes",
            got=f"{weights.shape[0]} numbers",
            fix="give as many weights as the model has classes.",
        )
    y_true = y_true * (1 - label_smoothing) + label_smoothing / y_true.shape[-1]
    log_probability = formulas.log_probabilities(y_pred, from_logits)
    weights = weights * _discount(-ops.expm1(log_probability), gamma)
    # As in categorical_crossentropy: 0 · -inf would be NaN.
    return -ops.sum(ops.where(y_true == 0, 0, weights * y_true * log_probability), axis=-1)


def _discount(wrongness: Array, gamma: float | Array) -> Array:
    # At exactly 0 the gradient of a power below 1 is infinite, and that of the power 0 is NaN.
    return ops.power(ops.clip(wrongness, formulas.EPSILON, 1), gamma)
