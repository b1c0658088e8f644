import numpy as np
import pytest

import lamina as lm
from lamina.callbacks import Callback, SwapAveragedWeights
from lamina.errors import ArgumentError
from lamina.optimizers import SGD, AverageWeights


class Look(Callback):
    """Write down the weights that are seen at each event."""

    def __init__(self):
        self.scored, self.ended, self.trained = [], [], []

    def kernel(self):
        return self.model.get_weights("dense")["kernel"].ravel().tolist()

    def on_test_begin(self):
        self.scored.append(self.kernel())

    def on_epoch_end(self, epoch, logs):
        self.ended.append(self.kernel())


def fresh():
    """Return a compiled model of one unit, each time with the same weights."""
    model = lm.Sequential([lm.Input((2,)), lm.layers.Dense(1)])
    model.compile([SGD(0.1), AverageWeights(0.5)], "mse")
    return model.build(seed=1)


@pytest.fixture
def averaging():
    return fresh()


def train(model, data, *callbacks, **options):
    return model.fit(*data, epochs=3, callbacks=list(callbacks), verbose=0, seed=1, **{"batch_size": 6} | options)


def test_validation_and_the_end_of_an_epoch_see_the_averages(averaging, data):
    look = Look()

    train(averaging, data, look, SwapAveragedWeights(), validation_split=0.5)

    averages = averaging.state.optimizer[1]["average"]["dense"]["kernel"]
    assert look.scored == look.ended
    np.testing.assert_allclose(look.ended[-1], np.ravel(averages))


def test_without_validation_the_end_of_an_epoch_sees_them_too(averaging, data):
    look = Look()

    train(averaging, data, SwapAveragedWeights(), look)

    np.testing.assert_allclose(look.ended[-1], averaging.get_weights("dense")["kernel"].ravel())


def test_training_goes_on_with_the_weights_themselves(data):
    plain, swapped = fresh(), fresh()

    expected = train(plain, data).history["loss"]
    losses = train(swapped, data, SwapAveragedWeights()).history["loss"]

    assert losses == expected
    np.testing.assert_array_equal(swapped.predict(data[0]), plain.predict(data[0]))


def test_training_that_was_cut_off_goes_on_with_them_too(data, killed, tmp_path):
    whole, cut, resumed = fresh(), fresh(), fresh()
    options = {"checkpoint": tmp_path / "run", "validation_split": 0.5, "batch_size": 3}
    train(whole, data, SwapAveragedWeights(), validation_split=0.5, batch_size=3)

    with pytest.raises(ZeroDivisionError):
        train(cut, data, SwapAveragedWeights(), killed(3), **options)
    train(resumed, data, SwapAveragedWeights(), resume=True, **options)

    np.testing.assert_array_equal(resumed.predict(data[0]), whole.predict(data[0]))


def test_an_optimizer_without_averages_is_refused_before_anything_is_trained(model, data):
    message = r"^SwapAveragedWeights: expected an optimizer that averages weights, got SGD\(.*\)\.\n  Fix: compile with"
    with pytest.raises(ArgumentError, match=message):
        model.fit(*data, callbacks=[SwapAveragedWeights()], verbose=0)
