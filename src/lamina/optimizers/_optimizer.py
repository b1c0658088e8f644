"""What an optimizer is, and what may stand beside one in a chain."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ClassVar, Literal, TypeAlias

import numpy as np

from lamina import ops
from lamina._core import checks
from lamina._core.config import Config, Setting
from lamina.errors import ArgumentError
from lamina.ops import Array
from lamina.optimizers._transformation import Transformation, joined

RateFunction: TypeAlias = Callable[[Array], Any]
"""A learning rate that follows the steps: a `Schedule`, or any function of the number of updates made so far."""

Slots: TypeAlias = dict[str, Array]
"""What an optimizer remembers about one weight, by name."""

Side: TypeAlias = Literal["before", "optimizer", "after"]
"""Where a link stands in a chain."""


class Link(Config):
    """One part of the way from gradients to the change of the weights.

    `compile(optimizer=[...])` takes a list of links, one of which is the optimizer. `side` says where the others stand,
    and `uses_rate` which of them cannot do without a learning rate.
    """

    family: ClassVar[str] = "optimizer"
    side: ClassVar[Side] = "before"
    uses_rate: ClassVar[bool] = False

    def transformation(self) -> Transformation:
        """Return the functions that do the work; `update` is always given the weights."""
        raise NotImplementedError

    def followed_by(self, rest: Transformation, rate_at: RateFunction) -> Transformation:
        """Return the transformation of a chain from this link on.

        Its state is a tuple: this link's, then those of `rest`.

        Args:
            rest: the chain after this link, whose state is a tuple.
            rate_at: the learning rate of the chain's optimizer, for links that scale with it.
        """
        return joined(self.transformation(), rest)

    def finalize(self, state: Any, weights: Any) -> Any:
        """Return the weights to keep when training ends; averaging gives the average.

        Args:
            state: what `transformation().update` returned last.
            weights: the weights as the last step left them.
        """
        return weights


class Optimizer(Link):
    """Turn gradients into steps, one weight at a time.

    An optimizer is configuration. A subclass says in `slots` what is remembered about a weight, and in `change` what is
    added to it; `transformation` makes a pair of functions of them, as optax does. That is called while the training
    program is traced, with the numbers annotated `Setting` replaced by arrays of the training state, so that they can
    change between two steps without compiling again.

    Args:
        learning_rate: how far a step goes, at least 0; or a schedule, or a function of the number of updates made.

    Example:
        An optimizer of your own, which goes the same distance whatever the gradient:

        >>> from lamina import ops
        >>> from lamina.optimizers import Optimizer
        >>> class SignDescent(Optimizer):
        ...     def change(self, gradient, slots, *, weight, rate, count):
        ...         return -rate * ops.sign(gradient), slots
        >>> SignDescent(learning_rate=0.1)
        SignDescent(learning_rate=0.1)
    """

    side: ClassVar[Side] = "optimizer"

    learning_rate: Setting | RateFunction = 0.001

    def check(self) -> None:
        """Refuse a learning rate that is neither a number of at least 0 nor a function."""
        if not callable(self.learning_rate):
            checks.number(self.place("learning_rate"), self.learning_rate, low=0)

    def slots(self, weight: Array) -> Slots:
        """Return what is remembered about a weight before the first step, by name.

        Arrays of NumPy's will do; they are moved to the device all at once.
        """
        return {}

    def change(self, gradient: Array, slots: Slots, *, weight: Array, rate: Array, count: Array) -> tuple[Array, Slots]:
        """Return what is added to a weight, and what is remembered for the next step.

        Args:
            gradient: of the loss, at `weight`.
            slots: what `slots`, then each step, left.
            weight: as it is before the step.
            rate: the learning rate of this step.
            count: the number of this step, from 1, as a float.
        """
        raise NotImplementedError

    def rate_at(self, step: Array) -> Any:
        """Return the learning rate after `step` updates."""
        return self.learning_rate(step) if callable(self.learning_rate) else self.learning_rate

    def transformation(self) -> Transformation:
        """Return the two functions; what they give is added to the weights."""

        def init(weights: Any) -> Any:
            return {"step": np.int32(0), "slots": ops.tree_map(self.slots, weights)}

        def update(gradients: Any, state: Any, weights: Any) -> Any:
            step = state["step"]
            rate = ops.asarray(self.rate_at(step), float)
            change = functools.partial(self._change, rate=rate, count=ops.asarray(step + 1, float))
            results = ops.tree_map(change, weights, gradients, state["slots"])
            changes, slots = (ops.tree_map(lambda _, pair, i=i: pair[i], weights, results) for i in (0, 1))
            return changes, {"step": step + 1, "slots": slots}

        return Transformation(init, update)

    def _change(
        self, weight: Array, gradient: Array, slots: Slots, *, rate: Array, count: Array
    ) -> tuple[Array, Slots]:
        """Keep every type as it was: rate and count are float32, and would turn half precision weights into it."""
        change, after = self.change(gradient.astype(weight.dtype), slots, weight=weight, rate=rate, count=count)
        if change.shape != weight.shape or after.keys() != slots.keys():
            raise checks.problem(
                ArgumentError,
                f"{type(self).__name__}.change",
                expected=f"a change of shape {weight.shape} and the slots {sorted(slots)}",
                got=f"one of shape {change.shape} and {sorted(after)}",
                fix="return them as in `return -rate * gradient, slots`, and name each slot in slots().",
            )
        return change.astype(weight.dtype), {name: after[name].astype(slots[name].dtype) for name in slots}


def filled(weight: Array, value: float = 0.0, *, shape: tuple[int, ...] | None = None) -> Any:
    """Return an array of one number, like a weight or of another shape; NumPy's, as nothing is compiled for those."""
    return np.full(weight.shape if shape is None else shape, value, weight.dtype)


def check_fractions(link: Link, *names: str, open_high: bool = True) -> None:
    """Check arguments from 0 to 1; 1 itself, which would remember for ever, only where it may be."""
    for name in names:
        checks.number(link.place(name), getattr(link, name), low=0, high=1, open_high=open_high)


def check_positive(link: Link, *names: str) -> None:
    """Check arguments above 0."""
    for name in names:
        checks.number(link.place(name), getattr(link, name), low=0, open_low=True)
