"""What layers share that move a window over sequences, images or volumes: arguments, shapes, and what they refuse."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, ClassVar, Literal, TypeAlias

from lamina._core import callers, checks, windows
from lamina._core.windows import Sizes
from lamina.errors import ArgumentError, LaminaWarning, ShapeError
from lamina.layers._layer import Layer
from lamina.layers._symbol import Shape, Symbol

Padding: TypeAlias = Literal["valid", "same"]
CausalPadding: TypeAlias = Literal["valid", "same", "causal"]

AXES = {
    1: "(batch, time, features)",
    2: "(batch, height, width, channels)",
    3: "(batch, depth, height, width, channels)",
}
CHANNELS_FIRST = {
    1: "(batch, features, time)",
    2: "(batch, channels, height, width)",
    3: "(batch, channels, depth, height, width)",
}
KINDS = {1: "sequences with their features", 2: "images with their channels", 3: "volumes with their channels"}
COLOURS = (1, 3, 4)
SMALL_IMAGE, IMAGE, LARGE_IMAGE = 16, 32, 100
MOST_FEATURES, MANY_STEPS = 4, 100


class Windowed(Layer):
    """A layer that moves a window over its input; those built on it say along how many axes."""

    rank: ClassVar[int]

    def __call__(self, inputs: Symbol | Sequence[Symbol], *more: Symbol, **options: object) -> Any:
        """Add this layer to the network, and warn of sequences that seem to have their features first."""
        if self.rank == 1 and isinstance(inputs, Symbol) and inputs.node is None:
            warn_of_channels_first(self, inputs.shape, is_data=True)
        return super().__call__(inputs, *more, **options)


def check_sizes(layer: Layer, field: str, rank: int, *, least: int = 1) -> None:
    """Check an argument that is one whole number, or one for each axis."""
    value, where = getattr(layer, field), layer.place(field)
    if isinstance(value, tuple) and len(value) != rank:
        raise checks.problem(
            ArgumentError,
            where,
            expected=f"one number, or a tuple of {rank}, one for each axis",
            got=checks.plain(value),
            fix=f"write one number, or a tuple such as {(max(least, 1),) * rank}.",
        )
    for number in windows.per_axis(value, 1):
        checks.integer(where, number, least=least)


def check_moves(layer: Layer, strides: Sizes, dilation_rate: Sizes) -> None:
    """Check that not both strides and dilation are above 1, as Keras does."""
    if max(windows.per_axis(strides, 1)) > 1 and max(windows.per_axis(dilation_rate, 1)) > 1:
        raise checks.problem(
            ArgumentError,
            layer.place("dilation_rate"),
            expected="1 beside strides above 1",
            got=f"{dilation_rate} beside strides={strides}",
            fix="leave strides or dilation_rate at 1.",
        )


def check_rank(layer: Layer, input_shape: Shape, rank: int) -> None:
    """Refuse an input that does not have the axes which the layer works on."""
    row = input_shape[1:]
    if len(row) == rank + 1:
        return
    fix = "reshape the data, or use the layer for this number of axes."
    if len(row) == rank:
        one = (*row, 1)
        fix = f"add an axis for the channels: x[..., None] with Input({one})"
        fix += "." if None in row else f", or Reshape({one}) before it."
    elif len(row) == rank + 2:
        fix = f"wrap it, TimeDistributed({type(layer).__name__}(...)), if the first axis after the batch is the time."
    layer.refuse_shape(f"an input of shape {AXES[rank]}", input_shape, fix)


def channels_of(layer: Layer, input_shape: Shape, rank: int) -> int:
    """Return the number of channels, which `layer` must know to declare its weights."""
    check_rank(layer, input_shape, rank)
    if input_shape[-1] is None:
        fix = "state their number, as in Input((None, None, 3))."
        layer.refuse_shape("an input with a known number of channels, its last axis", input_shape, fix)
    return input_shape[-1]


def stops(
    layer: Layer, input_shape: Shape, sizes: Sizes, *, strides: Sizes, padding: str, dilation: Sizes = 1
) -> Shape:
    """Return how often a window stops along each axis, None where that is not known, refusing one that does not fit."""
    lengths = input_shape[1:-1]
    rank = len(lengths)
    covered = tuple(map(windows.reach, windows.per_axis(sizes, rank), windows.per_axis(dilation, rank)))
    found = tuple(
        None if length is None else windows.stops(length, span, stride=stride, padding=padding)
        for length, span, stride in zip(lengths, covered, windows.per_axis(strides, rank), strict=True)
    )
    if any(count is not None and count < 1 for count in found):
        size = " × ".join(map(str, covered))
        fix = 'give it a smaller window, or padding="same"; or pool less often before it.'
        layer.refuse_shape(f"an input that its window of {size} fits into", input_shape, fix)
    return found


def warn_of_channels_first(layer: Windowed, input_shape: Shape, *, is_data: bool = False) -> None:
    """Warn of data that seem to have their channels before their other axes.

    Args:
        layer: what reads them; where it works on other axes, the error that follows says so.
        input_shape: what it reads, batch first.
        is_data: whether they come as they are. Deep in a network, sequences are as short and as wide as this.
    """
    _, *sizes = (size or 0 for size in input_shape)
    rank, moved = layer.rank, (*sizes[1:], sizes[0])
    if len(sizes) != rank + 1 or not _seem_channels_first(sizes, is_data=is_data):
        return
    problem = checks.problem(
        ShapeError,
        layer.label,
        expected=f"{KINDS[rank]} in their last axis",
        got=f"{input_shape}, which looks like {CHANNELS_FIRST[rank]}",
        fix=f"move the {'channels' if rank > 1 else 'features'} to the end: np.moveaxis(x, 1, -1) with Input({moved}).",
    )
    warnings.warn(str(problem), LaminaWarning, stacklevel=callers.levels_up())


def _seem_channels_first(sizes: Sequence[int], *, is_data: bool) -> bool:
    """Tell whether the last of these sizes is hardly a number of channels, and the first one is."""
    match sizes:
        case [features, time]:
            return is_data and 0 < features <= MOST_FEATURES and time >= MANY_STEPS
        case [channels, height, width]:
            short, long = sorted((height, width))
            is_square = short == long >= SMALL_IMAGE
            is_large = channels > 1 and short >= LARGE_IMAGE
            is_photograph = channels == 3 and short >= IMAGE and long < 2 * short
            return channels in COLOURS and (is_square or is_large or is_photograph)
        case [channels, depth, height, width]:
            is_cube = depth == height == width >= SMALL_IMAGE
            return channels in COLOURS and (is_cube or height == width >= LARGE_IMAGE)
    return False
