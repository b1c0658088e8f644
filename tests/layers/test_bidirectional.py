import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError, ShapeError
from lamina.layers import GRU, LSTM, Bidirectional, Dense, Input, Masking, SimpleRNN

SUM = {"kernel": [[1]], "recurrent_kernel": [[1]], "bias": [0]}
"""Weights with which a simple layer sums up what it reads."""


def both(**arrays):
    return {f"{part}.{name}": array for part in ("forward", "backward") for name, array in (SUM | arrays).items()}


def summing(**options):
    return SimpleRNN(1, "linear", **options)


@pytest.mark.parametrize(
    ("mode", "wanted"),
    [
        ("concat", [[1, 7], [3, 6], [7, 4]]),
        ("sum", [[8], [9], [11]]),
        ("mul", [[7], [18], [28]]),
        ("ave", [[4], [4.5], [5.5]]),
    ],
)
def test_each_step_knows_what_comes_before_and_after_it(mode, wanted, call):
    layer = Bidirectional(summing(return_sequences=True), mode)

    assert call(layer, [[[1], [2], [4]]], weights=both())[0].tolist() == wanted


def test_without_sequences_both_have_read_everything(call):
    assert call(Bidirectional(summing()), [[[1], [2], [4]]], weights=both()).tolist() == [[7, 7]]


def test_without_a_mode_both_outputs_are_given():
    x = Input((5, 3))

    forward, backward = Bidirectional(LSTM(2, return_sequences=True), None)(x)

    assert forward.shape == backward.shape == (None, 5, 2)


def test_states_are_those_of_both_layers_in_order():
    x = Input((3, 1))
    layer = Bidirectional(summing(return_state=True, return_sequences=True), "sum")
    starts = [Input((1,)), Input((1,))]
    model = lm.Model([x, *starts], list(layer(x, initial_state=starts))).build()
    model.set_weights({"bidirectional": both()})

    output, forward, backward = model.predict([np.array([[[1], [2], [4]]]), np.array([[10]]), np.array([[20]])])

    assert output[..., 0].tolist() == [[11 + 27, 13 + 26, 17 + 24]]
    assert (forward.item(), backward.item()) == (17, 27)


def test_masked_steps_are_zero_and_read_by_neither():
    x = y = Input((5, 1))
    model = lm.Model(x, Bidirectional(summing(return_sequences=True))(Masking(9.0)(y))).build()
    model.set_weights({"bidirectional": both()})

    assert model.predict([[[9], [1], [9], [2], [9]]])[0].tolist() == [[0, 0], [1, 3], [0, 0], [3, 2], [0, 0]]


def test_the_mask_stays_in_the_order_of_the_input():
    x = Masking()(Input((5, 1)))

    assert Bidirectional(GRU(2, return_sequences=True))(x).masked
    assert [symbol.masked for symbol in Bidirectional(GRU(2, return_sequences=True), None)(x)] == [True, True]
    assert not Bidirectional(GRU(2))(x).masked


def test_the_backward_layer_may_be_another_one(tmp_path, rng):
    layer = Bidirectional(LSTM(3), backward_layer=GRU(2, "relu", go_backwards=True))
    model = lm.Sequential([Input((5, 3)), layer]).build(seed=1)
    x = rng.normal(size=(2, 5, 3))

    assert model.predict(x).shape == (2, 5)
    assert model.get_weights("bidirectional")["backward.kernel"].shape == (3, 6)
    model.save(tmp_path / "model.safetensors")
    np.testing.assert_array_equal(lm.load(tmp_path / "model.safetensors").predict(x), model.predict(x))


def test_directions_drop_different_numbers(call):
    layer = Bidirectional(summing(dropout=0.5), None)
    x = Input((1, 1))
    model = lm.Model(x, list(layer(x))).build(seed=1)
    model.set_weights({"bidirectional": both()})

    forward, backward = model(np.ones((50, 1, 1)), training=True)

    assert not np.array_equal(forward, backward)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            [Dense(3)],
            r"Bidirectional\(layer\): expected a recurrent layer: RNN, SimpleRNN, LSTM or GRU, got Dense\(3\)",
        ),
        ([GRU(2, go_backwards=True)], r"Bidirectional\(layer\): expected a layer with go_backwards=False"),
        ([GRU(2), "add"], r"Bidirectional\(merge_mode\): expected 'concat', 'sum', 'mul' or 'ave', got 'add'"),
    ],
)
def test_mistakes_are_named_with_the_fix(arguments, sentence):
    with pytest.raises(ArgumentError, match=sentence):
        Bidirectional(*arguments)


@pytest.mark.parametrize(
    ("backward", "sentence"),
    [
        (GRU(2), r"\(backward_layer\): expected a layer with go_backwards=True, got GRU\(2\)"),
        (
            GRU(2, go_backwards=True, return_sequences=True),
            r"expected return_sequences=False, as the forward layer has it, got return_sequences=True",
        ),
    ],
)
def test_a_backward_layer_fits_the_forward_layer(backward, sentence):
    with pytest.raises(ArgumentError, match=sentence):
        Bidirectional(GRU(2), backward_layer=backward)


def test_layers_of_different_width_are_only_concatenated():
    layer = Bidirectional(GRU(2), "sum", backward_layer=GRU(3, go_backwards=True))

    with pytest.raises(ShapeError, match="expected layers of the same number of units.*\n  Fix: join them with"):
        layer(Input((5, 3)))


def test_each_direction_has_its_own_states():
    with pytest.raises(
        ArgumentError, match="expected a state for the backward layer for each of the forward layer, got 1"
    ):
        Bidirectional(GRU(2))(Input((5, 3)), initial_state=Input((2,)))
