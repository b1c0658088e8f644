import math

import pytest

from lamina.callbacks import EarlyStopping
from lamina.errors import ArgumentError

FALLING = [5.0, 4.0, 3.0, 3.5, 3.2, 3.1, 2.0, 9.0, 9.0, 9.0]


@pytest.mark.parametrize(
    ("arguments", "values", "last"),
    [
        ({"patience": 0}, FALLING, 3),
        ({"patience": 1}, FALLING, 3),
        ({"patience": 2}, FALLING, 4),
        ({"patience": 3}, FALLING, 5),
        ({"patience": 4}, FALLING, 9),
        ({"patience": 2, "min_delta": 1.0}, FALLING, 4),
        ({"patience": 2, "start_from_epoch": 4}, FALLING, 8),
        ({"patience": 2, "baseline": 4.5}, FALLING, 4),
        ({"patience": 2, "baseline": 1.0}, FALLING, 3),
        ({"patience": 2, "mode": "max"}, FALLING, 2),
        ({"patience": 2}, [math.nan] * 5, 1),
    ],
)
def test_when_training_ends(drive, arguments, values, last):
    session = drive(EarlyStopping("loss", **arguments), loss=values)

    assert session.last == last
    assert session.stop_training is (last < 9)


@pytest.mark.parametrize(
    "arguments", [{"patience": 2}, {"patience": 3, "min_delta": 0.3}, {"patience": 1, "baseline": 3.3}]
)
def test_keras_ends_training_in_the_same_epoch(drive, arguments):
    keras = pytest.importorskip("keras")
    rival, stopped = keras.callbacks.EarlyStopping("loss", mode="min", **arguments), None
    rival.set_model(keras.Sequential([keras.layers.Dense(1)]))
    rival.model.stop_training = False
    rival.on_train_begin()
    for epoch, loss in enumerate(FALLING):
        rival.on_epoch_end(epoch, {"loss": loss})
        if rival.model.stop_training:
            stopped = epoch
            break

    session = drive(EarlyStopping("loss", **arguments), loss=FALLING)

    assert session.last == stopped


@pytest.mark.parametrize("patience", [2, 100])
def test_the_best_weights_are_left_whether_training_ended_early_or_not(drive, patience):
    callback = EarlyStopping("loss", patience=patience, restore_best_weights=True)

    session = drive(callback, loss=[5.0, 4.0, 6.0, 7.0])

    assert (session.kernel, session.weights_epoch) == (1, 1)


def test_the_best_weights_are_those_of_the_lowest_value_whatever_min_delta_says(drive):
    callback = EarlyStopping("loss", 1.0, patience=2, restore_best_weights=True)

    session = drive(callback, loss=[5.0, 4.5, 4.4])

    assert (session.last, session.kernel) == (2, 2)


def test_weights_stay_unless_asked(drive):
    session = drive(EarlyStopping("loss", patience=2), loss=[5.0, 4.0, 6.0, 7.0])

    assert session.kernel == 3


def test_a_second_training_begins_anew(drive):
    callback = EarlyStopping("loss", patience=2)
    drive(callback, loss=[1.0, 2.0, 2.0])

    session = drive(callback, loss=[9.0, 8.0, 7.0])

    assert not session.stop_training


def test_the_state_carries_the_count(drive):
    first, second = (EarlyStopping("loss", patience=3, restore_best_weights=True) for _ in range(2))
    drive(first, loss=[1.0, 2.0, 2.0])
    session = drive(second, loss=[9.0])

    second.restore(first.state())
    second.on_epoch_end(3, {"loss": 2.0})
    second.on_train_end({})

    assert session.stop_training
    assert session.weights_epoch == 0


def test_it_says_so_when_asked(drive, capsys):
    drive(EarlyStopping("loss", patience=2, verbose=1), loss=[1.0, 2.0, 2.0])

    assert capsys.readouterr().out == "Epoch 3: no better loss for 2 epochs; training ends.\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"min_delta": -1}, r"\(min_delta\): expected a finite number of at least 0, got -1"),
        ({"patience": -1}, r"\(patience\): expected an integer of at least 0, got -1"),
        ({"baseline": "low"}, r"\(baseline\): expected a finite number, got 'low'"),
        ({"mode": "lowest"}, r"\(mode\): expected 'auto', 'min' or 'max', got 'lowest'"),
        ({"restore_best_weights": 1}, r"\(restore_best_weights\): expected True or False, got 1"),
        ({"start_from_epoch": 0.5}, r"\(start_from_epoch\): expected an integer of at least 0, got 0.5"),
    ],
)
def test_arguments_are_checked(arguments, message):
    with pytest.raises(ArgumentError, match=f"^EarlyStopping{message}"):
        EarlyStopping(**arguments)


def test_a_model_stops_and_has_its_best_weights(model, data):
    model.learning_rate = 0.9
    callback = EarlyStopping("loss", patience=2, restore_best_weights=True)

    history = model.fit(*data, epochs=50, callbacks=[callback], verbose=0, seed=2)

    assert len(history.epoch) < 50
    assert history.weights_epoch == history.epoch[-1] - 2
