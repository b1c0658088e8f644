"""Links beside an optimizer: clip and gather gradients before it, decay and average weights after it."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from lamina import ops
from lamina._core import checks
from lamina._core.config import Setting
from lamina._core.registry import register
from lamina.ops import Array
from lamina.optimizers._optimizer import Link, RateFunction, Side, check_fractions, check_positive, filled
from lamina.optimizers._transformation import Transformation, joined, stateless


@register("optimizer")
class ClipValue(Link):
    """Clip each element of the gradients.

    ```
    g ← min(max(g, -max_value), max_value)
    ```

    Args:
        max_value: the largest size of an element; above 0.

    Raises:
        ArgumentError: for a number outside its range.

    Example:
        >>> from lamina import optimizers
        >>> optimizers.get([optimizers.ClipValue(0.5), "adam"])
        Chain((ClipValue(0.5), Adam()))
    """

    max_value: Setting

    def check(self) -> None:
        """Check the number."""
        check_positive(self, "max_value")

    def transformation(self) -> Transformation:
        """Return the clipping."""
        return _on_each(lambda gradient: ops.clip(gradient, -self.max_value, self.max_value))


@register("optimizer")
class ClipNorm(Link):
    """Scale down the gradient of each weight whose own norm is too large.

    ```
    g ← g · max_norm / max(‖g‖, max_norm)
    ```

    Args:
        max_norm: the largest norm of the gradient of one weight; above 0.

    Raises:
        ArgumentError: for a number outside its range.

    Example:
        >>> from lamina import optimizers
        >>> optimizers.get([optimizers.ClipNorm(1.0), "adam"])
        Chain((ClipNorm(1.0), Adam()))

    Reference:
        [Pascanu et al., 2012](https://arxiv.org/abs/1211.5063)
    """

    max_norm: Setting

    def check(self) -> None:
        """Check the number."""
        check_positive(self, "max_norm")

    def transformation(self) -> Transformation:
        """Return the clipping."""
        return _on_each(lambda gradient: _shortened(gradient, norm(gradient), self.max_norm))


@register("optimizer")
class ClipGlobalNorm(Link):
    """Scale down all gradients together when their common norm is too large.

    ```
    g ← g · max_norm / max(‖all gradients‖, max_norm)
    ```

    Unlike with `ClipNorm`, the step keeps its direction.

    Args:
        max_norm: the largest norm of all gradients seen as one vector; above 0.

    Raises:
        ArgumentError: for a number outside its range.

    Example:
        >>> from lamina import optimizers
        >>> optimizers.get([optimizers.ClipGlobalNorm(1.0), "adam"])
        Chain((ClipGlobalNorm(1.0), Adam()))

    Reference:
        [Pascanu et al., 2012](https://arxiv.org/abs/1211.5063)
    """

    max_norm: Setting

    def check(self) -> None:
        """Check the number."""
        check_positive(self, "max_norm")

    def transformation(self) -> Transformation:
        """Return the clipping."""

        def clip(gradients: Any) -> Any:
            length = norm(gradients)
            return ops.tree_map(lambda gradient: _shortened(gradient, length, self.max_norm), gradients)

        return stateless(clip)


@register("optimizer")
class Accumulate(Link):
    """Make one update from the mean gradient of several batches.

    That is a large batch in the memory of a small one. Links after this one, and schedules, count updates, not batches.
    Batches that are left over at the end of an epoch count toward the next update.

    Args:
        steps: how many batches make one update.

    Raises:
        ArgumentError: for anything but a positive integer.

    Example:
        >>> from lamina import optimizers
        >>> optimizers.get([optimizers.Accumulate(4), "adam"])
        Chain((Accumulate(4), Adam()))
    """

    steps: int

    def check(self) -> None:
        """Check the number."""
        checks.integer(self.place("steps"), self.steps)

    def followed_by(self, rest: Transformation, rate_at: RateFunction) -> Transformation:
        """Let the rest of the chain work only when enough gradients have come together."""

        def init(weights: Any) -> Any:
            own = {"count": np.int32(0), "sum": ops.tree_map(filled, weights)}
            return own, *rest.init(weights)

        def update(gradients: Any, state: Any, weights: Any) -> Any:
            own, *others = state
            total = ops.tree_map(operator.add, own["sum"], gradients)
            nothing = ops.tree_map(ops.zeros_like, weights)

            def step() -> Any:
                mean = ops.tree_map(lambda gradient: gradient / self.steps, total)
                changes, after = rest.update(mean, tuple(others), weights)
                return changes, {"count": ops.zeros_like(own["count"]), "sum": nothing}, tuple(after)

            def wait() -> Any:
                return nothing, {"count": own["count"] + 1, "sum": total}, tuple(others)

            changes, own, others = ops.cond(own["count"] + 1 >= self.steps, step, wait)
            return changes, (own, *others)

        return Transformation(init, update)


@register("optimizer")
class WeightDecay(Link):
    """Shrink every weight at each step, whatever its gradient.

    ```
    w ← w - learning_rate · rate · w
    ```

    It does to any optimizer what AdamW does to Adam.

    Args:
        rate: how much of a weight is taken away, in units of the learning rate; at least 0.

    Raises:
        ArgumentError: for a number outside its range.

    Example:
        >>> from lamina import optimizers
        >>> optimizers.get(["sgd", optimizers.WeightDecay(0.004)])
        Chain((SGD(), WeightDecay(0.004)))

    Reference:
        [Loshchilov and Hutter, 2017](https://arxiv.org/abs/1711.05101)
    """

    side: ClassVar[Side] = "after"
    uses_rate: ClassVar[bool] = True

    rate: Setting

    def check(self) -> None:
        """Check the number."""
        checks.number(self.place("rate"), self.rate, low=0)

    def followed_by(self, rest: Transformation, rate_at: RateFunction) -> Transformation:
        """Take part of the weights from the change, in step with the learning rate."""

        def init(weights: Any) -> Any:
            return {"step": np.int32(0)}

        def update(changes: Any, state: Any, weights: Any) -> Any:
            part = rate_at(state["step"]) * self.rate
            shrunk = ops.tree_map(
                lambda change, weight: (change - part * weight).astype(weight.dtype), changes, weights
            )
            return shrunk, {"step": state["step"] + 1}

        return joined(Transformation(init, update), rest)


@register("optimizer")
class AverageWeights(Link):
    """Keep a moving average of the weights, and leave it as the weights at the end.

    ```
    average ← momentum · average + (1 - momentum) · w        (the first average is the first w)
    ```

    Training itself goes on with the weights as they are.

    Args:
        momentum: how much of the average is kept at each update, at least 0 and below 1.

    Raises:
        ArgumentError: for a number outside its range.

    Example:
        >>> from lamina import optimizers
        >>> optimizers.get(["adam", optimizers.AverageWeights(0.999)])
        Chain((Adam(), AverageWeights(momentum=0.999)))

    Reference:
        [Polyak and Juditsky, 1992](https://doi.org/10.1137/0330046)
    """

    side: ClassVar[Side] = "after"

    momentum: Setting = 0.99

    def check(self) -> None:
        """Check the number."""
        check_fractions(self, "momentum")

    def transformation(self) -> Transformation:
        """Return what leaves the changes alone and watches where they lead."""

        def init(weights: Any) -> Any:
            return {"step": np.int32(0), "average": ops.tree_map(filled, weights)}

        def update(changes: Any, state: Any, weights: Any) -> Any:
            kept = ops.where(state["step"] > 0, self.momentum, 0.0)

            def averaged(average: Array, weight: Array, change: Array) -> Array:
                return (kept * average + (1 - kept) * (weight + change)).astype(average.dtype)

            average = ops.tree_map(averaged, state["average"], weights, changes)
            return changes, {"step": state["step"] + 1, "average": average}

        return Transformation(init, update)

    def finalize(self, state: Any, weights: Any) -> Any:
        """Return the averages, or the weights as they are where no step was made."""
        return ops.tree_map(
            lambda average, weight: ops.where(state["step"] > 0, average, weight), state["average"], weights
        )


def norm(tree: Any) -> Array:
    """Return the Euclidean norm of all elements, of one array or of a whole tree."""
    return ops.sqrt(ops.asarray(sum(ops.sum(ops.square(values)) for values in ops.tree_leaves(tree)), float))


def _shortened(gradient: Array, length: Array, longest: float) -> Array:
    return (gradient * (longest / ops.maximum(length, longest))).astype(gradient.dtype)


def _on_each(change: Callable[[Array], Array]) -> Transformation:
    """Return a transformation of each gradient by itself."""
    return stateless(lambda gradients: ops.tree_map(change, gradients))
