"""``compile(debug=True)``: fit, evaluate and predict run in Python, so that what layers print and check is seen."""

import numpy as np
import pytest

import lamina as lm
from lamina.layers import LSTM, BatchNormalization, Conv2D, Dense, Dropout, Flatten


class Note(lm.Layer):
    """Note the sum of each row that goes by."""

    def call(self, weights, x, context):
        NOTES.append((context.training, np.asarray(lm.ops.stop_gradient(lm.ops.sum(x, axis=-1))).tolist()))
        return x


class Guard(lm.Layer):
    """Refuse negative numbers."""

    def call(self, weights, x, context):
        if lm.ops.min(x) < 0:
            raise RuntimeError("a negative number")
        return x


NOTES = []


@pytest.fixture
def notes():
    """Return what is noted, empty before each test."""
    NOTES.clear()
    return NOTES


def compiled(*layers, shape=(2,)):
    model = lm.Sequential([lm.Input(shape), *layers]).build(seed=1)
    model.compile("sgd", "mse", debug=True)
    return model


ROWS = np.float32([[1, 2], [3, 4], [5, 6]])


@pytest.mark.parametrize(
    ("verb", "expected"),
    [
        (lambda model: model.fit(ROWS, [1, 2, 3], batch_size=2, shuffle=False, verbose=0), (True, [3.0, 7.0])),
        (lambda model: model.evaluate(ROWS, [1, 2, 3]), (False, [3.0, 7.0, 11.0])),
        (lambda model: model.predict(ROWS[:1]), (False, [3.0])),
        (lambda model: model.train_on_batch(ROWS[:1], [1]), (True, [3.0])),
    ],
)
def test_layers_see_numbers(notes, verb, expected):
    verb(compiled(Note(), Dense(1)))

    assert notes[0] == expected


def test_each_step_runs_the_layers_again(notes):
    compiled(Note(), Dense(1)).fit(np.ones((6, 2)), np.ones(6), batch_size=2, epochs=2, verbose=0)

    assert len([training for training, _ in notes if training]) == 6


@pytest.mark.parametrize("verb", ["fit", "evaluate", "predict"])
def test_a_check_in_a_layer_stops_the_work_and_names_the_layer(verb):
    model = compiled(Guard(name="guard"), Dense(1))
    arguments = ([[-1.0, 1.0]],) if verb == "predict" else ([[-1.0, 1.0]], [1.0])

    with pytest.raises(RuntimeError, match="a negative number") as caught:
        getattr(model, verb)(*arguments, verbose=0)

    assert "the layer guard" in "".join(caught.value.__notes__)


@pytest.mark.parametrize(
    ("layers", "shape"),
    [
        ([Conv2D(2, 3), BatchNormalization(), Flatten(), Dropout(0.5), Dense(1)], (5, 5, 1)),
        ([LSTM(3), Dense(1)], (4, 2)),
    ],
)
def test_the_numbers_are_those_of_the_compiled_program(layers, shape, rng):
    model = compiled(*layers, shape=shape)
    x, y = rng.normal(size=(6, *shape)), rng.normal(size=6)
    debugged = model.predict(x), model.evaluate(x, y)

    model.compile("sgd", "mse")

    np.testing.assert_allclose(model.predict(x), debugged[0], rtol=1e-5, atol=1e-6)
    assert model.evaluate(x, y) == pytest.approx(debugged[1], rel=1e-5)
