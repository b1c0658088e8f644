import numpy as np
import pytest

import lamina as lm
from lamina.data import Dataset
from lamina.errors import ArgumentError, FormatError
from lamina.saving import Contents
from lamina.training import Callback, go_on, snapshot

WHERE = "fit(checkpoint)"
OPTIONS = {"batch_size": 3, "epochs": 3, "validation_split": 0.2}


class Cut(Callback):
    """Take a snapshot after some batches, and let training end there."""

    wants_batches = True
    turn = 1

    def __init__(self, batches):
        self.batches, self.contents = batches, None

    def on_train_batch_end(self, batch, logs):
        if self.session.batches == self.batches:
            self.contents = snapshot(self.session)
            self.session.stop_now = True


class Resume(Callback):
    """Go on from a snapshot."""

    turn = 1

    def __init__(self, contents):
        self.contents = contents

    def on_train_begin(self):
        go_on(self.session, self.contents, where=WHERE)


class Counting(Callback):
    """Count epochs and batches, and change a setting in a way that must not happen twice."""

    def __init__(self):
        self.begun = self.seen = 0

    def on_epoch_begin(self, epoch):
        self.begun += 1
        settings = self.model.state.settings
        rate = np.float32(settings["optimizer/learning_rate"] * 0.9)
        self.model.state = self.model.state.replace(settings=settings | {"optimizer/learning_rate": rate})

    def on_train_batch_end(self, batch, logs):
        self.seen += 1

    def state(self):
        return {"begun": self.begun, "seen": self.seen}

    def restore(self, state):
        self.begun, self.seen = state["begun"], state["seen"]


@pytest.fixture(scope="module")
def network(trainee):
    layers = [lm.layers.Dense(4, activation="tanh"), lm.layers.BatchNormalization(), lm.layers.Dropout(0.3)]
    model = lm.Sequential([lm.Input((3,)), *layers, lm.layers.Dense(2, activation="softmax")]).build(seed=1)
    metrics = ["accuracy", lm.metrics.ConfusionMatrix(2)]
    return trainee(model, "sparse_categorical_crossentropy", "adam", metrics=metrics)


@pytest.fixture
def kinds(line):
    return line[0], (line[0][:, 0] > 0).astype(np.int32)


@pytest.fixture
def contents(network, kinds):
    """A snapshot in the middle of the second epoch."""
    cut = Cut(4)
    network.restarted(seed=5).fit(*kinds, **OPTIONS, callbacks=[Counting(), cut])
    return cut.contents


def recorded(history):
    return {name: np.asarray(column).tolist() for name, column in history.history.items()}


def as_arrays(values):
    return {name: np.asarray(array) for name, array in values.items()}


@pytest.mark.parametrize("batches", [1, 2, 3, 4, 5, 8])
def test_training_goes_on_as_if_never_stopped(network, kinds, batches):
    counting, again, cut = Counting(), Counting(), Cut(batches)
    history = network.restarted(seed=5).fit(*kinds, **OPTIONS, callbacks=[counting])
    expected, state = network.numbers(), network.state
    network.restarted(seed=5).fit(*kinds, **OPTIONS, callbacks=[Counting(), cut])

    network.restarted(seed=9)
    resumed = network.fit(*kinds, **OPTIONS, callbacks=[again, Resume(cut.contents)])

    np.testing.assert_array_equal(network.numbers(), expected)
    assert recorded(resumed) == recorded(history)
    assert list(resumed.history) == list(history.history)
    assert resumed.epoch == history.epoch == [0, 1, 2]
    assert len(resumed.seconds) == 3
    assert again.state() == counting.state()
    assert (int(network.state.step), int(network.state.seed)) == (int(state.step), 5)
    moved, wanted = (each.moving["batch_normalization"] for each in (network.state, state))
    np.testing.assert_equal(as_arrays(moved), as_arrays(wanted))


@pytest.fixture(scope="module")
def stateful(trainee):
    layers = [lm.layers.LSTM(4, stateful=True), lm.layers.Dense(1)]
    return trainee(lm.Sequential([lm.Input((3, 1), batch_size=2), *layers]).build(seed=1))


@pytest.mark.parametrize("batches", [1, 4, 6])
@pytest.mark.parametrize("is_dataset", [False, True], ids=["arrays", "data set"])
def test_what_a_batch_hands_on_to_the_next_goes_on_too(stateful, rng, batches, is_dataset):
    x, y = rng.normal(size=(8, 3, 1)), rng.normal(size=(8, 1))
    given = (Dataset.from_arrays(x, y), None) if is_dataset else (x, y)
    options, cut = {"batch_size": 2, "epochs": 3, "shuffle": False}, Cut(batches)
    stateful.restarted().fit(*given, **options)
    expected, states = stateful.numbers(), stateful.state.moving
    stateful.restarted().fit(*given, **options, callbacks=[cut])

    stateful.restarted().fit(*given, **options, callbacks=[Resume(cut.contents)])

    assert all(np.abs(cut.contents.tensors[f"lstm/state_{index}"]).min() > 0 for index in range(2))
    np.testing.assert_array_equal(stateful.numbers(), expected)
    np.testing.assert_equal(as_arrays(stateful.state.moving["lstm"]), as_arrays(states["lstm"]))


def test_training_that_a_callback_ended_stays_ended(network, kinds):
    class Stop(Callback):
        def on_epoch_end(self, epoch, logs):
            self.session.stop_training = epoch == 1

    class Last(Callback):
        turn = 1

        def on_epoch_end(self, epoch, logs):
            self.contents = snapshot(self.session)

    last = Last()
    network.restarted(seed=5).fit(*kinds, **OPTIONS, callbacks=[Stop(), last])
    expected = network.numbers()

    history = network.restarted().fit(*kinds, **OPTIONS, callbacks=[Resume(last.contents)])

    assert history.epoch == [0, 1]
    assert history.weights_epoch == 1
    np.testing.assert_array_equal(network.numbers(), expected)


def test_a_callback_that_is_new_begins_anew_and_one_that_is_gone_is_forgotten(network, kinds, contents):
    class Other(Counting):
        pass

    other = Other()

    network.restarted().fit(*kinds, **OPTIONS, callbacks=[other, Resume(contents)])

    assert other.seen == 9 - 4


@pytest.mark.parametrize("changes", [{"batch_size": 4}, {"shuffle": False}, {"validation_split": 0.3}])
def test_other_data_or_batches_are_refused(network, kinds, contents, changes):
    message = (
        r"^fit\(checkpoint\): expected the data, batch size and shuffle of the training that was stopped, got others"
    )
    with pytest.raises(ArgumentError, match=message):
        network.restarted().fit(*kinds, **OPTIONS | changes, callbacks=[Resume(contents)])


@pytest.mark.parametrize("precision", ["float64", "mixed_bfloat16"])
def test_another_precision_is_refused_by_its_name(network, kinds, contents, precision):
    of_other = contents._replace(config={"items": [*contents.config["items"], ["precision", precision]]})

    message = rf"^fit\(checkpoint\): expected precision='{precision}', that of .*, got 'float32'\.\n  Fix: give compile"
    with pytest.raises(ArgumentError, match=message):
        network.restarted().fit(*kinds, **OPTIONS, callbacks=[Resume(of_other)])


def test_another_network_is_refused(dense, trainee, kinds, contents):
    other = trainee(dense(2, "softmax"), "sparse_categorical_crossentropy", "adam")

    with pytest.raises(FormatError, match=r"^fit\(checkpoint\): expected no tensors but those of the model, got also"):
        other.fit(*kinds, **OPTIONS, callbacks=[Resume(contents)])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda contents: Contents("weights", {}, {}), "expected a checkpoint, got a file with weights"),
        (lambda contents: contents._replace(config={"items": []}), "expected an object with .*, got one without"),
        (lambda contents: contents._replace(config={"items": 3}), "expected items, a number or an array"),
        (
            lambda contents: contents._replace(config={"items": [*contents.config["items"], ["done", "x"]]}),
            "expected values that fit together, got ValueError",
        ),
        (
            lambda contents: contents._replace(
                config={"items": [*contents.config["items"], ["settings", {"items": []}]]}
            ),
            "settings: expected an object with .*, got one without",
        ),
    ],
)
def test_what_is_no_checkpoint_of_this_training_is_refused(network, kinds, contents, change, message):
    before = network.restarted().numbers()

    with pytest.raises(FormatError, match=rf"^fit\(checkpoint\).*{message}"):
        network.fit(*kinds, **OPTIONS, callbacks=[Resume(change(contents))])

    np.testing.assert_array_equal(network.numbers(), before)


def test_a_state_that_no_file_carries_is_named(network, kinds):
    class Odd(Callback):
        def state(self):
            return {"function": print}

    with pytest.raises(
        FormatError, match=r"^checkpoint\['callbacks'\]\[0\]\[1\]\['function'\]: expected numbers, text"
    ):
        network.restarted().fit(*kinds, **OPTIONS, callbacks=[Odd(), Cut(1)])
