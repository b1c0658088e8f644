"""Callbacks driven by hand, with the numbers that a test gives in place of a training."""

from types import SimpleNamespace

import numpy as np
import pytest

import lamina as lm
from lamina.callbacks import Callback
from lamina.training import State


def driven_session(callback, names, *, epochs=100, directions=None, **changes):
    """Return a session of a callback that never trains, its weights being the number of the epoch."""
    plan = SimpleNamespace(directions={"loss": "min", "accuracy": "max", "table": None, **(directions or {})})
    model = SimpleNamespace(learning_rate=0.1, state=State({}, {}, None, {}, np.int32(0), np.uint32(0)))
    session = SimpleNamespace(
        metrics=tuple(names),
        plan=plan,
        model=model,
        epochs=epochs,
        reported={},
        stop_training=False,
        weights_epoch=None,
    )
    vars(session).update(changes)
    callback.session, callback.model = session, model
    return session


@pytest.fixture
def drive():
    """Return a function that shows values, one epoch each, to a callback, and gives back its session."""

    def show(callback, first_epoch=0, **values):
        names = list(values)
        session = driven_session(callback, names)
        callback.on_train_begin()
        logs = {}
        for epoch, row in enumerate(zip(*values.values(), strict=True), start=first_epoch):
            callback.on_epoch_begin(epoch)
            session.model.state = session.model.state.replace(weights={"dense": {"kernel": np.float32(epoch)}})
            session.weights_epoch, logs = epoch, dict(zip(names, row, strict=True))
            callback.on_epoch_end(epoch, logs)
            session.last = epoch
            if session.stop_training:
                break
        callback.on_train_end(logs)
        session.kernel = float(session.model.state.weights.get("dense", {}).get("kernel", -1))
        return session

    return show


@pytest.fixture
def session_of():
    """Return the function that gives a callback a session."""
    return driven_session


@pytest.fixture
def model():
    """Return a compiled model of one unit."""
    model = lm.Sequential([lm.Input((2,)), lm.layers.Dense(1)])
    model.compile(lm.optimizers.SGD(0.05), "mse")
    return model


@pytest.fixture
def data(rng):
    """Return 12 rows, and targets on a plane."""
    x = rng.normal(size=(12, 2)).astype(np.float32)
    return x, x @ np.array([1.0, -2.0], np.float32) + 1


class Stop(Callback):
    """End training in the middle of an epoch, after so many batches of it in all."""

    wants_batches = True
    turn = 2

    def __init__(self, batches):
        self.batches = batches

    def on_train_batch_end(self, batch, logs):
        if self.session.batches == self.batches:
            raise ZeroDivisionError


@pytest.fixture
def killed():
    """Return a function that makes a callback which ends training as a crash would."""
    return Stop
