"""Attention that compares queries and keys as they come, with nothing to learn but a scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from lamina import ops
from lamina._core import checks
from lamina._core.registry import register
from lamina.layers._attending import Attending, roles, shares_of
from lamina.layers._context import Context
from lamina.layers._layer import last_size
from lamina.layers._symbol import Shape
from lamina.layers._weight import Weight
from lamina.ops import Array

ScoreMode = Literal["dot", "concat"]


class _Comparing(Attending):
    """Compare each query with each key, by a formula of the subclass."""

    def output_shape(self, input_shape: Sequence[Shape]) -> Any:
        """Give each step of the query what a step of the value has."""
        query, value, key = self.checked(input_shape)
        if last_size(self, query) != last_size(self, key):
            fix = "bring them to one size with Dense, or use MultiHeadAttention, which does so."
            self.refuse_shape("queries and keys of one size", f"{query} and {key}", fix)
        return self.results((*query[:-1], value[-1]), (*query[:-1], value[1]))

    def looked_up(self, scores: Array, x: Sequence[Array], context: Context) -> Any:
        """Return the means of the values, weighted by a softmax of the scores."""
        shares = shares_of(scores, self.visible(x, context))
        return self.results(ops.matmul(self.dropped(shares, context), x[1]), shares)


@register("layer")
class Attention(_Comparing):
    """Look up values by the product of queries and keys.

    ``softmax(scale · query · keyᵀ) · value``: each step of the query gets a mean of the values, most of it from those
    whose keys point the same way.

    Args:
        use_scale: whether the scale is learned; 1 otherwise. As in Keras, it is not 1 / √features.
        score_mode: how a query and a key are compared: "dot" for their product, "concat" for
            ``concat_score_weight · Σ tanh(scale · (query + key))``.
        dropout: the share of weights that is dropped while training, from 0 to below 1.
        seed: a number that gives the layer another stream of the model's random numbers.
        use_causal_mask: whether a step of the query looks at no later step of the value.
        return_attention_scores: whether the weights of the means are given as a second output.

    Shape:
        Called on query ``(batch, query steps, features)``, value ``(batch, value steps, values)`` and, where it is not
        the value, key ``(batch, value steps, features)``; output ``(batch, query steps, values)``, attention scores
        ``(batch, query steps, value steps)``; scale and concat_score_weight ``()``.

    Raises:
        ArgumentError: for a rate outside [0, 1), a word that is not known, or a single input.
        ShapeError: for queries and keys of different sizes, or other than sequences.

    Example:
        >>> import lamina as lm
        >>> query, value = lm.Input((1, 2)), lm.Input((2, 2))
        >>> model = lm.Model([query, value], lm.layers.Attention()(query, value))
        >>> model.predict([[[[0, 0]]], [[[1, 2], [3, 4]]]]).tolist()
        [[[2.0, 3.0]]]

    Reference:
        Luong, Pham and Manning (2015), Effective approaches to attention-based neural machine translation,
        https://arxiv.org/abs/1508.04025
    """

    use_scale: bool = False
    score_mode: ScoreMode = "dot"

    def check(self) -> None:
        """Check the arguments."""
        super().check()
        checks.boolean(self.place("use_scale"), self.use_scale)
        checks.choice(self.place("score_mode"), self.score_mode, ("dot", "concat"))

    def weights(self, input_shape: Sequence[Shape]) -> Mapping[str, Weight]:
        """Declare the scale, and what a concatenation is weighted with."""
        declared = {"scale": Weight((), "ones")} if self.use_scale else {}
        return declared | ({"concat_score_weight": Weight((), "ones")} if self.score_mode == "concat" else {})

    def call(self, weights: Mapping[str, Array], x: Sequence[Array], context: Context) -> Any:
        """Return what the queries find."""
        query, _, key = roles(x)
        scale = weights["scale"] if self.use_scale else 1
        if self.score_mode == "dot":
            scores = scale * ops.matmul(query, key.swapaxes(1, 2))
        else:
            sums = query[:, :, None] + key[:, None]
            scores = weights["concat_score_weight"] * ops.sum(ops.tanh(scale * sums), axis=-1)
        return self.looked_up(scores, x, context)


@register("layer")
class AdditiveAttention(_Comparing):
    """Look up values by a learned sum of queries and keys.

    ``softmax(Σ scale · tanh(query + key)) · value``, the sum being over the features.

    Args:
        use_scale: whether a scale for each feature is learned; 1 otherwise.
        dropout: the share of weights that is dropped while training, from 0 to below 1.
        seed: a number that gives the layer another stream of the model's random numbers.
        use_causal_mask: whether a step of the query looks at no later step of the value.
        return_attention_scores: whether the weights of the means are given as a second output.

    Shape:
        As for `Attention`; scale ``(features,)``.

    Raises:
        ArgumentError: for a rate outside [0, 1), or a single input.
        ShapeError: for queries and keys of different sizes, or other than sequences.

    Example:
        >>> import lamina as lm
        >>> query, value = lm.Input((5, 8)), lm.Input((7, 8))
        >>> lm.layers.AdditiveAttention()(query, value).shape
        (None, 5, 8)

    Reference:
        Bahdanau, Cho and Bengio (2015), Neural machine translation by jointly learning to align and translate,
        https://arxiv.org/abs/1409.0473
    """

    use_scale: bool = True

    def check(self) -> None:
        """Check the arguments."""
        super().check()
        checks.boolean(self.place("use_scale"), self.use_scale)

    def weights(self, input_shape: Sequence[Shape]) -> Mapping[str, Weight]:
        """Declare a scale for each feature."""
        return {"scale": Weight((last_size(self, input_shape[0]),))} if self.use_scale else {}

    def call(self, weights: Mapping[str, Array], x: Sequence[Array], context: Context) -> Any:
        """Return what the queries find."""
        query, _, key = roles(x)
        compared = ops.tanh(query[:, :, None] + key[:, None])
        scores = ops.sum(compared * weights["scale"] if self.use_scale else compared, axis=-1)
        return self.looked_up(scores, x, context)
