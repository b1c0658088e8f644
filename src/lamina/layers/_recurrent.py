"""What recurrent layers have in common: how they are called, and what they do with a sequence, its mask and states."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from lamina import ops
from lamina._core import checks
from lamina.layers._context import Context
from lamina.layers._gated import GatedCell
from lamina.layers._layer import Layer
from lamina.layers._masks import MaskRule
from lamina.layers._rnn_cell import RNNCell, sizes_of
from lamina.layers._symbol import Shape, Shapes, Symbol, connect, is_shape
from lamina.layers._weight import Weight
from lamina.ops import Array
from lamina.regularizers import RegularizerLike

SWITCHES = ("return_sequences", "return_state", "go_backwards", "stateful", "unroll", "zero_output_for_mask")


class FromStates(Layer):
    """A layer of a sequence that may be given the states it starts from."""

    masking: ClassVar[MaskRule] = "use"

    def __call__(  # type: ignore[override] # the states have a name, as in Keras
        self,
        inputs: Symbol | Sequence[Symbol],
        *more: Symbol,
        initial_state: Symbol | Sequence[Symbol] | None = None,
        **options: object,
    ) -> Any:
        """Add this layer to a network: ``layer(x)``, ``layer(x, initial_state=[h, c])``, or one list of all of them."""
        self._refuse_options(options, "a sequence and initial_state")
        symbols: list[Any] = []
        for given in (inputs, *more, initial_state):
            symbols += given if isinstance(given, (list, tuple)) else [] if given is None else [given]
        if len(symbols) > 1 and all(isinstance(item, Symbol) for item in symbols):
            return connect(self, symbols)
        return super().__call__(symbols if len(symbols) > 1 else inputs)


class Recurrent(FromStates):
    """Run a cell over the steps of a sequence.

    Args:
        return_sequences: whether the output of every step is given, or of the last alone.
        return_state: whether the last states are given too, as outputs of their own.
        go_backwards: whether the sequence is read from its end; outputs come in the order in which they are made.
        stateful: whether each row starts from the states that the same row of the batch before ended with.
        unroll: accepted, without an effect: the loop is compiled either way.
        zero_output_for_mask: whether the outputs of masked steps are 0 where all are given, instead of repeated.
        activity_regularizer: a penalty on the output, averaged over the rows of the batch.
    """

    _: dataclasses.KW_ONLY
    return_sequences: bool = False
    return_state: bool = False
    go_backwards: bool = False
    stateful: bool = False
    unroll: bool = False
    zero_output_for_mask: bool = False
    activity_regularizer: RegularizerLike = None

    def check(self) -> None:
        """Check the switches."""
        for name in SWITCHES:
            checks.boolean(self.place(name), getattr(self, name))

    def running(self) -> RNNCell:
        """Return the cell that is run."""
        raise NotImplementedError

    def weights(self, input_shape: Shapes) -> Mapping[str, Weight]:
        """Declare the arrays of the cell, and those for states that are kept."""
        sequence, cell = self.sequence_shape(input_shape), self.running()
        declared = dict(self.cell_weights(cell.step_shapes((sequence[0], *sequence[2:]))))
        if self.stateful:
            if sequence[0] is None:
                self.refuse_shape(
                    "a known number of rows in a batch, as it is stateful",
                    sequence,
                    "state it where the network begins, as in Input((10, 8), batch_size=32).",
                )
            for index, size in enumerate(sizes_of(cell)):
                declared[f"state_{index}"] = Weight((sequence[0], size), "zeros", moving=True, carried=True)
        return declared

    def cell_weights(self, step_shapes: tuple[Shape, ...]) -> Mapping[str, Weight]:
        """Declare the arrays of the cell."""
        return self.running().weights(step_shapes)

    def output_shape(self, input_shape: Shapes) -> Shapes:
        """Return the shape of the output; behind it those of the states, where they are given."""
        rows, time, *_ = self.sequence_shape(input_shape)
        cell = self.running()
        output = (rows, time, cell.output_size) if self.return_sequences else (rows, cell.output_size)
        return (output, *cell.step_shapes((rows,))[1:]) if self.return_state else output

    def gives_mask(self, masked: Any) -> bool:
        """Tell whether the output comes with a mask: where it is a sequence and the input has one."""
        return bool(self.return_sequences and masked)

    def output_mask(self, x: Any, mask: Any) -> Array:
        """Return the mask of the outputs, in the order in which they are made."""
        return ops.flip(mask, axis=1) if self.go_backwards else mask

    def call(self, weights: Mapping[str, Array], x: Any, context: Context) -> Any:
        """Return the output of each step or of the last, and the states where they are asked for."""
        x, *given = x if isinstance(x, tuple) else (x,)
        if x.shape[1] == 0:
            self.refuse_shape("at least one step", x.shape, "leave out rows that are empty.")
        mask = context.mask
        if self.go_backwards:
            x, mask = (None if array is None else ops.flip(array, axis=1) for array in (x, mask))
        outputs, states = self.run_cell(weights, x, context, states=self._start(weights, x, tuple(given)), mask=mask)
        if self.stateful:
            for index, state in enumerate(states):
                context.update(f"state_{index}", state)
        if self.return_sequences:
            outputs = (
                outputs if mask is None or not self.zero_output_for_mask else ops.where(mask[..., None], outputs, 0)
            )
        else:
            outputs = outputs[:, -1]
        context.add_activity(self.activity_regularizer, outputs, mask=mask if self.return_sequences else None)
        return (outputs, *states) if self.return_state else outputs

    def run_cell(
        self, weights: Mapping[str, Array], x: Array, context: Context, *, states: tuple[Array, ...], mask: Array | None
    ) -> tuple[Array, tuple[Array, ...]]:
        """Return the outputs of all steps and the last states."""
        return self.running().run(weights, x, context, states=states, mask=mask)

    def sequence_shape(self, input_shape: Shapes) -> Shape:
        """Return the shape of the sequence, having checked it and those of the states it may start from."""
        shapes: Any = (input_shape,) if is_shape(input_shape) else input_shape
        sequence: Shape = shapes[0]
        most = 3 if isinstance(self.running(), GatedCell) else len(sequence)  # a cell of the user's may take more axes
        if not 3 <= len(sequence) <= most or sequence[-1] is None:
            fix = "state the steps and what each has, as in Input((10, 8))."
            if len(sequence) == 2:
                one = (sequence[1], 1)
                fix = f"for one number at each step write x[..., None] and Input({one}), or RepeatVector(10) before it."
            elif len(sequence) > most:
                fix = "bring what each step has into one axis, as with TimeDistributed(Flatten()) before it."
            self.refuse_shape("an input of shape (batch, time, features) with known features", sequence, fix)
        if len(shapes) > 1:
            self.running().check_states(shapes[1:], whose=self)
        return sequence

    def _start(self, weights: Mapping[str, Array], x: Array, given: tuple[Array, ...]) -> tuple[Array, ...]:
        """Return the states before the first step: those given, those kept, or zeros."""
        if given:
            return given
        sizes = sizes_of(self.running())
        if self.stateful:
            return tuple(weights[f"state_{index}"].astype(x.dtype) for index in range(len(sizes)))
        return tuple(ops.zeros((x.shape[0], size), x.dtype) for size in sizes)
