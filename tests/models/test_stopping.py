import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError, StageError
from lamina.layers import Dense

X = np.ones((4, 2), np.float32)


class StopAfterTheSecond(lm.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        if epoch == 1:
            self.model.stop_training = True


def test_training_stops_when_the_model_is_told_so_and_starts_again_next_time():
    model = lm.Sequential([lm.Input((2,)), Dense(1)])
    model.compile("sgd", "mse")

    stopped = model.fit(X, X[:, 0], epochs=10, callbacks=[StopAfterTheSecond()], verbose=0)
    whole = model.fit(X, X[:, 0], epochs=3, verbose=0)

    assert stopped.epoch == [0, 1]
    assert whole.epoch == [0, 1, 2]
    assert model.stop_training is False


@pytest.mark.parametrize(
    ("verb", "act"),
    [
        ("fit", lambda model: model.fit(X, X[:, 0], verbose=0)),
        ("freeze", lambda model: model.freeze("dense")),
        ("compile", lambda model: model.compile("sgd", "mae")),
        ("changing layers", lambda model: model.add(Dense(1))),
    ],
)
def test_what_would_take_the_program_away_is_refused_in_training_and_allowed_afterwards(verb, act):
    class Act(lm.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            act(self.model)

    model = lm.Sequential([lm.Input((2,)), Dense(1)])
    model.compile("sgd", "mse")

    with pytest.raises(StageError, match=f"^{verb}: expected a model that is not in training.*\n  Fix: end this fit"):
        model.fit(X, X[:, 0], callbacks=Act(), verbose=0)

    act(model)


def test_something_that_is_no_callback_is_refused():
    model = lm.Sequential([lm.Input((2,)), Dense(1)])

    with pytest.raises(ArgumentError, match=r"fit\(callbacks\): expected a list of callbacks, got 5"):
        model.fit(X, X[:, 0], callbacks=5, verbose=0)
