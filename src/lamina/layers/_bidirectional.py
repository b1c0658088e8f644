"""Read a sequence in both directions."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lamina import ops
from lamina._core import checks
from lamina._core.config import with_settings
from lamina._core.registry import register
from lamina.errors import ArgumentError
from lamina.layers._context import Context
from lamina.layers._parts import parts
from lamina.layers._recurrent import FromStates, Recurrent
from lamina.layers._symbol import Shape, Shapes, is_shape
from lamina.layers._weight import Weight
from lamina.ops import Array

MERGED: Mapping[str, Callable[[Array, Array], Array]] = {
    "concat": lambda a, b: ops.concatenate([a, b], axis=-1),
    "sum": lambda a, b: a + b,
    "mul": lambda a, b: a * b,
    "ave": lambda a, b: (a + b) / 2,
}
ALIKE = ("return_sequences", "return_state", "stateful")


@register("layer")
class Bidirectional(FromStates):
    """Read a sequence from both ends, with a layer for each direction.

    The outputs of all steps, where they are asked for, come in the order of the input in both directions; those of
    masked steps are 0, as in Keras. States are those of the forward layer, then those of the backward layer.

    Args:
        layer: the layer that reads forwards: `RNN`, `SimpleRNN`, `LSTM` or `GRU`.
        merge_mode: how the two outputs are joined: "concat", "sum", "mul", "ave"; None to give both.
        backward_layer: the layer that reads backwards, with go_backwards=True; one like the first by default.

    Shape:
        Input ``(batch, time, features)``; output that of the layer, twice as wide with "concat"; weights those of the
        layers, as ``forward.kernel`` and ``backward.kernel``.

    Raises:
        ArgumentError: for a layer that is not recurrent, two of the same direction, or two that do not give the same.

    Example:
        >>> import lamina as lm
        >>> lm.layers.Bidirectional(lm.layers.LSTM(32, return_sequences=True))(lm.Input((50, 16))).shape
        (None, 50, 64)

    Reference:
        Schuster and Paliwal (1997), Bidirectional recurrent neural networks, https://doi.org/10.1109/78.650093
    """

    layer: Recurrent
    merge_mode: str | None = "concat"
    backward_layer: Recurrent | None = dataclasses.field(default=None, kw_only=True)

    def check(self) -> None:
        """Check that the layers fit together."""
        if self.merge_mode is not None:
            checks.choice(self.place("merge_mode"), self.merge_mode, MERGED)
        self._check_direction("layer", self.layer, backwards=False)
        if self.backward_layer is None:
            return
        self._check_direction("backward_layer", self.backward_layer, backwards=True)
        for name in ALIKE:
            wanted, given = getattr(self.layer, name), getattr(self.backward_layer, name)
            if wanted != given:
                raise checks.problem(
                    ArgumentError,
                    self.place("backward_layer"),
                    expected=f"{name}={wanted}, as the forward layer has it",
                    got=f"{name}={given}",
                    fix="give both layers the same.",
                )

    def weights(self, input_shape: Shapes) -> Mapping[str, Weight]:
        """Declare the arrays of both layers."""
        shapes = self._shares((input_shape,) if is_shape(input_shape) else input_shape)
        declared = zip(self._directions(), shapes, strict=True)
        return parts(**{part: layer.weights(shape) for (part, layer), shape in declared})

    def output_shape(self, input_shape: Shapes) -> Shapes:
        """Return the shapes of the joined output, or of both, and of the states."""
        shapes = self._shares((input_shape,) if is_shape(input_shape) else input_shape)
        made: list[Any] = [layer.output_shape(own) for (_, layer), own in zip(self._directions(), shapes, strict=True)]
        (forward, *states), (backward, *more) = (item if self.layer.return_state else (item,) for item in made)
        outputs = (forward, backward) if self.merge_mode is None else (self._merged_shape(forward, backward),)
        result = (*outputs, *states, *more)
        return result if len(result) > 1 else result[0]

    def gives_mask(self, masked: Any) -> bool:
        """Tell whether a mask comes with the output: with a sequence of a masked input."""
        return bool(self.layer.return_sequences and masked)

    def call(self, weights: Mapping[str, Array], x: Any, context: Context) -> Any:
        """Return the joined outputs of both layers, and the states if asked for."""
        shares = self._shares(x if isinstance(x, tuple) else (x,))
        made = [
            context.call(part, layer, weights, own)
            for (part, layer), own in zip(self._directions(), shares, strict=True)
        ]
        (forward, *states), (backward, *more) = (item if self.layer.return_state else (item,) for item in made)
        if self.layer.return_sequences:
            backward = ops.flip(backward, axis=1)
        outputs = (forward, backward) if self.merge_mode is None else (MERGED[self.merge_mode](forward, backward),)
        result = (*outputs, *states, *more)
        return result if len(result) > 1 else result[0]

    def _directions(self) -> Iterator[tuple[str, Any]]:
        """Yield the name and the layer of both directions."""
        backward = self.backward_layer or with_settings(self.layer, {"go_backwards": True})
        zeros = {"zero_output_for_mask": self.layer.return_sequences}
        return (
            (part, with_settings(layer, zeros)) for part, layer in (("forward", self.layer), ("backward", backward))
        )

    def _shares(self, items: tuple[Any, ...]) -> tuple[Any, Any]:
        """Return what each direction is called on: the sequence, and its half of the states."""
        sequence, *states = items
        half = len(states) // 2
        if len(states) % 2:
            self.refuse_input(
                "a state for the backward layer for each of the forward layer", f"{len(states)}", "pass both."
            )
        return ((sequence, *states[:half]), (sequence, *states[half:])) if states else (sequence, sequence)

    def _merged_shape(self, forward: Shape, backward: Shape) -> Shape:
        """Return the shape of the joined output."""
        if self.merge_mode == "concat":
            return (*forward[:-1], forward[-1] + backward[-1])  # type: ignore[operator] # units are known
        if forward != backward:
            self.refuse_shape("layers of the same number of units", (forward, backward), 'join them with "concat".')
        return forward

    def _check_direction(self, name: str, layer: object, *, backwards: bool) -> None:
        if not isinstance(layer, Recurrent):
            raise checks.problem(
                ArgumentError,
                self.place(name),
                expected="a recurrent layer: RNN, SimpleRNN, LSTM or GRU",
                got=checks.plain(layer),
                fix="write a subclass of RNNCell for a step of your own, and pass RNN(cell).",
            )
        if layer.go_backwards is not backwards:
            raise checks.problem(
                ArgumentError,
                self.place(name),
                expected=f"a layer with go_backwards={backwards}",
                got=checks.plain(layer),
                fix=f"write go_backwards={backwards} in it.",
            )
