import numpy as np
import pytest

import lamina as lm
from lamina.callbacks import Callback
from lamina.data import Dataset
from lamina.errors import ArgumentError, DataError, ShapeError
from lamina.layers import GRU, LSTM, RNN, Bidirectional, Dense, GRUCell, Input, LSTMCell, Masking, SimpleRNN

STEPS, ROWS = 3, 2
TRAINING = {"batch_size": ROWS, "shuffle": False, "verbose": 0}


def model_of(*layers, steps=STEPS, rows=ROWS):
    return lm.Sequential([Input((steps, 1), batch_size=rows), *layers, Dense(1)]).build(seed=1)


@pytest.fixture
def model():
    made = model_of(LSTM(4, stateful=True))
    made.compile(lm.optimizers.SGD(0.1), "mse")
    return made


@pytest.fixture
def whole(rng):
    return rng.normal(size=(ROWS, 4 * STEPS, 1)).astype("float32")


def cut(whole):
    """Return long sequences as batches of short ones, each row going on where that of the batch before ended."""
    return np.concatenate(np.split(whole, whole.shape[1] // STEPS, axis=1))


@pytest.fixture
def rows(whole):
    return cut(whole), np.sin(np.arange(4 * ROWS))[:, None]


def states_of(model, layer="lstm"):
    return [array for name, array in model.get_weights(layer).items() if "state_" in name]


def without_states(weights):
    return {path: {name: own[name] for name in own if "state_" not in name} for path, own in weights.items()}


@pytest.mark.parametrize(
    "build",
    [
        lambda stateful: [LSTM(4, stateful=stateful)],
        lambda stateful: [GRU(4, stateful=stateful)],
        lambda stateful: [SimpleRNN(4, stateful=stateful)],
        lambda stateful: [RNN([LSTMCell(3), GRUCell(2)], stateful=stateful)],
        lambda stateful: [LSTM(3, stateful=stateful, return_sequences=True), GRU(2, stateful=stateful)],
    ],
    ids=["LSTM", "GRU", "SimpleRNN", "RNN of two cells", "two layers"],
)
def test_a_sequence_in_parts_is_predicted_like_the_whole(build, whole):
    parts, plain = model_of(*build(True)), model_of(*build(False), steps=None, rows=None)
    plain.set_weights(without_states(parts.get_weights()))

    together, alone, after = np.split(cut(whole), [2 * ROWS, 3 * ROWS])
    found = np.concatenate([parts.predict(part) for part in (together, alone, after)])

    wanted = [plain.predict(whole[:, :length]) for length in range(STEPS, 5 * STEPS, STEPS)]
    np.testing.assert_allclose(found, np.concatenate(wanted), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("rows", [2, 3])
def test_predictions_go_on_for_any_number_of_rows_and_kind_of_array(rows, rng):
    model, x = model_of(GRU(2, stateful=True), rows=rows), rng.normal(size=(2 * rows, STEPS, 1))
    wanted = model.predict(x.astype("float32"))

    model.reset_states()

    np.testing.assert_array_equal(model.predict(x[:rows].tolist()), wanted[:rows])
    np.testing.assert_allclose(model.predict(Dataset.from_arrays(x[rows:])), wanted[rows:], rtol=1e-6)


def test_states_are_forgotten_when_that_is_asked_for(model, whole):
    first = model.predict(whole[:, :STEPS])

    again = model.predict(whole[:, :STEPS])
    model.reset_states()

    assert not np.allclose(first, again)
    np.testing.assert_array_equal(model.predict(whole[:, :STEPS]), first)


def test_masked_steps_leave_the_states_as_they_are(whole):
    filled, short = (model_of(Masking(), LSTM(4, stateful=True), steps=None) for _ in range(2))

    filled.predict(np.where(np.arange(STEPS)[:, None] < 1, whole[:, :STEPS], 0))
    short.predict(whole[:, :1])

    assert np.abs(states_of(short)[0]).min() > 0
    np.testing.assert_allclose(states_of(filled), states_of(short), rtol=1e-6)


def test_both_directions_keep_their_states(whole):
    model = model_of(Bidirectional(GRU(3, stateful=True)))

    first, second = model.predict(whole[:, :STEPS]), model.predict(whole[:, :STEPS])

    assert (np.abs(second - first) > 1e-5).all()
    assert all(np.abs(state).min() > 0 for state in states_of(model, "bidirectional"))


def test_a_layer_used_twice_goes_on_from_its_first_use(whole):
    x, layer = Input((STEPS, 1), batch_size=ROWS), GRU(1, stateful=True, return_sequences=True)
    model = lm.Model(x, layer(layer(x))).build(seed=1)
    plain = lm.Model(seen := Input((STEPS, 1)), GRU(1, return_sequences=True, return_state=True)(seen)).build(seed=1)
    plain.set_weights(without_states(model.get_weights()))

    outputs, state = plain.predict(whole[:, :STEPS])

    start = Input((1,))
    further = lm.Model([seen, start], GRU(1, return_sequences=True)(seen, initial_state=start))
    further.set_weights(without_states(model.get_weights()))
    np.testing.assert_allclose(model.predict(whole[:, :STEPS]), further.predict([outputs, state]), rtol=1e-5)


def test_scores_begin_where_the_states_stand_and_leave_no_trace(model, rows, whole):
    x, y = rows
    model.predict(x[: 2 * ROWS])
    before = states_of(model)

    scores = [model.evaluate(x[2 * ROWS :], y[2 * ROWS :])["loss"] for _ in range(2)]

    np.testing.assert_array_equal(states_of(model), before)
    wanted = np.mean((model.predict(x[2 * ROWS :]) - y[2 * ROWS :]) ** 2)
    assert scores == pytest.approx([wanted] * 2, rel=1e-5)


def test_training_goes_on_from_batch_to_batch_and_epoch_to_epoch_as_if_by_hand(model, rows):
    x, y = rows
    twin = model_of(LSTM(4, stateful=True))
    twin.compile(lm.optimizers.SGD(0.1), "mse")

    model.fit(x, y, epochs=2, **TRAINING)
    for start in [*range(0, len(x), ROWS)] * 2:
        twin.train_on_batch(x[start : start + ROWS], y[start : start + ROWS])

    for name, array in twin.get_weights("lstm").items():
        np.testing.assert_allclose(model.get_weights("lstm")[name], array, rtol=1e-5, atol=1e-7)
    assert np.abs(states_of(model)[0]).min() > 0


def test_validation_in_between_changes_nothing(model, rows):
    twin = model_of(LSTM(4, stateful=True))
    twin.compile(lm.optimizers.SGD(0.1), "mse")

    model.fit(*rows, epochs=2, validation_data=rows, **TRAINING)
    twin.fit(*rows, epochs=2, **TRAINING)

    assert model.history.history["loss"] == twin.history.history["loss"]
    np.testing.assert_array_equal(states_of(model), states_of(twin))


def test_a_data_set_and_arrays_to_validate_on_have_batches_of_the_same_size(model, rows):
    history = model.fit(Dataset.from_arrays(*rows).batch(ROWS), validation_data=rows, verbose=0)

    assert history.history["val_loss"] == [model.evaluate(*rows)["loss"]]


def test_a_callback_may_begin_each_epoch_anew(model, rows):
    class Anew(Callback):
        def on_epoch_begin(self, epoch):
            self.model.reset_states()

    model.compile(lm.optimizers.SGD(1e-9), "mse")

    history = model.fit(*rows, epochs=2, callbacks=Anew(), **TRAINING)

    assert history.history["loss"][0] == pytest.approx(history.history["loss"][1], rel=1e-5)


@pytest.mark.parametrize("precision", ["mixed_bfloat16", "float64"])
def test_states_go_on_in_every_precision(precision, model, rows):
    model.compile(lm.optimizers.SGD(0.1), "mse", precision=precision)
    kept = {"float64": np.float64}.get(precision, np.float32)

    model.fit(*rows, validation_data=rows, **TRAINING)
    first, second = model.predict(rows[0][:ROWS]), model.predict(rows[0][:ROWS])
    model.reset_states()

    assert not np.array_equal(first, second)
    assert {state.dtype for state in states_of(model)} == {np.dtype(kept)}


def test_a_saved_model_goes_on_where_it_was(model, rows, tmp_path):
    model.predict(rows[0])

    model.save(tmp_path / "model.safetensors")

    loaded = lm.load(tmp_path / "model.safetensors")
    assert loaded.input_shape == (ROWS, STEPS, 1)
    np.testing.assert_array_equal(loaded.predict(rows[0]), model.predict(rows[0]))


@pytest.mark.parametrize("epochs", [1, 2])
def test_resumed_training_goes_on_bit_for_bit(model, rows, tmp_path, epochs):
    twin, resumed = (model_of(LSTM(4, stateful=True)) for _ in range(2))
    for each in (twin, resumed):
        each.compile(lm.optimizers.SGD(0.1), "mse")
    twin.fit(*rows, epochs=3, seed=1, **TRAINING)

    model.fit(*rows, epochs=epochs, seed=1, checkpoint=tmp_path, **TRAINING)
    resumed.fit(*rows, epochs=3, checkpoint=tmp_path, resume=True, **TRAINING)

    for name, array in twin.get_weights("lstm").items():
        np.testing.assert_array_equal(resumed.get_weights("lstm")[name], array)


def test_the_summary_shows_how_many_rows_a_batch_has(model, capsys):
    model.summary()

    assert "input (Input)   (2, 3, 1)" in capsys.readouterr().out


@pytest.mark.parametrize("rows", [1, 3, 5])
def test_rows_that_fill_no_batch_are_refused_before_any_is_looked_at(rows, model):
    x, y = np.ones((rows, STEPS, 1)), np.ones((rows, 1))
    enough = np.ones((ROWS, STEPS, 1)), np.ones((ROWS, 1))
    sentence = rf"a multiple of 2 rows, as Input.* states, got {rows}\.\n  Fix: leave out 1, or add 1"

    for where, verb in {
        "x": lambda: model.predict(x),
        r"evaluate\(x\)": lambda: model.evaluate(x, y),
        r"fit\(x\)": lambda: model.fit(x, y, **TRAINING),
        r"fit\(validation\)": lambda: model.fit(*enough, validation_data=(x, y), **TRAINING),
    }.items():
        with pytest.raises(DataError, match=f"^{where}: expected {sentence}"):
            verb()
    assert not np.any(states_of(model))


def test_a_stream_of_unknown_length_is_refused_in_training(model):
    def batches():
        yield from [(np.ones((ROWS, STEPS, 1)), np.ones((ROWS, 1)))] * 2

    stream = Dataset.from_batches(batches).batch(ROWS)

    with pytest.raises(
        ShapeError, match=r"^input: expected batches of 2 rows, .* got rows of which the last batch may"
    ):
        model.fit(stream, verbose=0)


def test_batches_of_another_size_are_refused(model):
    x, y = np.ones((4, STEPS, 1)), np.ones((4, 1))
    sentence = r"^input: expected batches of 2 rows, as its Input states, got 4 rows\.\n  Fix: give 2 rows at a time"

    with pytest.raises(
        ArgumentError, match=r"fit\(batch_size\): expected 2, as Input.* got 4\.\n  Fix: write batch_size=2"
    ):
        model.fit(x, y, batch_size=4, shuffle=False, verbose=0)
    with pytest.raises(ShapeError, match=sentence):
        model.train_on_batch(x, y)
    with pytest.raises(ShapeError, match=sentence):
        model(x)


def test_a_data_set_with_batches_of_another_size_is_told_how_to_change_them(model, rows):
    sentence = r"fit\(x\.batch_size\): expected 2, as Input.* got 3\.\n  Fix: write x\.batch\(2\)\."

    with pytest.raises(ArgumentError, match=sentence):
        model.fit(Dataset.from_arrays(*rows).batch(3), verbose=0)


def test_shuffled_rows_are_refused(model, rows):
    with pytest.raises(
        ArgumentError, match=r"fit\(shuffle\): expected False, as a stateful .*\n  Fix: write shuffle=F"
    ):
        model.fit(*rows, batch_size=ROWS)


def test_a_data_set_in_a_random_order_is_refused(model, rows):
    mixed = Dataset.from_arrays(*rows).shuffle().batch(ROWS)

    with pytest.raises(
        ArgumentError,
        match=r"fit\(x\): expected rows in the order they lie in, as .* got a data set .*\n  Fix: write x\.unshuffled",
    ):
        model.fit(mixed, verbose=0)
    assert model.fit(mixed.unshuffled(), verbose=0).epoch == [0]


def test_a_network_with_batches_of_one_size_is_no_part_of_one_without(model):
    with pytest.raises(ShapeError, match=r"expected inputs of shape \(2, 3, 1\), got \(None, 3, 1\)"):
        model(Input((STEPS, 1)))

    assert model(Input((STEPS, 1), batch_size=ROWS)).shape == (ROWS, 1)
