"""Precisions: which types a plan computes with and keeps, and the scaling of the loss that float16 needs.

A precision is a transformation of the plan. No layer, loss or optimizer knows of it: `lamina.layers.apply` gives layers
their numbers in the type to compute in, and what lasts from step to step stays in the type that is kept.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from lamina import ops
from lamina._core import checks
from lamina._core.config import Config, Setting
from lamina.layers import Graph
from lamina.ops import Array

LOSS_SCALE = "loss_scale/"
"""What the names of the settings of a `LossScale` begin with."""
STEPS_TO_GROWTH = 2000
LEAST_FACTOR, LARGEST_FACTOR = 2.0**-10, 2.0**24


class Precision(NamedTuple):
    """The types of a plan.

    Args:
        computed: what layers compute in.
        kept: what weights, moving values, the optimizer, losses and metrics are kept in.
        scales_loss: whether gradients would vanish in the type computed in, unless the loss is scaled.
    """

    computed: str
    kept: str
    scales_loss: bool = False

    def context(self) -> contextlib.AbstractContextManager[None]:
        """Let JAX compute with as many bits as this needs, in this thread."""
        return ops.double_precision() if self.kept == "float64" else contextlib.nullcontext()

    def compiled(self, function: Callable[..., Any], **options: Any) -> Callable[..., Any]:
        """Return a function compiled as `ops.compiled` does, and run with as many bits as this needs."""
        run = ops.compiled(function, **options)
        if self.kept == "float32":
            return run

        def run_in_context(*values: Any, **named: Any) -> Any:
            with self.context():
                return run(*values, **named)

        return run_in_context


PRECISIONS: Mapping[str, Precision] = {
    "float32": Precision("float32", "float32"),
    "float64": Precision("float64", "float64"),
    "mixed_bfloat16": Precision("bfloat16", "float32"),
    "mixed_float16": Precision("float16", "float32", scales_loss=True),
}


class LossScale(Config):
    """Multiply the loss so that its gradients are neither 0 nor infinite in float16, whose least number is 6e-8.

    Gradients are divided by the factor again before the optimizer sees them. A step whose gradients are not finite is
    left out, and the factor halved; after 2,000 good steps without one it is doubled. Both numbers are settings of the
    model: part of its state, and of its files.

    Args:
        factor: what the loss is multiplied by; a power of two changes no digit.
        good_steps: how many steps in a row had finite gradients at this factor.

    Raises:
        ArgumentError: for a factor out of its range, or a number of steps below 0.

    Example:
        >>> from lamina.training import LossScale
        >>> after = LossScale(factor=1024.0, good_steps=7.0).after(False)
        >>> float(after["loss_scale/factor"]), float(after["loss_scale/good_steps"])
        (512.0, 0.0)

    Reference:
        Micikevicius et al. (2018), Mixed precision training, https://arxiv.org/abs/1710.03740
    """

    factor: Setting = 2.0**15
    good_steps: Setting = 0.0

    def check(self) -> None:
        """Check both numbers."""
        checks.number(self.place("factor"), self.factor, low=LEAST_FACTOR, high=LARGEST_FACTOR)
        checks.number(self.place("good_steps"), self.good_steps, low=0)

    def unscaled(self, gradients: Any) -> Any:
        """Return gradients of the loss, from those of the scaled one."""
        return ops.tree_map(lambda gradient: gradient / self.factor, gradients)

    def after(self, fits: Array | bool) -> dict[str, Array]:
        """Return the settings after a step.

        Args:
            fits: whether its gradients were finite.
        """
        steps = ops.where(fits, self.good_steps + 1, 0)
        grows = steps >= STEPS_TO_GROWTH
        factor = ops.where(fits, ops.where(grows, self.factor * 2, self.factor), self.factor / 2)
        changed = {"factor": ops.clip(factor, LEAST_FACTOR, LARGEST_FACTOR), "good_steps": ops.where(grows, 0, steps)}
        return {LOSS_SCALE + name: value.astype("float32") for name, value in changed.items()}

    def checked(self, loss: Array, fits: Array) -> Array:
        """Return the loss, or NaN where gradients are infinite though the factor is as small as it may be."""
        return ops.where(fits | (self.factor > LEAST_FACTOR), loss, float("nan"))


def typed(graph: Graph, inputs: tuple[Any, ...], kept: str) -> tuple[Array, ...]:
    """Return the inputs in the types the network states, floating numbers in the type `kept`; bytes are widened."""
    types = [kept if symbol.dtype == "float32" else symbol.dtype for symbol in graph.inputs]
    return tuple(ops.asarray(x).astype(dtype) for x, dtype in zip(inputs, types, strict=True))


def are_finite(tree: Any) -> Array:
    """Tell whether all numbers in a tree of arrays are finite.

    One that is not shows in the sum, which is quicker, and is compiled more quickly, than asking each.
    """
    return ops.isfinite(sum(map(ops.sum, ops.tree_leaves(tree)), ops.zeros(())))


def selected(condition: Array, new: Any, old: Any) -> Any:
    """Return the new tree of arrays where a condition holds, and the old one else."""
    return ops.tree_map(lambda first, second: ops.where(condition, first, second), new, old)
