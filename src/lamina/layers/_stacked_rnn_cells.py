"""Several recurrent cells as one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from lamina._core.registry import register
from lamina.layers._context import Context
from lamina.layers._parts import parts
from lamina.layers._rnn_cell import RNNCell, check_cell, not_a_cell, sizes_of
from lamina.layers._symbol import Shape
from lamina.layers._weight import Weight
from lamina.ops import Array


@register("layer")
class StackedRNNCells(RNNCell):
    """Several cells as one: each gets the output of the one before.

    Args:
        cells: the cells, from input to output.

    Shape:
        Inputs ``(batch, ...)`` of the step and ``(batch, size)`` for each state of each cell in turn;
        outputs ``(batch, output_size)`` of the last cell, and the next states.

    Raises:
        ArgumentError: for no cells, or something that is no cell.

    Example:
        >>> import lamina as lm
        >>> cell = lm.layers.StackedRNNCells([lm.layers.GRUCell(8), lm.layers.LSTMCell(4)])
        >>> cell.state_size
        (8, 4, 4)
    """

    cells: tuple[RNNCell, ...]

    def check(self) -> None:
        """Check that all are cells."""
        if not isinstance(self.cells, tuple) or not self.cells:
            raise not_a_cell(self.place("cells"), self.cells)
        for cell in self.cells:
            check_cell(self.place("cells"), cell)

    @property
    def state_size(self) -> tuple[int, ...]:
        """The sizes of the states of all cells, in order."""
        return tuple(size for cell in self.cells for size in sizes_of(cell))

    @property
    def output_size(self) -> int:
        """The size of the last cell's output."""
        return self.cells[-1].output_size

    def weights(self, input_shape: tuple[Shape, ...]) -> Mapping[str, Weight]:
        """Declare the arrays of each cell, ``cell_0.kernel`` and so on."""
        declared, given = {}, input_shape[0]
        for part, cell in self._parts():
            declared[part] = cell.weights(cell.step_shapes(given))
            given = (given[0], cell.output_size)
        return parts(**declared)

    def call(self, weights: Mapping[str, Array], x: tuple[Array, ...], context: Context) -> tuple[Array, ...]:
        """Return the output of the last cell and the next states of all."""
        output, *states = x
        after: list[Array] = []
        for (part, cell), own in zip(self._parts(), self._shared(states), strict=True):
            output, *new = context.call(part, cell, weights, (output, *own))
            after += new
        return (output, *after)

    def run(
        self, weights: Mapping[str, Array], x: Array, context: Context, *, states: tuple[Array, ...], mask: Array | None
    ) -> tuple[Array, tuple[Array, ...]]:
        """Return all outputs and the last states, running one cell after the other."""
        after: list[Array] = []
        for (part, cell), own in zip(self._parts(), self._shared(states), strict=True):
            inner, arrays = context.part(part, weights)
            x, new = cell.run(arrays, x, inner, states=own, mask=mask)
            after += new
        return x, tuple(after)

    def _parts(self) -> Iterator[tuple[str, RNNCell]]:
        return ((f"cell_{index}", cell) for index, cell in enumerate(self.cells))

    def _shared(self, states: Any) -> Iterator[tuple[Array, ...]]:
        """Yield the states of each cell."""
        remaining = iter(states)
        return (tuple(itertools.islice(remaining, len(sizes_of(cell)))) for cell in self.cells)
