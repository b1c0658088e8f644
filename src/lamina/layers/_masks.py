"""Where masks go in a network, which is known before there is data.

A mask is a boolean array of shape (batch, time): True where a step is real, False where it only fills a sequence up.
So a value with a mask has the shape (batch, time, features), or further axes after the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from lamina._core import checks
from lamina.errors import ArgumentError

if TYPE_CHECKING:
    from lamina.layers._layer import Layer

MaskRule: TypeAlias = Literal["refuse", "pass", "use"]

FEWEST_AXES = 3


def masked_outputs(layer: Layer, masked: tuple[bool, ...], shapes: tuple[Any, ...]) -> tuple[bool, ...]:
    """Return which outputs of a layer come with a mask.

    Args:
        layer: what is called.
        masked: which of its inputs come with a mask.
        shapes: the shape of each output.

    Raises:
        ArgumentError: for a layer that cannot honour the mask of an input, or gives one to what has no time axis.
    """
    if any(masked) and layer.masking == "refuse":
        layer.refuse_mask()
    given: bool | tuple[bool, ...] = layer.gives_mask(masked if layer.many_inputs else masked[0])
    if isinstance(given, bool) and layer.masking == "use":
        return tuple(given and len(shape) >= FEWEST_AXES for shape in shapes)
    found = (given,) * len(shapes) if isinstance(given, bool) else given
    for has_mask, shape in zip(found, shapes, strict=True):
        if has_mask and len(shape) < FEWEST_AXES:
            raise checks.problem(
                ArgumentError,
                layer.label,
                expected="an output of shape (batch, time, ...), as it has a mask",
                got=str(shape),
                fix='keep the steps apart, or write masking = "use" and read context.mask.',
            )
    return found
