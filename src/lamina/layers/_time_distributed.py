"""Do the same to every step of a sequence."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import numpy as np

from lamina import ops
from lamina._core import checks
from lamina._core.registry import register
from lamina.errors import ArgumentError, ShapeError
from lamina.layers._context import Context
from lamina.layers._layer import Layer
from lamina.layers._masks import MaskRule
from lamina.layers._parts import parts
from lamina.layers._symbol import Shape, is_shape
from lamina.layers._weight import Weight
from lamina.ops import Array


@register("layer")
class TimeDistributed(Layer):
    """Apply a layer to each step of a sequence, with the same weights.

    All steps of all rows go through the layer as one batch. A layer that couples rows, such as `BatchNormalization`,
    therefore sees all of them at once, without those that a mask leaves out.

    Args:
        layer: what is applied to each step.

    Shape:
        Input ``(batch, time, ...)``, output ``(batch, time, ...)`` of what the layer gives for ``(batch, ...)``;
        weights those of the layer, as ``layer.kernel``.

    Raises:
        ArgumentError: for something that is no layer, a layer of several inputs, and one that makes a mask of its own,
            as `Masking` does: a mask of the steps within a step has no place beside that of the steps.
        ShapeError: for an input without anything behind the time.

    Example:
        >>> import lamina as lm
        >>> lm.layers.TimeDistributed(lm.layers.Flatten())(lm.Input((10, 4, 3))).shape
        (None, 10, 12)
    """

    input_dtype: ClassVar[str | None] = None
    masking: ClassVar[MaskRule] = "pass"

    layer: Layer

    def check(self) -> None:
        """Check the layer, which may not make masks."""
        if not isinstance(self.layer, Layer) or self.layer.many_inputs:
            raise checks.problem(
                ArgumentError,
                self.place("layer"),
                expected="a layer of one input",
                got=checks.plain(self.layer),
                fix="write one TimeDistributed for each layer, as in TimeDistributed(Dense(10)).",
            )
        made = self.layer.gives_mask(False)
        if any(made) if isinstance(made, tuple) else made:
            raise checks.problem(
                ArgumentError,
                self.place("layer"),
                expected="a layer that makes no mask, as that of the steps within a step would be lost",
                got=repr(self.layer),
                fix="mask whole steps before it, or let padding within a step count: without Masking(), "
                "mask_zero=False.",
            )

    def weights(self, input_shape: Shape) -> Mapping[str, Weight]:
        """Declare the arrays of the layer."""
        step = self._step_shape(input_shape)
        with _told_of_steps():
            return parts(layer=self.layer.weights(step))

    def output_shape(self, input_shape: Shape) -> Any:
        """Return the shape of what the layer gives, with the time behind the batch."""
        step = self._step_shape(input_shape)
        with _told_of_steps():
            made = self.layer.output_shape(step)
        front = input_shape[:2]
        return (*front, *made[1:]) if is_shape(made) else tuple((*front, *shape[1:]) for shape in made)

    def output_dtype(self, input_dtype: str) -> str:
        """Return the type of what the layer gives."""
        return self.layer.output_dtype(input_dtype)

    def check_input(self, values: np.ndarray, *, where: str) -> None:
        """Refuse data that the layer cannot read."""
        self.layer.check_input(values, where=where)

    def call(self, weights: Mapping[str, Array], x: Array, context: Context) -> Any:
        """Return what the layer gives for each step."""
        front = x.shape[:2]
        inner = copy.copy(context)
        real = context.mask
        if context.rows is not None:
            rows = ops.broadcast_to(context.rows[:, None], front)
            real = rows if real is None else real & rows
        if real is not None:
            inner.rows = real.reshape(-1)
        made = inner.call("layer", self.layer, weights, x.reshape(-1, *x.shape[2:]), mask=None)
        if isinstance(made, tuple):
            return tuple(item.reshape(*front, *item.shape[1:]) for item in made)
        return made.reshape(*front, *made.shape[1:])

    def _step_shape(self, input_shape: Shape) -> Shape:
        if len(input_shape) < 3:
            self.refuse_shape(
                "an input of shape (batch, time, ...) with something at each step",
                input_shape,
                "use the layer without TimeDistributed.",
            )
        return (None, *input_shape[2:])


@contextlib.contextmanager
def _told_of_steps() -> Iterator[None]:
    """Say that the shapes of an error are those of a step, as their fix leaves out the time."""
    try:
        yield
    except ShapeError as error:
        error.args = (f"{error}\n  In TimeDistributed, these are the axes of one step; the time stays before them.",)
        raise
