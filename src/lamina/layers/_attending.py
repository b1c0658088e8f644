"""What layers of attention have in common: how they are called, what may be looked at, and how much of it."""

from __future__ import annotations

import dataclasses
import functools
import operator
from collections.abc import Sequence
from typing import Any, ClassVar

from lamina import ops
from lamina._core import checks
from lamina._core.config import Setting
from lamina.layers._context import Context
from lamina.layers._dropout import check_seed, random_mask
from lamina.layers._layer import Layer
from lamina.layers._masks import MaskRule
from lamina.layers._symbol import Shape, Symbol, compatible
from lamina.ops import Array


class Attending(Layer):
    """Give each step of a query a mean of the values, weighted by how well their keys fit it.

    It is called on query and value, and on a key for each value where that is not the value itself; last may come a
    mask of shape ``(batch, query steps, value steps)``, which is not 0 where a query may look at a value. Steps that
    are padding neither look nor are looked at, and a query that may look at nothing gets zeros.

    Args:
        dropout: the share of weights that is dropped while training, from 0 to below 1.
        seed: a number that gives the layer another stream of the model's random numbers.
        use_causal_mask: whether a step of the query looks at no later step of the value.
        return_attention_scores: whether the weights of the means are given as a second output.
    """

    many_inputs: ClassVar[bool] = True
    masking: ClassVar[MaskRule] = "use"

    _: dataclasses.KW_ONLY
    dropout: Setting = 0.0
    seed: int | None = None
    use_causal_mask: bool = False
    return_attention_scores: bool = False

    def check(self) -> None:
        """Check what all of them have."""
        checks.number(self.place("dropout"), self.dropout, low=0, high=1, open_high=True)
        check_seed(self, self.seed)
        checks.boolean(self.place("use_causal_mask"), self.use_causal_mask)
        checks.boolean(self.place("return_attention_scores"), self.return_attention_scores)

    def __call__(  # type: ignore[override] # the inputs have names, as in Keras
        self,
        query: Symbol | Sequence[Symbol],
        value: Symbol | None = None,
        key: Symbol | None = None,
        *,
        attention_mask: Symbol | None = None,
        **options: object,
    ) -> Any:
        """Add this layer to a network: ``layer(query, value)``, ``layer(query, value, key)``, or with one list."""
        self._refuse_options(options, "query, value, key or attention_mask")
        inputs: list[Any] = [*query] if isinstance(query, (list, tuple)) else [query]
        inputs += [item for item in (value, key) if item is not None]
        if not 2 <= len(inputs) <= 4 or (key is not None and value is None):
            got, fix = checks.plain(inputs), "write layer(x, x) for a sequence that looks at itself."
            self.refuse_input("a query and a value, and a key where that is not the value", got, fix)
        if attention_mask is not None:
            self._check_symbol(attention_mask)
            inputs = [*inputs, inputs[-1]][:3] + [attention_mask]  # without a key, the value is its own
        return super().__call__(inputs)

    def _check_symbol(self, mask: object) -> None:
        if not isinstance(mask, Symbol):
            fix = "add an Input((query steps, value steps)) for it, and give the array to fit beside the others; "
            fix += "for an order of time use_causal_mask=True is all."
            self.refuse_input("an attention_mask that is a symbol", checks.plain(mask), fix)

    def gives_mask(self, masked: Sequence[bool]) -> bool | tuple[bool, ...]:
        """Tell that the steps of the output are those of the query."""
        return (masked[0], False) if self.return_attention_scores else masked[0]

    def output_mask(self, x: Any, mask: Any) -> Array:
        """Return the mask of the query."""
        found: Array = mask[0]
        return found

    def checked(self, input_shape: Sequence[Shape]) -> tuple[Shape, Shape, Shape]:
        """Return the shapes of query, value and key, refusing those that do not fit each other."""
        query, value, key = shapes = roles(input_shape)
        shown = " and ".join(map(str, input_shape))
        if any(len(shape) != 3 for shape in shapes):
            fix = "make it one axis of steps and one of features, as with Reshape((-1, features))."
            self.refuse_shape("inputs of shape (batch, time, features)", shown, fix)
        if not compatible(value[1:2], key[1:2]):
            self.refuse_shape("a key for each step of the value", shown, "give both the same number of steps.")
        for mask in input_shape[3:]:
            sizes = tuple(None if size == 1 else size for size in mask)
            if not compatible(sizes, (None, query[1], value[1])):
                wanted = f"an attention_mask of shape (batch, {query[1]}, {value[1]})"
                self.refuse_shape(wanted, str(mask), "say for each step of the query which steps of the value it sees.")
        return query, value, key

    def visible(self, x: Sequence[Array], context: Context, *, window: int | None = None) -> Array | None:
        """Return which steps of the value each step of the query may look at, None for all.

        Args:
            x: query, value, and if given key and mask.
            context: what knows the masks that came with them.
            window: how many steps before and after, its own included, a query may see; None for all.

        Returns:
            A boolean array that fits ``(batch, query steps, value steps)``.
        """
        of_query, *of_others = masks_of(x, context)[:3]
        rules = [mask[:, None, :] for mask in of_others if mask is not None]
        rules += [] if of_query is None else [of_query[:, :, None]]
        rules += [mask != 0 for mask in x[3:]]
        steps_back = ops.arange(x[0].shape[1])[:, None] - ops.arange(x[1].shape[1])
        if self.use_causal_mask:
            rules.append(steps_back >= 0)
        if window is not None:
            rules.append(ops.abs(steps_back) < window)
        return functools.reduce(operator.and_, rules) if rules else None

    def dropped(self, shares: Array, context: Context) -> Array:
        """Return the shares, while training with a random part at 0 and the rest scaled up."""
        if not context.training:
            return shares
        key = context.key(self.seed)

        def thinned() -> Array:
            kept = random_mask(shares, 1.0 - self.dropout, None, key)
            return ops.where(kept, shares / (1 - self.dropout), 0).astype(shares.dtype)

        # The usual rate is 0, and drawing a number for each share would take longer than all the rest.
        result: Array = ops.cond(self.dropout > 0, thinned, lambda: shares)
        return result

    def results(self, output: Any, shares: Any) -> Any:
        """Return the output, with the shares where they were asked for: arrays or their shapes."""
        return (output, shares) if self.return_attention_scores else output


def roles(items: Sequence[Any]) -> tuple[Any, Any, Any]:
    """Return query, value and key of what a layer is called on; the key is the value where there is none."""
    query, value, *more = items
    return query, value, more[0] if more else value


def masks_of(x: Sequence[Array], context: Context) -> tuple[Array | None, ...]:
    """Return the mask of each input; as a part of another layer, all have the mask of that layer's input."""
    return context.mask if isinstance(context.mask, tuple) else (context.mask,) * len(x)


def shares_of(scores: Array, visible: Array | None) -> Array:
    """Return weights in the order of `scores` that sum to 1 for each query, 0 where it may not look.

    Args:
        scores: how well queries and keys fit, of shape (batch, ..., query steps, value steps).
        visible: where queries may look, a boolean array that fits (batch, query steps, value steps); None for all.
    """
    if visible is None:
        return ops.softmax(scores, axis=-1)
    visible = visible[..., None, :, :] if scores.ndim > 3 else visible
    # The least number there is, not -inf: a query that may look at nothing would get NaN.
    least = ops.finfo(scores.dtype).min  # type: ignore[no-untyped-call]
    seen = ops.where(visible, scores, least)
    return ops.where(visible, ops.softmax(seen, axis=-1), 0)
