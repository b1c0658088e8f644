"""How often a window stops along an axis: what convolution, pooling and the layers that promise their shapes share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias, TypeVar

T = TypeVar("T")

Sizes: TypeAlias = int | tuple[int, ...]


def per_axis(value: Sizes, rank: int) -> tuple[int, ...]:
    """Return one number for each axis, where one number stands for all."""
    return value if isinstance(value, tuple) else (value,) * rank


def plane(values: Sequence[T], unit: T) -> tuple[T, T]:
    """Return what belongs to the last two axes, the first of which is of size 1 where there is only one."""
    *_, rows, columns = unit, *values
    return rows, columns


def reach(size: int, dilation: int = 1) -> int:
    """Return how many places a window covers whose neighbouring numbers are `dilation` places apart."""
    return (size - 1) * dilation + 1


def stops(length: int, covered: int, *, stride: int, padding: str) -> int:
    """Return how often a window stops; 0 or less where it does not fit.

    Args:
        length: how many places there are.
        covered: how many of them the window covers.
        stride: how far it moves at a time.
        padding: "valid" for none, "same" for as many stops as there are strides, "causal" for the same, all in front.
    """
    return -(-(length - covered + 1 if padding == "valid" else length) // stride)


def edges(length: int, covered: int, *, stride: int, padding: str) -> tuple[int, int]:
    """Return how many places are added before and after; of an odd number, "same" puts one more after.

    Args:
        length: how many places there are.
        covered: how many of them the window covers.
        stride: how far it moves at a time.
        padding: "valid", "same" or "causal".
    """
    if padding == "causal":
        return covered - 1, 0
    count = stops(length, covered, stride=stride, padding=padding)
    added = max((count - 1) * stride + covered - length, 0) if padding == "same" else 0
    return added // 2, added - added // 2


def unrolled(length: int, covered: int, *, stride: int, padding: str, more: int | None = None) -> int:
    """Return the length from which a convolution would come to `length`: the output of its transpose.

    Args:
        length: how often the window stops.
        covered: how many places it covers.
        stride: how far it moves at a time.
        padding: "valid" or "same".
        more: how many places are added at the end; by default those that make every stride count.
    """
    if padding == "same":
        return length * stride if more is None else (length - 1) * stride + covered % 2 + more
    return (length - 1) * stride + covered + (max(stride - covered, 0) if more is None else more)
