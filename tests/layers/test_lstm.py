import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError
from lamina.layers import LSTM, Input, LSTMCell


def test_one_step_worked_out_by_hand(call):
    # With i, f, g, o = ln 3, 0, ln 2, 0: sigmoid(ln 3) = 3/4, sigmoid(0) = 1/2, tanh(ln 2) = 3/5.
    weights = {"kernel": np.log([[3, 1, 2, 1]]), "recurrent_kernel": np.zeros((1, 4)), "bias": np.zeros(4)}

    output = call(LSTM(1), [[[1]]], weights=weights)

    np.testing.assert_allclose(output, [[0.5 * np.tanh(0.75 * 0.6)]], rtol=1e-6)


def test_an_open_gate_keeps_the_memory(call):
    # i and o are open, f too, so that c counts the steps: each adds tanh(50) = 1.
    weights = {"kernel": [[50, 50, 50, 50]], "recurrent_kernel": np.zeros((1, 4)), "bias": np.zeros(4)}

    output = call(LSTM(1, return_sequences=True), np.ones((1, 4, 1)), weights=weights)

    np.testing.assert_allclose(output[0, :, 0], np.tanh([1, 2, 3, 4]), rtol=1e-6)


def test_weights_are_laid_out_as_in_keras():
    declared = LSTM(4).weights((None, 10, 3))

    assert {name: weight.shape for name, weight in declared.items()} == {
        "kernel": (3, 16),
        "recurrent_kernel": (4, 16),
        "bias": (16,),
    }
    assert list(LSTM(4, use_bias=False).weights((None, 10, 3))) == ["kernel", "recurrent_kernel"]


@pytest.mark.parametrize(("others", "value"), [("zeros", 0), (lm.initializers.Constant(5.0), 5)])
def test_the_forget_gate_starts_open(others, value):
    model = lm.Sequential([Input((5, 3)), LSTM(2, bias_initializer=others)]).build()
    plain = lm.Sequential([Input((5, 3)), LSTM(2, bias_initializer=others, unit_forget_bias=False)]).build()

    assert model.get_weights("lstm")["bias"].tolist() == [value, value, 1, 1, value, value, value, value]
    assert plain.get_weights("lstm")["bias"].tolist() == [value] * 8


def test_random_biases_of_the_other_gates_are_those_of_their_initializer():
    declared = LSTM(2, bias_initializer=lm.initializers.RandomNormal(seed=1)).weights((None, 5, 3))["bias"]

    bias = declared.initializer((8,))

    wanted = lm.initializers.RandomNormal(seed=1)((8,))
    np.testing.assert_array_equal(bias, np.where([0, 0, 1, 1, 0, 0, 0, 0], 1, wanted))


def test_output_and_memory_are_its_states():
    assert LSTMCell(3).state_size == (3, 3)
    assert [symbol.shape for symbol in LSTM(3, return_state=True)(Input((5, 2)))] == [(None, 3)] * 3


def test_a_switch_is_true_or_false():
    with pytest.raises(ArgumentError, match=r"LSTM\(unit_forget_bias\): expected True or False, got 1"):
        LSTM(2, unit_forget_bias=1)
    with pytest.raises(ArgumentError, match=r"write recurrent_activation instead of inner_activation"):
        LSTM(2, inner_activation="relu")
