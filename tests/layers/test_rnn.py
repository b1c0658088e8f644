import numpy as np

import lamina as lm
from lamina.layers import RNN, GRUCell, Input, LSTMCell, StackedRNNCells


def test_weights_are_those_of_the_cell_as_a_part():
    assert list(RNN(GRUCell(2)).weights((None, 5, 3))) == ["cell.kernel", "cell.recurrent_kernel", "cell.bias"]
    assert "cell.cell_1.kernel" in RNN([GRUCell(2), LSTMCell(2)]).weights((None, 5, 3))


def test_a_list_of_cells_is_the_stack_of_them(rng):
    x = rng.normal(size=(2, 5, 3))
    cells = [GRUCell(2), LSTMCell(4)]
    one, other = (
        lm.Sequential([Input((5, 3)), RNN(cell)]).build(seed=1) for cell in (cells, StackedRNNCells(list(cells)))
    )

    np.testing.assert_array_equal(one.predict(x), other.predict(x))


def test_the_width_of_the_output_is_that_of_the_last_cell():
    layer = RNN([GRUCell(2), LSTMCell(4)], return_sequences=True, return_state=True)

    assert [symbol.shape for symbol in layer(Input((5, 3)))] == [(None, 5, 4), (None, 2), (None, 4), (None, 4)]


def test_it_is_saved_with_its_cells(tmp_path, rng):
    x = rng.normal(size=(2, 5, 3))
    model = lm.Sequential([Input((5, 3)), RNN([GRUCell(2, "relu"), LSTMCell(4, dropout=0.2)], go_backwards=True)])
    model.build(seed=1).save(tmp_path / "model.safetensors")

    loaded = lm.load(tmp_path / "model.safetensors")

    assert repr(loaded.layers[0]) == repr(model.layers[0])
    np.testing.assert_array_equal(loaded.predict(x), model.predict(x))
