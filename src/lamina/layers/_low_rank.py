"""A dense layer that is kept, and a small one beside it that is trained."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from lamina import activations, ops
from lamina._core import checks
from lamina._core.registry import register
from lamina.errors import ArgumentError
from lamina.layers._context import Context
from lamina.layers._dense import Dense
from lamina.layers._layer import Layer
from lamina.layers._parts import parts
from lamina.layers._symbol import Shape
from lamina.layers._weight import Weight
from lamina.layers._wrapper import Wrapper
from lamina.ops import Array


@register("layer")
class LowRank(Wrapper):
    """Adapt a dense layer to another task by training few numbers beside its kernel.

    ``activation(x @ kernel + alpha / rank · x @ a @ b + bias)``. The layer's own weights stay as they are; only `a` and
    `b` are trained. As `b` starts with zeros, the first answers are those of the layer alone.

    `lamina.models.add_low_rank` puts it around the layers of a model, and `merge_low_rank` folds it into them.

    Args:
        layer: the `Dense` layer.
        rank: how many columns `a` has, from 1 to the smaller side of the kernel; with 8, a kernel of 784 by 512 has
            10,368 numbers to train instead of 401,408.
        alpha: how much the adapter counts: the product of `a` and `b` is multiplied by ``alpha / rank``; by default as
            much as the rank, so that it is multiplied by 1.

    Shape:
        Input ``(batch, ..., features)``, output ``(batch, ..., units)``; weights those of the layer, as
        ``layer.kernel``, and a ``(features, rank)``, b ``(rank, units)``.

    Raises:
        ArgumentError: for another layer than `Dense`, an alpha that is not above 0, and a rank that is below 1 or above
            the smaller side of the kernel.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((784,)), lm.layers.LowRank(lm.layers.Dense(512), rank=8)])
        >>> {name: array.shape for name, array in model.get_weights("dense").items()}
        {'layer.kernel': (784, 512), 'layer.bias': (512,), 'a': (784, 8), 'b': (8, 512)}

    Reference:
        Hu et al. (2021), LoRA: low-rank adaptation of large language models, https://arxiv.org/abs/2106.09685
    """

    kinds: ClassVar[tuple[type[Layer], ...]] = (Dense,)

    layer: Dense
    rank: int = 8
    alpha: float | None = None

    def check(self) -> None:
        """Check the layer and the numbers."""
        super().check()
        checks.integer(self.place("rank"), self.rank)
        if self.alpha is not None:
            checks.number(self.place("alpha"), self.alpha, low=0, open_low=True)

    def weights(self, input_shape: Shape) -> Mapping[str, Weight]:
        """Declare the arrays of the layer, which are kept, and the two that are trained."""
        kept = {
            name: dataclasses.replace(own, trainable=False) for name, own in self.layer.weights(input_shape).items()
        }
        features, units = kept["kernel"].shape
        if self.rank > min(features, units):
            raise checks.problem(
                ArgumentError,
                f"{self.label}: rank",
                expected=f"at most {min(features, units)}, the smaller side of a kernel of {features} by {units}",
                got=str(self.rank),
                fix="choose a smaller rank, or train this layer as it is.",
            )
        a, b = Weight((features, self.rank), "he_uniform"), Weight((self.rank, units), "zeros")
        return {**parts(layer=kept), "a": a, "b": b}

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Array:
        """Return ``activation(x @ kernel + alpha / rank · x @ a @ b + bias)``."""
        linear = self.layer.replace(activation=None, activity_regularizer=None)
        kept = context.call("layer", linear, weights, x)
        x = kept + self._factor * ops.linear(ops.linear(x, weights["a"]), weights["b"])
        x = activations.get(self.layer.activation)(x)
        context.add_activity(self.layer.activity_regularizer, x, mask=context.mask)
        return x

    def merged(self, arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return the arrays of a plain layer that gives the same, up to rounding.

        ``kernel + alpha / rank · a @ b``, computed in float64.

        Args:
            arrays: the arrays of this layer by name.
        """
        change = self._factor * (np.asarray(arrays["a"], np.float64) @ np.asarray(arrays["b"], np.float64))
        inner = {name.removeprefix("layer."): array for name, array in arrays.items() if name.startswith("layer.")}
        return {**inner, "kernel": (inner["kernel"] + change).astype(inner["kernel"].dtype)}

    @property
    def _factor(self) -> float:
        return 1.0 if self.alpha is None else self.alpha / self.rank
