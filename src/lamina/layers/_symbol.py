"""Symbolic tensors: what layers are called on while a network is being defined."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from lamina._core import checks
from lamina.errors import ArgumentError

if TYPE_CHECKING:
    from lamina.layers._graph import Graph
    from lamina.layers._layer import Layer

Shape: TypeAlias = tuple[int | None, ...]
Shapes: TypeAlias = Shape | tuple[Shape, ...]


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Symbol:
    """A tensor that has a shape and no values yet.

    Made by `Input` and by calling layers on other symbols.

    Args:
        shape: sizes, the first being the batch (None); None where a size may vary.
        dtype: the type of its values, such as "float32".
        node: the call that makes it; None for an input.
        name: the name of an input.
    """

    shape: Shape
    dtype: str = "float32"
    node: Node | None = None
    name: str | None = None

    def __repr__(self) -> str:
        return f"<symbol of shape {self.shape}, {self.dtype}{f', from {self.node.layer!r}' if self.node else ''}>"

    def __bool__(self) -> bool:
        raise checks.problem(
            ArgumentError,
            "a symbolic tensor",
            expected="to be passed to a layer",
            got="a Python condition on it",
            fix="write the condition inside the call method of your own Layer, with lamina.ops.where.",
        )

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise checks.problem(
            ArgumentError,
            "a symbolic tensor",
            expected="to be passed to a layer",
            got="a NumPy function applied to it",
            fix="write a Layer of your own and use lamina.ops inside its call method.",
        )


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Node:
    """One call of a layer or network: on which symbols, giving which symbols."""

    layer: Layer | Graph
    inputs: tuple[Symbol, ...]
    input_shape: Shapes
    outputs: tuple[Symbol, ...] = ()


def is_shape(value: Any) -> bool:
    """Tell one shape from a tuple of shapes."""
    return isinstance(value, tuple) and all(item is None or isinstance(item, int) for item in value)


def compatible(wanted: Shape, given: Shape) -> bool:
    """Tell whether an array of shape `given` may stand where `wanted` is expected; None fits every size."""
    if len(wanted) != len(given):
        return False
    return all(a is None or b is None or a == b for a, b in zip(wanted, given, strict=True))


def connect(part: Layer | Graph, inputs: Symbol | Sequence[Symbol]) -> Symbol | tuple[Symbol, ...]:
    """Return what a layer or network gives for symbols: one symbol, or several where it has several outputs."""
    symbols = (inputs,) if isinstance(inputs, Symbol) else tuple(inputs)
    shape: Shapes = symbols[0].shape if isinstance(inputs, Symbol) else tuple(symbol.shape for symbol in symbols)
    part.weights(shape)
    result = part.output_shape(shape)
    node = Node(part, symbols, shape)
    dtype = part.output_dtype(symbols[0].dtype)
    made = tuple(Symbol(item, dtype, node) for item in ((result,) if is_shape(result) else result))
    object.__setattr__(node, "outputs", made)
    return made[0] if is_shape(result) else made
