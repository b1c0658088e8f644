import jax
import numpy as np
import pytest

import lamina as lm
from lamina.callbacks import LearningRateScheduler, ReduceLROnPlateau
from lamina.errors import ArgumentError

FLAT = [5.0, 5.0, 5.0, 4.0, 4.0, 4.0, 4.0, 4.0]


@pytest.mark.parametrize(
    "schedule",
    [
        lambda epoch: 0.1 * 0.5**epoch,
        lambda epoch, rate: rate * (0.5 if epoch else 1),
        lm.schedules.ExponentialDecay(0.1, 1, 0.5),
    ],
)
def test_the_rate_follows_the_schedule_and_stands_in_the_record(model, data, schedule):
    model.learning_rate = 0.1

    history = model.fit(*data, epochs=3, callbacks=[LearningRateScheduler(schedule)], verbose=0)

    assert history.history["learning_rate"] == pytest.approx([0.1, 0.05, 0.025])
    assert model.learning_rate == pytest.approx(0.025)


def test_training_has_the_rate_from_the_first_batch_on(model, data):
    before = model.get_weights("dense")["kernel"]

    model.fit(*data, callbacks=[LearningRateScheduler(lambda epoch: 0.0)], verbose=0)

    np.testing.assert_array_equal(model.get_weights("dense")["kernel"], before)


def test_another_rate_does_not_compile_again(model, data):
    halving = LearningRateScheduler(lambda epoch, rate: rate / 2)
    model.fit(*data, epochs=2, callbacks=[halving], verbose=0)

    with jax.no_tracing(True):
        history = model.fit(*data, epochs=4, callbacks=[halving, ReduceLROnPlateau("loss", patience=1)], verbose=0)

    assert len(set(history.history["learning_rate"])) == 4


@pytest.mark.parametrize("rate", [-1.0, float("nan"), "fast", None])
def test_a_rate_that_is_none_is_refused(model, data, rate):
    with pytest.raises(
        ArgumentError, match=r"^LearningRateScheduler\(schedule\) at epoch 0: expected a finite number of"
    ):
        model.fit(*data, callbacks=[LearningRateScheduler(lambda epoch: rate)], verbose=0)


def test_what_cannot_be_called_is_refused():
    with pytest.raises(
        ArgumentError, match=r"^LearningRateScheduler\(schedule\): expected a function of the epoch, got 0"
    ):
        LearningRateScheduler(0.1)


@pytest.mark.parametrize("callback", [LearningRateScheduler(lambda epoch: 0.1), ReduceLROnPlateau("loss")])
def test_an_optimizer_with_a_schedule_is_refused_before_anything_is_trained(model, data, callback):
    model.compile(lm.optimizers.SGD(lm.schedules.Constant(0.1)), "mse")
    before = model.predict(data[0])

    with pytest.raises(ArgumentError, match=r"^learning_rate: expected an optimizer whose learning rate is a number"):
        model.fit(*data, callbacks=[callback], verbose=0)

    np.testing.assert_array_equal(model.predict(data[0]), before)


@pytest.mark.parametrize(
    ("arguments", "rates"),
    [
        ({"patience": 1}, [0.1, 0.01, 0.001, 0.001, 1e-4, 1e-5, 1e-6, 1e-7]),
        ({"patience": 2}, [0.1, 0.1, 0.01, 0.01, 0.01, 0.001, 0.001, 1e-4]),
        ({"patience": 2, "factor": 0.5}, [0.1, 0.1, 0.05, 0.05, 0.05, 0.025, 0.025, 0.0125]),
        ({"patience": 1, "min_lr": 0.005}, [0.1, 0.01, 0.005, 0.005, 0.005, 0.005, 0.005, 0.005]),
        ({"patience": 1, "cooldown": 1}, [0.1, 0.01, 0.001, 0.001, 1e-4, 1e-5, 1e-6, 1e-7]),
        ({"patience": 2, "cooldown": 3}, [0.1, 0.1, 0.01, 0.01, 0.01, 0.01, 0.001, 0.001]),
        ({"patience": 1, "min_delta": 2.0}, [0.1, 0.01, 0.001, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8]),
        ({"patience": 1, "mode": "max"}, [0.1, 0.01, 0.001, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8]),
    ],
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of Keras with NumPy
def test_the_rate_is_lowered_where_the_loss_is_flat_as_in_keras(drive, arguments, rates):
    found = lowered(drive, ReduceLROnPlateau("loss", **arguments))

    assert found == pytest.approx(rates)
    assert keras_rates(**arguments) == pytest.approx(rates)


def lowered(drive, callback):
    """Return the rate after each epoch."""
    found, end = [], callback.on_epoch_end
    callback.on_epoch_end = lambda epoch, logs: (end(epoch, logs), found.append(callback.model.learning_rate))
    drive(callback, loss=FLAT)
    return found


def keras_rates(**arguments):
    keras = pytest.importorskip("keras")
    rival, found = keras.callbacks.ReduceLROnPlateau("loss", **{"mode": "min"} | arguments), []
    rival.set_model(keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)]))
    rival.model.compile(keras.optimizers.SGD(0.1), "mse")
    rival.on_train_begin()
    for epoch, loss in enumerate(FLAT):
        rival.on_epoch_end(epoch, {"loss": loss})
        found.append(float(rival.model.optimizer.learning_rate))
    return found


def test_a_second_training_begins_anew(drive):
    callback = ReduceLROnPlateau("loss", patience=2)
    drive(callback, loss=[1.0, 1.0])

    session = drive(callback, loss=[5.0, 5.0])

    assert session.model.learning_rate == 0.1


def test_the_state_carries_the_count(drive):
    first, second = ReduceLROnPlateau("loss", patience=3), ReduceLROnPlateau("loss", patience=3)
    drive(first, loss=[1.0, 2.0, 2.0])
    session = drive(second, loss=[9.0])

    second.restore(first.state())
    second.on_epoch_end(3, {"loss": 2.0})

    assert session.model.learning_rate == pytest.approx(0.01)


def test_they_say_so_when_asked(drive, model, data, capsys):
    drive(ReduceLROnPlateau("loss", patience=1, verbose=1), loss=[1.0, 2.0])
    model.fit(*data, callbacks=[LearningRateScheduler(lambda epoch: 0.25, verbose=1)], verbose=0)

    assert capsys.readouterr().out.splitlines() == [
        "Epoch 2: no better loss; learning rate 0.01.",
        "Epoch 1: learning rate 0.25.",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"factor": 1.0}, r"\(factor\): expected a finite number of at least 0 and below 1, got 1.0"),
        ({"min_delta": -1}, r"\(min_delta\): expected a finite number of at least 0, got -1"),
        ({"min_lr": -1}, r"\(min_lr\): expected a finite number of at least 0, got -1"),
        ({"patience": -1}, r"\(patience\): expected an integer of at least 0, got -1"),
        ({"cooldown": -1}, r"\(cooldown\): expected an integer of at least 0, got -1"),
    ],
)
def test_arguments_are_checked(arguments, message):
    with pytest.raises(ArgumentError, match=f"^ReduceLROnPlateau{message}"):
        ReduceLROnPlateau(**arguments)
