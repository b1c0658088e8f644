import numpy as np
import pytest

import lamina as lm
from lamina import ops
from lamina.errors import ArgumentError
from lamina.layers import GRU, LSTM, RNN, Context, GRUCell, LSTMCell, Run, StackedRNNCells

CELLS = StackedRNNCells([LSTMCell(2), GRUCell(3)])


def test_stacked_cells_give_what_layers_on_top_of_each_other_give(rng):
    x = rng.normal(size=(4, 5, 3))
    stacked = lm.Sequential([lm.Input((5, 3)), RNN([LSTMCell(2), GRUCell(3)], return_sequences=True)]).build(seed=1)
    arrays = stacked.get_weights("rnn")
    own = [
        {name.removeprefix(f"cell.cell_{i}."): array for name, array in arrays.items() if f"cell_{i}" in name}
        for i in (0, 1)
    ]

    layers = [LSTM(2, return_sequences=True), GRU(3, return_sequences=True)]
    separate = lm.Sequential([lm.Input((5, 3)), *layers]).build()
    separate.set_weights({"lstm": own[0], "gru": own[1]})

    np.testing.assert_allclose(stacked.predict(x), separate.predict(x), rtol=1e-6)


def test_one_step_after_the_other_is_the_same_as_all_steps_of_each_cell(rng):
    declared = CELLS.weights(CELLS.step_shapes((None, 3)))
    weights = {name: ops.asarray(rng.normal(size=weight.shape).astype("float32")) for name, weight in declared.items()}
    x = ops.asarray(rng.normal(size=(4, 5, 3)).astype("float32"))
    start = tuple(ops.zeros((4, size)) for size in CELLS.state_size)

    outputs, states = CELLS.run(weights, x, Context(Run(training=False), "cells"), states=start, mask=None)

    for time in range(5):
        output, *start = CELLS.call(weights, (x[:, time], *start), Context(Run(training=False), "cells"))
        np.testing.assert_allclose(output, outputs[:, time], rtol=1e-6)
    for found, wanted in zip(start, states, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-6)


def test_states_and_weights_are_those_of_all_cells_in_order():
    assert CELLS.state_size == (2, 2, 3)
    assert CELLS.output_size == 3
    assert list(CELLS.weights(CELLS.step_shapes((None, 5)))) == [
        f"cell_{cell}.{name}" for cell in (0, 1) for name in ("kernel", "recurrent_kernel", "bias")
    ]
    assert StackedRNNCells([CELLS, LSTMCell(1)]).state_size == (2, 2, 3, 1, 1)


@pytest.mark.parametrize("cells", [[], None, LSTMCell(2), [LSTMCell(2), None]])
def test_what_is_no_list_of_cells_is_refused(cells):
    with pytest.raises(ArgumentError, match=r"StackedRNNCells\(cells\): expected a cell, or a list of cells, got "):
        StackedRNNCells(cells)
