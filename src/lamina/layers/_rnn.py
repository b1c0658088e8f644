"""Run any cell over a sequence."""

from __future__ import annotations

from collections.abc import Mapping

from lamina._core.registry import register
from lamina.layers._context import Context
from lamina.layers._parts import parts
from lamina.layers._recurrent import Recurrent
from lamina.layers._rnn_cell import RNNCell, check_cell
from lamina.layers._stacked_rnn_cells import StackedRNNCells
from lamina.layers._symbol import Shape
from lamina.layers._weight import Weight
from lamina.ops import Array


@register("layer")
class RNN(Recurrent):
    """Run a cell over the steps of a sequence, or several on top of each other.

    The states start from 0, or from those in ``RNN(cell)(x, initial_state=[...])``, those of all cells in order. Where
    a mask says that a step is not real, the states stay, and the output is that of the step before.

    Args:
        cell: an `RNNCell`, or a list of them, of which each gets the output of the one before.
        return_sequences: whether the output of every step is given, or of the last alone.
        return_state: whether the last states are given too, as outputs of their own.
        go_backwards: whether the sequence is read from its end; outputs come in the order in which they are made.
        stateful: whether each row starts from the states that the same row of the batch before ended with; needs
            ``Input(..., batch_size=32)``; ``model.reset_states()`` starts new sequences.
        unroll: accepted, without an effect: the loop is compiled either way.
        zero_output_for_mask: whether the outputs of masked steps are 0 where all are given, instead of repeated.
        activity_regularizer: a penalty on the output, averaged over the rows of the batch.

    Shape:
        Input ``(batch, time, ...)``; output ``(batch, output_size)`` of the last cell, or
        ``(batch, time, output_size)`` with return_sequences; weights those of the cell, as ``cell.kernel``.

    Raises:
        ArgumentError: for something that is no cell.
        ShapeError: for an input that is no sequence of known features, and other states than the cell's.

    Example:
        >>> import lamina as lm
        >>> layer = lm.layers.RNN([lm.layers.GRUCell(8), lm.layers.GRUCell(4)], return_sequences=True)
        >>> layer(lm.Input((10, 3))).shape
        (None, 10, 4)
    """

    cell: RNNCell | tuple[RNNCell, ...]

    def check(self) -> None:
        """Check the cells."""
        super().check()
        for cell in self.cell if isinstance(self.cell, tuple) and self.cell else (self.cell,):
            check_cell(self.place("cell"), cell)

    def running(self) -> RNNCell:
        """Return the cell that is run: several as one."""
        return StackedRNNCells(self.cell) if isinstance(self.cell, tuple) else self.cell

    def cell_weights(self, step_shapes: tuple[Shape, ...]) -> Mapping[str, Weight]:
        """Declare the arrays of the cell as those of a part."""
        return parts(cell=self.running().weights(step_shapes))

    def run_cell(
        self, weights: Mapping[str, Array], x: Array, context: Context, *, states: tuple[Array, ...], mask: Array | None
    ) -> tuple[Array, tuple[Array, ...]]:
        """Return the outputs of all steps and the last states."""
        inner, own = context.part("cell", weights)
        return self.running().run(own, x, inner, states=states, mask=mask)
