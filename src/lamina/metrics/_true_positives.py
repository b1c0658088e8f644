"""How many answers of yes and no are right and wrong, each kind by itself."""

from __future__ import annotations

from typing import ClassVar

from lamina._core.registry import register
from lamina.metrics._metric import Direction, Sums
from lamina.metrics._precision import CountingMetric
from lamina.ops import Array


class _Count(CountingMetric):
    """One of the four counts, by its name."""

    counted: ClassVar[str]

    def compute(self, sums: Sums) -> Array:
        """Return the count."""
        count: Array = sums[self.counted].value
        return count


@register("metric")
class FalseNegatives(_Count):
    """Count the no answers that are wrong, by weight.

    With several outputs all of them are counted together, unless `class_id` picks one.

    Args:
        thresholds: a prediction above it says yes, 0 … 1; several in a tuple give a count each. None is 0.5, or, beside
            `top_k`, lets each of the first k say yes.
        top_k: only the k highest outputs of a row may say yes.
        class_id: look at this output alone.
        name: key of the value in histories and scores.

    Shape:
        Targets (batch,), (batch, outputs), or class numbers; predictions (batch, outputs); the value is a scalar or has
        one number for each threshold, 0 where no row was seen.

    Raises:
        ArgumentError: where an argument is outside its range.
        ShapeError: where targets and predictions do not fit together.

    Example:
        >>> from lamina import metrics
        >>> float(metrics.FalseNegatives()([0, 0, 1, 1, 1], [0.1, 0.9, 0.2, 0.8, 0.7]))
        1.0
    """

    direction: ClassVar[Direction] = "min"
    counted: ClassVar[str] = "false_negatives"


@register("metric")
class FalsePositives(_Count):
    """Count the yes answers that are wrong, by weight.

    With several outputs all of them are counted together, unless `class_id` picks one.

    Args:
        thresholds: a prediction above it says yes, 0 … 1; several in a tuple give a count each. None is 0.5, or, beside
            `top_k`, lets each of the first k say yes.
        top_k: only the k highest outputs of a row may say yes.
        class_id: look at this output alone.
        name: key of the value in histories and scores.

    Shape:
        Targets (batch,), (batch, outputs), or class numbers; predictions (batch, outputs); the value is a scalar or has
        one number for each threshold, 0 where no row was seen.

    Raises:
        ArgumentError: where an argument is outside its range.
        ShapeError: where targets and predictions do not fit together.

    Example:
        >>> from lamina import metrics
        >>> float(metrics.FalsePositives()([0, 0, 1, 1, 1], [0.1, 0.9, 0.2, 0.8, 0.7]))
        1.0
    """

    direction: ClassVar[Direction] = "min"
    counted: ClassVar[str] = "false_positives"


@register("metric")
class TrueNegatives(_Count):
    """Count the no answers that are right, by weight.

    With several outputs all of them are counted together, unless `class_id` picks one.

    Args:
        thresholds: a prediction above it says yes, 0 … 1; several in a tuple give a count each. None is 0.5, or, beside
            `top_k`, lets each of the first k say yes.
        top_k: only the k highest outputs of a row may say yes.
        class_id: look at this output alone.
        name: key of the value in histories and scores.

    Shape:
        Targets (batch,), (batch, outputs), or class numbers; predictions (batch, outputs); the value is a scalar or has
        one number for each threshold, 0 where no row was seen.

    Raises:
        ArgumentError: where an argument is outside its range.
        ShapeError: where targets and predictions do not fit together.

    Example:
        >>> from lamina import metrics
        >>> float(metrics.TrueNegatives()([0, 0, 1, 1, 1], [0.1, 0.9, 0.2, 0.8, 0.7]))
        1.0
    """

    counted: ClassVar[str] = "true_negatives"


@register("metric")
class TruePositives(_Count):
    """Count the yes answers that are right, by weight.

    With several outputs all of them are counted together, unless `class_id` picks one.

    Args:
        thresholds: a prediction above it says yes, 0 … 1; several in a tuple give a count each. None is 0.5, or, beside
            `top_k`, lets each of the first k say yes.
        top_k: only the k highest outputs of a row may say yes.
        class_id: look at this output alone.
        name: key of the value in histories and scores.

    Shape:
        Targets (batch,), (batch, outputs), or class numbers; predictions (batch, outputs); the value is a scalar or has
        one number for each threshold, 0 where no row was seen.

    Raises:
        ArgumentError: where an argument is outside its range.
        ShapeError: where targets and predictions do not fit together.

    Example:
        >>> from lamina import metrics
        >>> float(metrics.TruePositives()([0, 0, 1, 1, 1], [0.1, 0.9, 0.2, 0.8, 0.7]))
        2.0
    """

    counted: ClassVar[str] = "true_positives"
