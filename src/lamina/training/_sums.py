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


def is_sum(part: object) -> bool:
    """Tell a `Sum` from the tree around it."""
    return isinstance(part, Sum)


def can_be_packed(sums: Any, metrics: Iterable[Metric]) -> bool:
    """Tell whether sums are all of a kind that adds up number by number."""
    plain = all(type(metric).merge is Metric.merge for metric in metrics)
    return plain and all(is_sum(part) for part in ops.tree_leaves(sums, is_leaf=is_sum))


def pack(sums: Any) -> Sum:
    """Return a tree of sums as one sum of an array."""
    parts = ops.tree_leaves(sums, is_leaf=is_sum)
    return Sum(*(ops.concatenate([part.reshape(-1) for part in side]) for side in _sides(parts)))


def unpack(packed: Sum, like: Any) -> Any:
    """Return the tree of sums that `pack` made an array of; `like` has its structure and shapes."""
    parts, start = [], 0
    for part in ops.tree_leaves(like, is_leaf=is_sum):
        stop = start + math.prod(part.high.shape)
        parts.append(Sum(*(side[start:stop].reshape(part.high.shape) for side in (packed.high, packed.low))))
        start = stop
    structure: Any = ops.tree_structure(like, is_leaf=is_sum)
    return structure.unflatten(parts)


def additions(sums: Any) -> Array:
    """Return what a step added to sums of zero, side by side."""
    return pack(sums).high


def _sides(parts: list[Sum]) -> tuple[list[Array], list[Array]]:
    return [part.high for part in parts], [part.low for part in parts]
