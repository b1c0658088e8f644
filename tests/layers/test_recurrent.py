import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError, ShapeError
from lamina.layers import GRU, LSTM, RNN, Bidirectional, GRUCell, Input, LSTMCell, Masking, RNNCell, SimpleRNN

LENGTHS = (5, 3, 1)


class Total(RNNCell):
    """Sum up what was seen."""

    state_size = 1

    def call(self, weights, x, context):
        x, total = x
        return total + x, total + x


def model_of(*layers, features=2):
    x = y = Input((None, features))
    for layer in layers:
        y = layer(y)
    return lm.Model(x, list(y) if isinstance(y, tuple) else y).build(seed=3)


def padded(rows, where):
    """Return sequences of different lengths as one array, with 9 in steps before or after the real ones."""
    x = np.full((len(rows), max(map(len, rows)) + 1, rows[0].shape[-1]), 9.0, "float32")
    for row, values in zip(x, rows, strict=True):
        row[slice(0, len(values)) if where == "after" else slice(-len(values), None)] = values
    return x


@pytest.fixture
def rows(rng):
    return [rng.normal(size=(length, 2)).astype("float32") for length in LENGTHS]


def test_the_last_output_is_given_or_all_of_them_or_the_states_too(call):
    x = [[[1], [2], [4]]]

    assert call(RNN(Total()), x).tolist() == [[7]]
    assert call(RNN(Total(), return_sequences=True), x)[..., 0].tolist() == [[1, 3, 7]]
    output, state = model_of(RNN(Total(), return_sequences=True, return_state=True), features=1).predict(x)
    assert output[..., 0].tolist() == [[1, 3, 7]]
    assert state.tolist() == [[7]]


def test_backwards_the_outputs_come_in_the_order_they_are_made(call):
    x = [[[1], [2], [4]]]

    assert call(RNN(Total(), go_backwards=True, return_sequences=True), x)[..., 0].tolist() == [[4, 6, 7]]


@pytest.mark.parametrize("where", ["before", "after"])
@pytest.mark.parametrize(
    "layers",
    [
        [SimpleRNN(3)],
        [LSTM(3, return_state=True)],
        [GRU(3, reset_after=False)],
        [RNN([GRUCell(3), LSTMCell(2)], return_state=True)],
        [RNN(Total(), go_backwards=True)],
        [GRU(3, return_sequences=True), LSTM(2)],
        [LSTM(3, return_sequences=True, go_backwards=True), GRU(2, go_backwards=True)],
        [Bidirectional(LSTM(3, return_sequences=True)), Bidirectional(GRU(2))],
    ],
    ids=str,
)
def test_padding_changes_nothing(layers, where, rows):
    features = 1 if isinstance(getattr(layers[0], "cell", None), Total) else 2
    rows = [row[:, :features] for row in rows]
    model, plain = (model_of(*mask, *layers, features=features) for mask in ([Masking(9.0)], []))

    found = model.predict(padded(rows, where))

    for index, row in enumerate(rows):
        for each, wanted in zip(listed(found), listed(plain.predict(row[None])), strict=True):
            np.testing.assert_allclose(each[index], wanted[0], rtol=1e-5, atol=1e-6)


def test_padding_changes_no_gradient(rows):
    layers = [Bidirectional(LSTM(3, return_sequences=True)), GRU(2, return_sequences=True, go_backwards=True), GRU(1)]
    model, plain = (model_of(*mask, *layers) for mask in ([Masking(9.0)], []))
    for each in (model, plain):
        each.compile("sgd", "mse")
    start = plain.get_weights()

    model.train_on_batch(padded(rows[1:2], "before"), [[1.0]])
    plain.train_on_batch(rows[1][None], [[1.0]])

    for path, arrays in plain.get_weights().items():
        for name, array in arrays.items():
            assert not np.array_equal(array, start[path][name])
            np.testing.assert_allclose(model.get_weights(path)[name], array, rtol=1e-5, atol=1e-7)


def test_the_mask_goes_where_the_outputs_go(rows):
    x = padded(rows, "after")
    backwards = model_of(Masking(9.0), LSTM(3, return_sequences=True, go_backwards=True), RNN(GRUCell(2)))

    whole = backwards.predict(x)

    assert [
        symbol.masked for symbol in LSTM(3, return_sequences=True, return_state=True)(Masking()(Input((4, 2))))
    ] == [
        True,
        False,
        False,
    ]
    assert not LSTM(3)(Masking()(Input((4, 2)))).masked
    np.testing.assert_allclose(whole[1:2], backwards.predict(x[1:2, : LENGTHS[1]]), rtol=1e-5)


def test_masked_steps_repeat_the_output_before_or_are_zero(call):
    model = model_of(Masking(9.0), RNN(Total(), return_sequences=True), features=1)
    zeros = model_of(Masking(9.0), RNN(Total(), return_sequences=True, zero_output_for_mask=True), features=1)
    x = [[[9], [2], [9], [4], [9]]]

    assert model.predict(x)[..., 0].tolist() == [[0, 2, 2, 6, 6]]
    assert zeros.predict(x)[..., 0].tolist() == [[0, 2, 0, 6, 0]]
    assert model_of(Masking(9.0), RNN(Total(), zero_output_for_mask=True), features=1).predict(x).tolist() == [[6]]


def test_it_starts_from_states_that_are_given():
    x, state = Input((None, 1)), Input((1,))
    layer = RNN(Total())

    outputs = [layer(x, initial_state=state), layer(x, initial_state=[state]), layer([x, state]), layer(x, state)]

    found = lm.Model([x, state], outputs).predict([np.array([[[1.0], [2.0]]]), np.array([[10.0]])])
    assert [output.tolist() for output in found] == [[[13]]] * 4


def test_an_encoder_hands_its_states_to_a_decoder_and_both_are_saved(tmp_path, rng):
    question, answer = Input((4, 2), name="question"), Input((3, 2), name="answer")
    _, *states = LSTM(5, return_state=True)(Masking()(question))
    outputs = LSTM(5, return_sequences=True)(answer, initial_state=states)
    model = lm.Model([question, answer], lm.layers.Dense(2)(outputs))
    data = [rng.normal(size=(6, 4, 2)), rng.normal(size=(6, 3, 2))]
    model.compile("adam", "mse")
    model.fit(data, data[1], verbose=0)

    model.save(tmp_path / "model.safetensors")

    np.testing.assert_array_equal(lm.load(tmp_path / "model.safetensors").predict(data), model.predict(data))


def test_a_penalty_on_the_output_counts_each_real_step(call):
    layer = RNN(Total(), return_sequences=True, activity_regularizer=lm.regularizers.L1(1.0))

    call(layer, [[[1], [2]], [[3], [0]]], rows=[True, False])

    assert call.penalty == 1 + 3


@pytest.mark.parametrize("name", ["return_sequences", "return_state", "go_backwards", "stateful", "unroll"])
def test_switches_are_true_or_false(name):
    with pytest.raises(ArgumentError, match=rf"GRU\({name}\): expected True or False, got 1"):
        GRU(2, **{name: 1})


@pytest.mark.parametrize(
    ("shape", "fix"),
    [
        ((784,), r"for one number at each step write x\[\.\.\., None\] and Input\(\(784, 1\)\), or RepeatVector"),
        ((4, None), "state the steps and what each has, as in Input"),
        ((), "state the steps and what each has, as in Input"),
        ((5, 4, 3), r"bring what each step has into one axis, as with TimeDistributed\(Flatten"),
    ],
)
def test_an_input_that_is_no_sequence_is_refused(shape, fix):
    sentence = r"LSTM\(2\): expected an input of shape \(batch, time, features\) with known features, got "
    with pytest.raises(ShapeError, match=sentence + rf".*\n  Fix: {fix}"):
        LSTM(2)(Input(shape))


@pytest.mark.parametrize("states", [1, 3])
def test_other_states_than_its_own_are_refused(states):
    with pytest.raises(
        ShapeError, match=r"LSTM\(2\): expected 2 states of shape \(batch, 2\), \(batch, 2\), got \(None"
    ):
        LSTM(2)(Input((4, 3)), initial_state=[Input((2,))] * states)
    with pytest.raises(ShapeError, match=r"GRU\(2\): expected 1 state of shape \(batch, 2\), got \(None, 3\)"):
        GRU(2)(Input((4, 3)), initial_state=Input((3,)))


def test_a_sequence_without_steps_is_refused():
    with pytest.raises(ShapeError, match=r"GRU\(2\): expected at least one step, got \(1, 0, 2\)"):
        model_of(GRU(2)).predict(np.zeros((1, 0, 2)))


@pytest.mark.parametrize("kind", [SimpleRNN, LSTM, GRU])
def test_a_stateful_layer_asks_how_many_rows_a_batch_has(kind):
    with pytest.raises(ShapeError, match=r"as it is stateful.*\n  Fix: state it where the network begins, as in Input"):
        kind(2, stateful=True)(Input((4, 3)))


def test_arrays_are_no_states():
    with pytest.raises(lm.errors.StageError, match=r"GRU\(2\): expected a symbolic tensor"):
        GRU(2)(Input((4, 3)), initial_state=np.zeros((1, 2)))


def listed(items):
    return items if isinstance(items, list) else [items]
