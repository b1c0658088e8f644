"""What a metric is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import Any, ClassVar, Literal, TypeAlias

from lamina import ops
from lamina._core import checks
from lamina._core.config import Config
from lamina._core.registry import snake_case
from lamina.errors import ArgumentError
from lamina.ops import Array

Direction: TypeAlias = Literal["max", "min"] | None
Task: TypeAlias = Literal["any", "classes", "numbers"]

Sums: TypeAlias = dict[str, Any]
"""What a metric has seen so far, by name: `Sum` objects, or arrays where a metric merges in its own way."""


class Metric(Config):
    """Judge predictions over any number of batches, exactly as over all rows at once.

    A metric is configuration and four pure functions: ``init`` gives empty sums, ``update`` adds a batch, ``merge``
    joins two sets of sums, ``compute`` turns sums into the value. Where the value is a mean over rows, subclass
    `MeanMetric` instead and write one line.

    `task` names what the metric is for ("classes", "numbers" or "any"), so that the accuracy of a regression is
    refused. `direction` says whether "max" or "min" is better, for early stopping and for comparing runs; None where
    nothing says.

    Args:
        name: key of the value in histories and scores; by default the class name in snake_case.

    Example:
        >>> from lamina import metrics, ops
        >>> class LargestError(metrics.Metric):
        ...     direction = "min"
        ...
        ...     def init(self, outputs=1):
        ...         return {"largest": ops.zeros(())}
        ...
        ...     def update(self, sums, y_true, y_pred, weights):
        ...         errors = ops.max(ops.abs(y_true - y_pred), axis=-1) * (weights > 0)
        ...         return {"largest": ops.maximum(sums["largest"], ops.max(errors))}
        ...
        ...     def merge(self, first, second):
        ...         return {"largest": ops.maximum(first["largest"], second["largest"])}
        ...
        ...     def compute(self, sums):
        ...         return sums["largest"]
        >>> float(LargestError()([[1.0], [2.0]], [[1.5], [4.0]]))
        2.0
    """

    family: ClassVar[str] = "metric"
    task: ClassVar[Task] = "any"
    direction: ClassVar[Direction] = "max"

    name: str | None = field(default=None, kw_only=True)

    @property
    def key(self) -> str:
        """The name under which histories and scores keep the value."""
        return self.name or snake_case(type(self).__name__)

    def check(self) -> None:
        """Check the name; subclasses with fields of their own call this first."""
        if self.name is not None and not (isinstance(self.name, str) and self.name):
            raise checks.problem(
                ArgumentError,
                self.place("name"),
                expected="a word, or None for the class name",
                got=checks.plain(self.name),
                fix=f"write it as in {type(self).__name__}(name={snake_case(type(self).__name__)!r}).",
            )

    def init(self, outputs: int = 1) -> Sums:
        """Return the sums of no rows at all.

        Args:
            outputs: size of the last axis of the predictions; metrics that keep a sum for each output need it.
        """
        raise NotImplementedError

    def update(self, sums: Sums, y_true: Array, y_pred: Array, weights: Array) -> Sums:
        """Return the sums with one batch added.

        Args:
            sums: what `init` or an earlier `update` gave.
            y_true: targets, as the loss takes them.
            y_pred: predictions, probabilities where the last activation gives them.
            weights: one weight for each row (or row and time step); 0 for rows that only pad the batch.
        """
        raise NotImplementedError

    def merge(self, first: Sums, second: Sums) -> Sums:
        """Return the sums of both."""
        return {key: first[key] + second[key] for key in first}

    def compute(self, sums: Sums) -> Array:
        """Return the value, NaN where no row was seen.

        It is a scalar, or an array for metrics that are tables.
        """
        raise NotImplementedError

    def __call__(self, y_true: Array, y_pred: Array, sample_weight: Array | None = None) -> Array:
        """Return the value over one set of rows."""
        y_true, y_pred = ops.asarray(y_true), ops.asarray(y_pred)
        weights = ops.ones(y_pred.shape[:1]) if sample_weight is None else ops.asarray(sample_weight)
        sums = self.init(y_pred.shape[-1] if y_pred.ndim > 1 else 1)
        return self.compute(self.update(sums, y_true, y_pred, weights))


MetricLike: TypeAlias = str | Metric | type[Metric] | Callable[[Array, Array], Array]
