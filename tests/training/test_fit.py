import gc
import tracemalloc
import weakref

import jax
import numpy as np
import pytest

import lamina as lm
from lamina import training
from lamina.errors import ArgumentError, DataError
from lamina.training import Callback, FitOptions, _feed


@pytest.fixture(scope="module")
def network(trainee):
    layers = [lm.layers.Dense(4, activation="tanh"), lm.layers.Dropout(0.3), lm.layers.Dense(1)]
    model = lm.Sequential([lm.Input((3,)), *layers]).build(seed=1)
    return trainee(model, "mse", "adam")


@pytest.fixture(scope="module")
def classes(dense, plan_of):
    return plan_of(dense(3, "softmax"), "sparse_categorical_crossentropy", metrics=["accuracy"])


def prepare(plan, x, y, **options):
    return training.prepare(plan, x, y, FitOptions(**options), classes=None)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batch_size": 0}, r"fit\(batch_size\): expected a positive integer, got 0"),
        ({"batch_size": 2.5}, r"fit\(batch_size\): expected a positive integer, got 2\.5"),
        ({"epochs": -1}, r"fit\(epochs\): expected an integer of at least 0, got -1"),
        ({"initial_epoch": -1}, r"fit\(initial_epoch\): expected an integer of at least 0, got -1"),
        ({"epochs": 5, "initial_epoch": 10}, r"fit\(initial_epoch\): expected at most .*\n  Fix: write epochs=15 to"),
        ({"shuffle": 1}, r"fit\(shuffle\): expected True or False, got 1"),
        ({"validation_split": 1}, r"fit\(validation_split\): expected a finite number .* and below 1, got 1"),
        ({"validation_split": 0.1, "validation_data": ([], [])}, "fit: expected validation_split or validation_data"),
        ({"callbacks": [print]}, r"fit\(callbacks\): expected a list .*\n  Fix: write a subclass of lamina"),
        ({"callbacks": [Callback]}, r"fit\(callbacks\): expected a list of callbacks, got the class Callback"),
    ],
)
def test_arguments_outside_their_range_are_refused(options, message):
    with pytest.raises(ArgumentError, match=f"^{message}"):
        FitOptions(**options)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            np.zeros((4, 3)),
            r"fit\(validation_data\): expected a tuple \(x, y\) or .*, got an object of type ndarray",
        ),
        (
            (np.zeros((4, 3)),),
            r"fit\(validation_data\): expected a tuple .*, got 1 parts\.\n  Fix: write validation_data=\(",
        ),
        ((np.zeros((4, 3)), [0, 1]), r"validation_data y: expected as many rows as validation_data x has \(4\), got 2"),
        ((np.full((1, 3), np.inf), [0]), "validation_data x: expected finite numbers, got inf in row 0, column 0"),
        ((np.zeros((1, 3)), [3]), "validation_data y: expected class numbers from 0 to 2, got 3 in row 0"),
        ((np.zeros((1, 3)), [0], [-1]), "validation_data sample_weight: expected weights of at least 0, got -1"),
        ((np.zeros((1, 3)), None), "validation_data y: expected targets, got None"),
    ],
)
def test_validation_data_is_checked_like_the_other(classes, line, given, message):
    with pytest.raises(DataError, match=f"^{message}"):
        prepare(classes, line[0], [0, 1, 2, 0, 1, 2, 0, 1, 2, 0], validation_data=given)


def test_validation_data_has_weights_and_the_labels_of_training(classes, line):
    rows, validation = prepare(classes, line[0], [*"abcabcabca"], validation_data=(line[0][:2], ["c", "a"], [0.5, 2.0]))

    assert validation.targets[0].tolist() == [2, 0]
    assert validation.weights[0].tolist() == [0.5, 2.0]
    assert validation.classes[0] is rows.classes[0]


@pytest.mark.parametrize(
    ("weights", "where"),
    [([1] * 8 + [0] * 2, r"fit\(validation_split\)"), ([0] * 8 + [1] * 2, r"fit\(sample_weight, class_weight\)")],
)
def test_each_part_needs_a_row_that_counts(classes, line, weights, where):
    with pytest.raises(DataError, match=f"^{where}: expected at least one row with a weight above 0, got 0 for all"):
        prepare(classes, line[0], [0, 1, 2, 0, 1, 2, 0, 1, 2, 0], validation_split=0.2, sample_weight=weights)


def test_class_weights_count_in_training_alone(classes, line):
    rows, validation = prepare(
        classes, line[0], [0, 1, 2, 0, 1, 2, 0, 1, 2, 0], validation_split=0.2, class_weight={0: 1, 1: 2, 2: 3}
    )

    assert rows.weights[0].tolist() == [1, 2, 3, 1, 2, 3, 1, 2]
    assert validation.weights is None


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"x": np.full((10, 3), np.nan)}, DataError),
        ({"y": [0, 1, 2, 3, 0, 1, 2, 0, 1, 2]}, DataError),
        ({"y": np.zeros((10, 2))}, DataError),
        ({"x": np.zeros((10, 4))}, ValueError),
        ({"sample_weight": np.zeros(10)}, DataError),
        ({"class_weight": {0: 1}}, ArgumentError),
        ({"nb_epoch": 3}, ArgumentError),
    ],
)
def test_nothing_is_trained_on_what_is_refused(dense, line, change, error):
    model = dense(3, "softmax")
    model.compile("sgd", "sparse_categorical_crossentropy")
    before = model.get_weights()["dense"]["kernel"]
    arguments = {"x": line[0], "y": [0, 1, 2, 0, 1, 2, 0, 1, 2, 0], "verbose": 0} | change

    with pytest.raises(error):
        model.fit(**arguments)

    np.testing.assert_array_equal(model.get_weights()["dense"]["kernel"], before)
    assert int(model.state.step) == 0


@pytest.mark.parametrize(("old", "today"), [("nb_epoch", "epochs"), ("epoch", "epochs"), ("batchsize", "batch_size")])
def test_old_and_mistyped_arguments_get_the_name_of_today(dense, line, old, today):
    model = dense()
    model.compile("sgd", "mse")

    with pytest.raises(
        ArgumentError, match=rf"^fit\({old}\): expected an argument that exists, got '{old}'\.\n  Fix: .*{today}"
    ):
        model.fit(*line, **{old: 3})


def test_an_error_at_the_beginning_is_an_end_too(network, line):
    ended = []

    class Failing(Callback):
        def on_train_begin(self):
            raise ZeroDivisionError

        def on_train_end(self, logs):
            ended.append(logs)

    with pytest.raises(ZeroDivisionError):
        network.restarted().fit(*line, callbacks=[Failing()])

    assert ended == [{}]


def test_no_epoch_trains_nothing(network, line):
    before = network.restarted().numbers()

    history = network.fit(*line, epochs=0)

    assert history.history == {}
    np.testing.assert_array_equal(network.numbers(), before)


def test_the_history_says_how_training_was_asked_for(network, line):
    history = network.restarted(seed=7).fit(*line, epochs=2, batch_size=3, validation_split=0.3)

    assert history.params == {
        "epochs": 2,
        "steps": 3,
        "batch_size": 3,
        "rows": 7,
        "validation_rows": 3,
        "validation_split": 0.3,
        "seed": 7,
    }
    assert list(history.history) == ["loss", "val_loss"]


def test_validation_is_evaluation_at_the_end_of_the_epoch(network, line):
    x, y = line
    history = network.restarted().fit(x, y, validation_split=0.3, epochs=2)

    assert history.history["val_loss"][-1] == network.evaluate(x[7:], y[7:], batch_size=2)["loss"]


def test_the_same_seed_gives_the_same_weights_bit_by_bit_and_another_others(network, line):
    def trained(seed):
        network.restarted(seed=seed).fit(*line, batch_size=4, epochs=2)
        return network.numbers().tobytes()

    assert trained(1) == trained(1) != trained(2)


def test_two_halves_are_one_training_bit_by_bit(network, line):
    whole = network.restarted(seed=5).fit(*line, batch_size=4, epochs=4).history["loss"]
    weights = network.numbers()

    first = network.restarted(seed=5).fit(*line, batch_size=4, epochs=2).history["loss"]
    second = network.fit(*line, batch_size=4, epochs=4, initial_epoch=2).history["loss"]

    np.testing.assert_array_equal(network.numbers(), weights)
    assert first + second == whole


def test_averages_go_on_from_where_they_were(dense, trainee, line):
    averaging = trainee(dense(), "mse", ["sgd", lm.optimizers.AverageWeights(0.9)])
    averaging.fit(*line)
    count = int(averaging.state.optimizer[1]["step"])

    averaging.fit(*line, epochs=2, initial_epoch=1)

    assert int(averaging.state.optimizer[1]["step"]) == 2 * count > 0


def test_one_batch_may_have_any_number_of_rows(network, line):
    x, y = line

    first = network.restarted().train_on_batch(x[:4], y[:4])
    second = network.train_on_batch(x[4:], y[4:])

    assert set(first) == set(second) == {"loss"}
    assert int(network.state.step) == 2


def test_frames_are_trained_on(line):
    pandas = pytest.importorskip("pandas", reason="frames are read where pandas is installed")
    frame = pandas.DataFrame(line[0], columns=["age", "height", "weight"]).assign(smokes=line[1] > 0)
    model = lm.Sequential([lm.layers.Dense(2, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])

    model.fit(frame, pandas.Series(line[1] > 1).map({True: "tall", False: "small"}), verbose=0)

    assert set(model.predict_classes(frame)) <= {"small", "tall"}
    with pytest.raises(DataError, match="^x: expected columns of numbers, got the column 'smokes' of type String"):
        model.predict(frame.assign(smokes="yes"))


def test_evaluation_needs_a_batch_size(network, line):
    with pytest.raises(ArgumentError, match=r"^evaluate\(batch_size\): expected a positive integer, got 0"):
        network.evaluate(*line, batch_size=0)


def test_a_thousand_fits_neither_compile_again_nor_keep_memory(dense, line):
    model = dense()
    model.compile("adam", "mse", metrics=["mae"])
    tracemalloc.start()
    for _ in range(100):
        model.fit(*line, verbose=0)
    gc.collect()
    before, _ = tracemalloc.get_traced_memory()

    with jax.no_tracing(True):
        for _ in range(900):
            model.fit(*line, verbose=0)

    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < 200 * 900


def test_the_rows_leave_memory_with_the_call_and_need_no_collector(dense, line):
    x, y = map(np.copy, line)
    model = dense()
    model.compile("adam", "mse")
    rows = weakref.ref(x)
    gc.collect()
    gc.disable()

    model.fit(x, y, callbacks=[lm.callbacks.EarlyStopping("loss")], verbose=0)
    del x, y
    held = [array for array in jax.live_arrays() if array.shape[:1] == (len(line[0]),)]
    gc.enable()

    assert rows() is None
    assert not held


@pytest.mark.parametrize("room", [2**25, 48], ids=["at once", "in blocks"])
def test_the_first_fit_compiles_its_programs_and_nothing_else(line, monkeypatch, room):
    compiled = []
    monkeypatch.setattr(_feed, "BLOCK_BYTES", room)
    model = lm.Sequential([lm.Input((3,)), lm.layers.Dense(2, activation="relu"), lm.layers.Dense(1)])
    model.compile([lm.optimizers.ClipNorm(1.0), "adam"], "mse", metrics=["mae"])

    def note(event, seconds, **details):
        if event.endswith("backend_compile_duration"):
            compiled.append(details["fun_name"])

    jax.monitoring.register_event_duration_secs_listener(note)
    model.fit(*line, batch_size=3, validation_split=0.3, epochs=2, verbose=0)
    jax.monitoring.unregister_event_duration_listener(note)

    assert compiled == ["jit(_train)", "jit(_test)"]


def test_a_model_with_nothing_to_train_is_refused(dense, plan_of):
    plan = plan_of(dense(), frozen=frozenset({"dense"}))

    with pytest.raises(ArgumentError, match=r"at least one weight to train, .*\n  Fix: call model\.unfreeze"):
        prepare(plan, np.zeros((2, 3)), np.zeros(2))
