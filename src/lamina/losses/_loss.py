"""What a loss is."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Literal, TypeAlias

from lamina import ops
from lamina._core import checks
from lamina._core.config import Config
from lamina.errors import ShapeError
from lamina.ops import Array

Targets: TypeAlias = Literal["any", "binary", "classes", "nonnegative", "numbers", "one_hot", "sign"]


class Loss(Config):
    """Measure how far predictions are from targets; what training makes small.

    Subclasses write ``call``, one value for each row. The loss of many rows is their weighted mean, Σ w·l / Σ w.

    `targets` says what the targets must be, so that they can be checked before the first step:

    * ``"numbers"``: any finite numbers, of the shape of the predictions.
    * ``"nonnegative"``: numbers of at least 0.
    * ``"binary"``: 0, 1 or a probability between them.
    * ``"sign"``: -1 or 1 (0 is taken for -1).
    * ``"one_hot"``: one row of class probabilities for each example.
    * ``"classes"``: the number of the class, 0 … classes - 1, or the loss's `ignore_class`.
    * ``"any"``: whatever the loss makes of them; neither values nor shape are checked.

    A numeric argument annotated `Setting` may be a traced scalar in ``call``, so ``call`` must not branch on it.

    Example:
        >>> from lamina import losses, ops
        >>> class MeanFourthPower(losses.Loss):
        ...     def call(self, y_true, y_pred):
        ...         return ops.mean((y_true - y_pred) ** 4, axis=-1)
        >>> float(MeanFourthPower()([[1.0, 2.0]], [[1.0, 4.0]]))
        8.0
    """

    family: ClassVar[str] = "loss"
    targets: ClassVar[Targets] = "numbers"

    def __call__(self, y_true: Array, y_pred: Array, sample_weight: Array | None = None) -> Array:
        """Return the weighted mean of the loss, a scalar; 0 where nothing has a weight.

        Args:
            y_true: targets.
            y_pred: predictions, of shape (batch, ..., outputs).
            sample_weight: one weight for each row (or row and time step), None for 1 each.
        """
        total, weight = self.sums(y_true, y_pred, sample_weight)
        return total / ops.where(weight == 0, 1, weight)

    def sums(self, y_true: Array, y_pred: Array, sample_weight: Array | None = None) -> tuple[Array, Array]:
        """Return Σ w·l and Σ w, which add up over batches as the mean does not.

        Args:
            y_true: targets.
            y_pred: predictions, of shape (batch, ..., outputs).
            sample_weight: one weight for each row (or row and time step), None for 1 each.
        """
        y_true, y_pred = ops.asarray(y_true), ops.asarray(y_pred)
        values = self.call(y_true, y_pred)
        weights = ops.ones_like(values) if sample_weight is None else broadcast_weights(sample_weight, values)
        counted = self.counts(y_true, y_pred)
        if counted is not None:
            weights = weights * counted
        # A row without weight may have any loss, NaN included: 0 · NaN would still be NaN.
        return ops.sum(ops.where(weights == 0, 0, values) * weights), ops.sum(weights)

    def call(self, y_true: Array, y_pred: Array) -> Array:
        """Return one loss for each row, of shape ``y_pred.shape[:-1]``.

        A loss that cannot divide a row, such as the overlap of two images, has the shape (batch,).

        Args:
            y_true: targets.
            y_pred: predictions, of shape (batch, ..., outputs).
        """
        raise NotImplementedError

    def counts(self, y_true: Array, y_pred: Array) -> Array | None:
        """Return which values of `call` count at all, or None where all do.

        Args:
            y_true: targets.
            y_pred: predictions, of shape (batch, ..., outputs).
        """
        return None


LossLike: TypeAlias = str | Loss | type[Loss] | Callable[[Array, Array], Array]


def broadcast_weights(weights: Array, values: Array) -> Array:
    """Stretch weights over values that have more axes, or average them within a row.

    Args:
        weights: of shape (batch,) or (batch, time).
        values: what they are for, of shape (batch, ...).

    Raises:
        ShapeError: where the weights fit neither the rows nor the rows and time steps.
    """
    weights = ops.asarray(weights).astype(values.dtype)
    if weights.ndim > values.ndim:
        weights = ops.mean(weights, axis=tuple(range(values.ndim, weights.ndim)))
    stretched = weights.reshape(weights.shape + (1,) * (values.ndim - weights.ndim))
    fits = all(own in (1, size) for own, size in zip(stretched.shape, values.shape, strict=True))
    if fits and stretched.shape[:1] == values.shape[:1]:
        return ops.broadcast_to(stretched, values.shape)
    raise checks.problem(
        ShapeError,
        "sample_weight",
        expected=f"one weight for each of {values.shape[0] if values.ndim else 1} rows",
        got=checks.plain(weights),
        fix="give an array of shape (batch,), or (batch, time) for sequences.",
    )
