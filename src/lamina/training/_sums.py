"""Add up everything an epoch reports as one array, so that a step pays for one addition and not for dozens.

Losses and metrics keep their sums in a tree of `Sum`s. In the compiled loop each of them would cost several tiny
operations a step, which for a small network is more than the network itself. So a step computes what it adds to sums of
zero, the additions are laid side by side in one array, and that array is added up.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from lamina import ops
from lamina.metrics import Metric, Sum
from lamina.ops import Array


class Tally:
    """How a loop carries the sums of an epoch: as one array where all of them add up number by number, else as a tree.

    Args:
        nothing: the tree of the sums of no rows.
        metrics: whose sums they are.
    """

    def __init__(self, nothing: Any, metrics: Iterable[Metric]) -> None:
        self._nothing = nothing
        self._parts = ops.tree_leaves(nothing, is_leaf=_is_sum)
        plain = all(type(metric).merge is Metric.merge for metric in metrics)
        self._packs = plain and all(map(_is_sum, self._parts))

    def start(self) -> Any:
        """Return what a loop carries before the first step."""
        if not self._packs:
            return self._nothing
        return ops.cast(Sum.zero((sum(map(_size, self._parts)),)), self._parts[0].high.dtype)

    def before(self, carried: Any) -> Any:
        """Return the tree that a step adds to."""
        return self._nothing if self._packs else carried

    def after(self, carried: Any, tree: Any) -> Any:
        """Return what the loop carries on, of the tree with a step added to it."""
        return carried + _additions(tree) if self._packs else tree

    def tree(self, carried: Any) -> Any:
        """Return all sums as a tree."""
        if not self._packs:
            return carried
        parts, start = [], 0
        for part in self._parts:
            stop = start + _size(part)
            parts.append(Sum(*(side[start:stop].reshape(part.high.shape) for side in (carried.high, carried.low))))
            start = stop
        structure: Any = ops.tree_structure(self._nothing, is_leaf=_is_sum)
        return structure.unflatten(parts)


def _is_sum(part: object) -> bool:
    """Tell a `Sum` from the tree around it."""
    return isinstance(part, Sum)


def _size(part: Sum) -> int:
    return math.prod(part.high.shape)


def _additions(tree: Any) -> Array:
    """Return what a step added to sums of zero, side by side; so little that nothing of it was rounded away."""
    return ops.concatenate([part.high.reshape(-1) for part in ops.tree_leaves(tree, is_leaf=_is_sum)])
