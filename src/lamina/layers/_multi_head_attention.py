"""Attention with several heads, each of which learns what to compare and what to look up."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from lamina import ops
from lamina._core import checks
from lamina._core.registry import register
from lamina.constraints import ConstraintLike
from lamina.errors import ArgumentError
from lamina.initializers import InitializerLike
from lamina.layers._attending import Attending, masks_of, roles, shares_of
from lamina.layers._context import Context
from lamina.layers._layer import last_size
from lamina.layers._parts import parts
from lamina.layers._symbol import Shape
from lamina.layers._weight import Weight
from lamina.ops import Array
from lamina.regularizers import RegularizerLike


class _Heads(NamedTuple):
    """How many heads queries and values have, the sizes of what they compare and look up, and of the output."""

    queries: int
    values: int
    key_dim: int
    value_dim: int
    units: int | None = None


class _ManyHeads(Attending):
    """Project queries, keys and values, attend in each head, and project what the heads found."""

    _: dataclasses.KW_ONLY
    use_bias: bool = True
    sliding_window: int | None = None
    kernel_initializer: InitializerLike = "glorot_uniform"
    bias_initializer: InitializerLike = "zeros"
    kernel_regularizer: RegularizerLike = None
    bias_regularizer: RegularizerLike = None
    activity_regularizer: RegularizerLike = None
    kernel_constraint: ConstraintLike = None
    bias_constraint: ConstraintLike = None
    use_gate: bool = False

    def heads(self) -> _Heads:
        """Return how many heads there are, and of what sizes."""
        raise NotImplementedError

    def check(self) -> None:
        """Check what both have."""
        super().check()
        checks.boolean(self.place("use_bias"), self.use_bias)
        checks.boolean(self.place("use_gate"), self.use_gate)
        if self.sliding_window is not None:
            checks.integer(self.place("sliding_window"), self.sliding_window)

    def weights(self, input_shape: Sequence[Shape]) -> Mapping[str, Weight]:
        """Declare the kernel and the bias of each projection."""
        heads = self.heads()
        query, value, key = (last_size(self, shape) for shape in self.checked(input_shape))
        projections = {
            "query": self._projection((query, heads.queries, heads.key_dim)),
            "key": self._projection((key, heads.values, heads.key_dim)),
            "gate": self._projection((query, heads.queries, heads.value_dim)) if self.use_gate else {},
            "value": self._projection((value, heads.values, heads.value_dim)),
            "attention_output": self._projection((heads.queries, heads.value_dim, heads.units or query), summed=2),
        }
        return parts(**projections)

    def output_shape(self, input_shape: Sequence[Shape]) -> Any:
        """Give each step of the query a row of units."""
        heads = self.heads()
        query, value, _ = self.checked(input_shape)
        return self.results((*query[:-1], heads.units or query[-1]), (query[0], heads.queries, query[1], value[1]))

    def call(self, weights: Mapping[str, Array], x: Sequence[Array], context: Context) -> Any:
        """Return what the heads find."""

        def projected(part: str, steps: Array, mask: Array | None, *, summed: int = 1) -> Array:
            values = ops.tensordot(steps, weights[f"{part}.kernel"], axes=summed)
            values = values + weights[f"{part}.bias"] if self.use_bias else values
            values = ops.sigmoid(values) if part == "gate" else values
            context.add_activity(self.activity_regularizer, values, mask=mask)
            return values

        heads = self.heads()
        query, value, key = roles(x)
        query_mask, value_mask, key_mask = roles(masks_of(x, context))
        queries = projected("query", query, query_mask) * heads.key_dim**-0.5
        keys = ops.repeat(projected("key", key, key_mask), heads.queries // heads.values, axis=2)
        values = ops.repeat(projected("value", value, value_mask), heads.queries // heads.values, axis=2)
        scores = ops.einsum("bqhd,bvhd->bhqv", queries, keys)
        shares = shares_of(scores, self.visible(x, context, window=self.sliding_window))
        found = ops.einsum("bhqv,bvhd->bqhd", self.dropped(shares, context), values)
        if self.use_gate:
            found = found * projected("gate", query, query_mask)
        return self.results(projected("attention_output", found, query_mask, summed=2), shares)

    def _projection(self, shape: tuple[int, ...], *, summed: int = 1) -> Mapping[str, Weight]:
        """Declare a kernel that is summed over its first axes, and a bias for the others."""
        kernel = Weight(
            shape, self.kernel_initializer, regularizer=self.kernel_regularizer, constraint=self.kernel_constraint
        )
        bias = Weight(
            shape[summed:], self.bias_initializer, regularizer=self.bias_regularizer, constraint=self.bias_constraint
        )
        return {"kernel": kernel, "bias": bias} if self.use_bias else {"kernel": kernel}


@register("layer")
class MultiHeadAttention(_ManyHeads):
    """Look up values in several ways at once, each with projections that are learned.

    Each head computes ``softmax(query · keyᵀ / √key_dim) · value`` with projections of its own, and the output is a
    projection of what all heads found. Call it as ``layer(query, value)``, or ``layer(x, x)`` for a sequence that looks
    at itself.

    Args:
        num_heads: how many heads there are, at least 1.
        key_dim: the size of a query and of a key in each head, at least 1.
        value_dim: the size of a value in each head; `key_dim` by default.
        units: the size of the output; that of the query by default.
        dropout: the share of weights that is dropped while training, from 0 to below 1.
        use_bias: whether projections add a bias.
        sliding_window: how many steps before and after, its own included, a query may see; all by default.
        kernel_initializer: how kernels start.
        bias_initializer: how biases start.
        kernel_regularizer: a penalty on the kernels.
        bias_regularizer: a penalty on the biases.
        activity_regularizer: a penalty on what each projection gives, averaged over the rows of the batch.
        kernel_constraint: a projection of the kernels after each step.
        bias_constraint: a projection of the biases after each step.
        use_gate: whether what heads found is multiplied by the sigmoid of a further projection of the query.
        seed: a number that gives the layer another stream of the model's random numbers.
        use_causal_mask: whether a step of the query looks at no later step of the value.
        return_attention_scores: whether the weights of the means are given as a second output.

    Shape:
        Called on query ``(batch, query steps, features)``, value ``(batch, value steps, features)`` and, where it is
        not the value, key ``(batch, value steps, features)``; features may differ. Output
        ``(batch, query steps, units)``, attention scores ``(batch, num_heads, query steps, value steps)``;
        query.kernel, key.kernel ``(features, num_heads, key_dim)``, value.kernel ``(features, num_heads, value_dim)``,
        attention_output.kernel ``(num_heads, value_dim, units)``; a bias has the axes that are not summed over.

    Raises:
        ArgumentError: for sizes below 1, a rate outside [0, 1), or a single input.
        ShapeError: for other than sequences, and keys that are not as many as the values.

    Example:
        >>> import lamina as lm
        >>> words = lm.Input((20, 64))
        >>> lm.layers.MultiHeadAttention(4, key_dim=16, use_causal_mask=True)(words, words).shape
        (None, 20, 64)

    Reference:
        Vaswani et al. (2017), Attention is all you need, https://arxiv.org/abs/1706.03762
    """

    num_heads: int
    key_dim: int
    value_dim: int | None = None
    units: int | None = dataclasses.field(default=None, kw_only=True)

    def check(self) -> None:
        """Check the sizes."""
        super().check()
        for size in ("num_heads", "key_dim"):
            checks.integer(self.place(size), getattr(self, size))
        for size in ("value_dim", "units"):
            if getattr(self, size) is not None:
                checks.integer(self.place(size), getattr(self, size))

    def heads(self) -> _Heads:
        """Return as many heads of values as of queries."""
        return _Heads(self.num_heads, self.num_heads, self.key_dim, self.value_dim or self.key_dim, self.units)


@register("layer")
class GroupQueryAttention(_ManyHeads):
    """Let several heads of the query share one head of keys and values.

    As `MultiHeadAttention`, with fewer projections of keys and values. With one head of values it is multi-query
    attention.

    Args:
        head_dim: the size of a query, a key and a value in each head, at least 1.
        num_query_heads: how many heads the query has, a multiple of those of the values.
        num_key_value_heads: how many heads keys and values have, at least 1.
        dropout: the share of weights that is dropped while training, from 0 to below 1.
        use_bias: whether projections add a bias.
        sliding_window: how many steps before and after, its own included, a query may see; all by default.
        kernel_initializer: how kernels start.
        bias_initializer: how biases start.
        kernel_regularizer: a penalty on the kernels.
        bias_regularizer: a penalty on the biases.
        activity_regularizer: a penalty on what each projection gives, averaged over the rows of the batch.
        kernel_constraint: a projection of the kernels after each step.
        bias_constraint: a projection of the biases after each step.
        use_gate: whether what heads found is multiplied by the sigmoid of a further projection of the query.
        seed: a number that gives the layer another stream of the model's random numbers.
        use_causal_mask: whether a step of the query looks at no later step of the value.
        return_attention_scores: whether the weights of the means are given as a second output.

    Shape:
        As for `MultiHeadAttention`, with num_query_heads for query and attention_output, num_key_value_heads for key
        and value, head_dim for all, and an output of the size of the query.

    Raises:
        ArgumentError: for sizes below 1, heads that cannot be shared evenly, a rate outside [0, 1), or a single input.
        ShapeError: for other than sequences, and keys that are not as many as the values.

    Example:
        >>> import lamina as lm
        >>> words = lm.Input((20, 64))
        >>> lm.layers.GroupQueryAttention(16, num_query_heads=4, num_key_value_heads=2)(words, words).shape
        (None, 20, 64)

    Reference:
        Ainslie et al. (2023), GQA: training generalized multi-query transformer models from multi-head checkpoints,
        https://arxiv.org/abs/2305.13245
    """

    head_dim: int
    num_query_heads: int
    num_key_value_heads: int

    def check(self) -> None:
        """Check the sizes, and that the heads can be shared."""
        super().check()
        for size in ("head_dim", "num_query_heads", "num_key_value_heads"):
            checks.integer(self.place(size), getattr(self, size))
        if self.num_query_heads % self.num_key_value_heads:
            raise checks.problem(
                ArgumentError,
                self.place("num_query_heads"),
                expected=f"a multiple of num_key_value_heads={self.num_key_value_heads}",
                got=str(self.num_query_heads),
                fix="choose numbers of heads that can be shared evenly, such as 8 and 2.",
            )

    def heads(self) -> _Heads:
        """Return fewer heads of values than of queries."""
        return _Heads(self.num_query_heads, self.num_key_value_heads, self.head_dim, self.head_dim)
