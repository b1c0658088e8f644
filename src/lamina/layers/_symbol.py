"""Symbolic tensors: what layers are called on while a network is being defined."""

from __future__ import annotations

import dataclasses
import numbers
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from lamina._core import checks
from lamina._core.config import Config
from lamina.errors import ArgumentError
from lamina.layers._masks import masked_outputs

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
        masked: whether a mask comes with it, which says which steps are real.
    """

    shape: Shape
    dtype: str = "float32"
    node: Node | None = None
    name: str | None = None
    masked: bool = False

    def __repr__(self) -> str:
        kind = f"{self.dtype}{', masked' if self.masked else ''}"
        return f"<symbol of shape {self.shape}, {kind}{f', from {self.node.layer!r}' if self.node else ''}>"

    def __bool__(self) -> bool:
        raise _refusal("a Python condition on it", "write the condition inside the call method of your own Layer")

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise _refusal(
            "an array function applied to it", "write a Layer of your own and use lamina.ops in its call method"
        )

    @property
    def __jax_array__(self) -> Any:  # JAX asks whether there is one, and calls it only in some functions
        return self.__array__()

    def _calculate(self, _: object) -> Any:
        raise _refusal(
            "arithmetic on it", "write Add()([a, b]), Subtract()([a, b]), Multiply()([a, b]) or Rescaling(2.0)(a)"
        )

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _calculate
    __truediv__ = __rtruediv__ = __matmul__ = __rmatmul__ = __pow__ = _calculate

    def __getitem__(self, _: object) -> Any:
        raise _refusal("a part of it taken", "take the part inside the call method of your own Layer")

    __iter__ = None  # or Python would try to take one part after the other


def _refusal(got: str, fix: str) -> ArgumentError:
    return checks.problem(
        ArgumentError, "a symbolic tensor", expected="to be passed to a layer", got=got, fix=f"{fix}."
    )


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Node:
    """One call of a layer or network.

    Args:
        layer: what is called.
        inputs: the symbols it is called on.
        input_shape: their shape, or shapes.
        outputs: the symbols that come out.
    """

    layer: Layer | Graph
    inputs: tuple[Symbol, ...]
    input_shape: Shapes
    outputs: tuple[Symbol, ...] = ()


def is_shape(value: Any) -> bool:
    """Tell one shape from a tuple of shapes."""
    return isinstance(value, tuple) and all(item is None or isinstance(item, numbers.Integral) for item in value)


def compatible(wanted: Shape, given: Shape) -> bool:
    """Tell whether an array of shape `given` may stand where `wanted` is expected; None fits every size."""
    if len(wanted) != len(given):
        return False
    return all(a is None or b is None or a == b for a, b in zip(wanted, given, strict=True))


def connect(part: Layer | Graph, inputs: Symbol | Sequence[Symbol]) -> Symbol | tuple[Symbol, ...]:
    """Return what a layer or network gives for symbols: a symbol, or a tuple of them.

    Args:
        part: what is called.
        inputs: what it is called on; a list for what joins several.

    Raises:
        ArgumentError: for a layer that cannot honour the mask of an input.
    """
    symbols = (inputs,) if isinstance(inputs, Symbol) else tuple(inputs)
    shape: Shapes = symbols[0].shape if isinstance(inputs, Symbol) else tuple(symbol.shape for symbol in symbols)
    part.weights(shape)
    result: Any = part.output_shape(shape)
    node = Node(part, symbols, shape)
    dtype = part.output_dtype(symbols[0].dtype)
    shapes = _shapes(part, result)
    masked = _masked(part, tuple(symbol.masked for symbol in symbols), shapes)
    made = tuple(Symbol(item, dtype, node, masked=mask) for item, mask in zip(shapes, masked, strict=True))
    object.__setattr__(node, "outputs", made)
    return made[0] if is_shape(result) else made


def _masked(part: Layer | Graph, masked: tuple[bool, ...], shapes: tuple[Shape, ...]) -> tuple[bool, ...]:
    """Return which outputs come with a mask; a network asks each of its layers."""
    if isinstance(part, Config):
        return masked_outputs(part, masked, shapes)
    slots = part.masked_slots(masked)
    return tuple(slot in slots for slot in part.output_slots)


def _shapes(part: Layer | Graph, result: Any) -> tuple[Shape, ...]:
    shapes = (result,) if is_shape(result) else result
    if isinstance(shapes, tuple) and shapes and all(is_shape(shape) and shape for shape in shapes):
        return tuple(tuple(size if size is None else int(size) for size in shape) for shape in shapes)
    raise checks.problem(
        ArgumentError,
        f"{type(part).__name__}.output_shape",
        expected="a tuple of sizes with the batch first, or a tuple of such tuples for several outputs",
        got=checks.plain(result),
        fix="return something like (*input_shape[:-1], 10).",
    )
