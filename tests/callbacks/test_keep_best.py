import math

import numpy as np
import pytest

from lamina.callbacks import KeepBest
from lamina.errors import ArgumentError


@pytest.mark.parametrize(
    ("callback", "values", "best"),
    [
        (KeepBest(), {"loss": [3.0, 1.0, 2.0]}, 1),
        (KeepBest(), {"loss": [3.0, 1.0, 2.0], "val_loss": [1.0, 2.0, 3.0]}, 0),
        (KeepBest("val_accuracy"), {"val_accuracy": [0.5, 0.9, 0.9]}, 1),
        (KeepBest("loss", "max"), {"loss": [3.0, 1.0, 4.0]}, 2),
        (KeepBest(), {"loss": [math.nan, 5.0, math.nan]}, 1),
    ],
)
def test_the_weights_of_the_best_epoch_are_left(drive, callback, values, best):
    session = drive(callback, **values)

    assert session.kernel == best
    assert session.weights_epoch == best


def test_weights_stay_where_no_epoch_has_a_number(drive):
    session = drive(KeepBest(), loss=[math.nan, math.nan])

    assert (session.kernel, session.weights_epoch) == (1, 1)


def test_the_best_of_earlier_training_is_forgotten(drive):
    callback = KeepBest()
    drive(callback, loss=[0.1])

    assert drive(callback, loss=[3.0, 2.0, 4.0]).kernel == 1


def test_the_state_carries_the_best_weights(drive):
    first, second = KeepBest(), KeepBest()
    drive(first, loss=[3.0, 1.0, 2.0])
    session = drive(second, loss=[9.0])

    second.restore(first.state())
    second.on_train_end({})

    assert (session.weights_epoch, float(session.model.state.weights["dense"]["kernel"])) == (1, 1)


def test_fit_keeps_the_best_weights_without_a_callback(model, data):
    model.compile("sgd", "mse")
    model.learning_rate = 0.9  # so large that the loss grows

    history = model.fit(*data, epochs=4, validation_split=0.25, keep="best", verbose=0, seed=2)

    losses = history.history["val_loss"]
    assert history.weights_epoch == history.best()["epoch"] == int(np.argmin(losses)) < 3
    x, y = data
    assert model.evaluate(x[9:], y[9:])["loss"] == pytest.approx(min(losses), rel=1e-6)


def test_fit_keeps_the_last_weights_unless_told_otherwise(model, data):
    model.learning_rate = 0.9

    history = model.fit(*data, epochs=4, verbose=0, seed=2)

    assert history.weights_epoch == 3


def test_an_unknown_value_is_refused_before_anything_is_trained(model, data):
    before = model.predict(data[0])

    with pytest.raises(
        ArgumentError, match=r"^KeepBest\(monitor\): expected 'loss', got 'val_loss' without validation"
    ):
        model.fit(*data, callbacks=[KeepBest("val_loss")], verbose=0)

    np.testing.assert_array_equal(model.predict(data[0]), before)
