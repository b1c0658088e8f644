import numpy as np
import pytest

import lamina as lm
from lamina import ops
from lamina.errors import ArgumentError, ShapeError
from lamina.layers import RNN, LSTMCell, RNNCell


class Total(RNNCell):
    """Give ten times the sum of what was seen, and remember the sum."""

    units: int = 1

    @property
    def state_size(self):
        return self.units

    def call(self, weights, x, context):
        x, total = x
        return 10 * (total + x), total + x


class Broken(Total):
    """Do in a step what cannot be done there."""

    how: str = ""

    def call(self, weights, x, context):
        if self.how == "moving":
            context.update("mean", x[0])
        if self.how == "penalty":
            context.add_activity("l2", x[0])
        return {"none": x[0], "short": (x[0],), "wide": (x[0], ops.tile(x[1], (1, 2)))}[self.how]


def test_a_cell_of_ones_own_is_run_step_by_step(call):
    x = [[[1], [2], [3]], [[0], [5], [0]]]

    assert call(RNN(Total()), x).tolist() == [[60], [50]]
    assert call(RNN(Total(), return_sequences=True), x)[..., 0].tolist() == [[10, 30, 60], [0, 50, 50]]


def test_output_and_states_may_have_different_sizes():
    class Fibonacci(RNNCell):
        state_size = (2, 1)
        output_size = 3

        def call(self, weights, x, context):
            x, pair, count = x
            pair = ops.stack([pair[:, 1], pair[:, 0] + pair[:, 1] + x[:, 0]], axis=1)
            return ops.concatenate([pair, count], axis=1), pair, count + 1

    x = lm.Input((None, 1))
    model = lm.Model(x, list(RNN(Fibonacci(), return_state=True)(x)))

    output, pair, count = model.predict([[[1.0]] + [[0.0]] * 6])

    assert output.tolist() == [[8, 13, 6]]
    assert pair.tolist() == [[8, 13]]
    assert count.tolist() == [[7]]


def test_random_numbers_are_the_same_at_every_step(call):
    class Dropping(Total):
        def call(self, weights, x, context):
            x, total = x
            kept = ops.random.bernoulli(context.key(), 0.5, x.shape)
            return x * kept, total

    x = np.ones((20, 6, 3))

    output = call(RNN(Dropping(3), return_sequences=True), x, training=True)

    assert 0 < output.mean() < 1
    np.testing.assert_array_equal(output, output[:, :1].repeat(6, axis=1))


def test_a_cell_is_a_layer_of_the_step_and_the_states():
    x, h, c = lm.Input((3,)), lm.Input((2,)), lm.Input((2,))

    output, *states = LSTMCell(2)([x, h, c])

    assert [symbol.shape for symbol in (output, *states)] == [(None, 2)] * 3


def test_a_cell_of_ones_own_trains_and_is_saved(tmp_path):
    class Leaky(Total):
        def weights(self, input_shape):
            return {"kernel": lm.Weight((input_shape[0][-1], self.units))}

        def call(self, weights, x, context):
            x, state = x
            state = 0.5 * state + ops.matmul(x, weights["kernel"])
            return ops.tanh(state), state

    model = lm.Sequential([lm.Input((4, 1)), RNN(Leaky(3)), lm.layers.Dense(1)]).build(seed=1)
    model.compile("adam", "mse")
    x = np.linspace(-1, 1, 32).reshape(8, 4, 1)
    before = model.test_on_batch(x, x.sum(axis=1))["loss"]
    model.fit(x, x.sum(axis=1), epochs=3, verbose=0, seed=1)

    assert model.evaluate(x, x.sum(axis=1))["loss"] < before
    model.save(tmp_path / "model.safetensors")
    again = lm.load(tmp_path / "model.safetensors", custom_objects={"Leaky": Leaky})
    np.testing.assert_array_equal(again.predict(x), model.predict(x))


@pytest.mark.parametrize(
    ("how", "error", "sentence"),
    [
        ("moving", ArgumentError, "a recurrent cell: .* got a moving value.\n  Fix: carry it from step to step as"),
        ("penalty", ArgumentError, "got a penalty on its activity.\n  Fix: give activity_regularizer to the layer"),
        ("none", ShapeError, r"Broken\(.*\): expected an output and states of shape \(2, 1\), \(2, 1\), got an array"),
        ("short", ShapeError, r"got \(2, 1\).\n  Fix: return \(output, \*states\) from call"),
        ("wide", ShapeError, r"got \(2, 1\), \(2, 2\)"),
    ],
)
def test_what_a_step_cannot_do_is_said(how, error, sentence, call):
    with pytest.raises(error, match=sentence):
        call(RNN(Broken(how=how)), np.ones((2, 3, 1)), training=True)


@pytest.mark.parametrize("cell", [None, "LSTM", lm.layers.LSTM(2), LSTMCell, [], [LSTMCell(2), lm.layers.Dense(2)]])
def test_what_is_no_cell_is_refused(cell):
    sentence = r"RNN\(cell\): expected a cell, or a list of cells, got .*\n  Fix: write LSTMCell"
    with pytest.raises(ArgumentError, match=sentence):
        RNN(cell)


@pytest.mark.parametrize("size", [0, -1, 2.5, (), (2, None)])
def test_states_have_sizes(size):
    class Odd(RNNCell):
        state_size = size

    with pytest.raises(ArgumentError, match=r"Odd.state_size: expected the size of the state, .* got "):
        RNN(Odd())


def test_states_of_another_size_are_refused():
    with pytest.raises(ShapeError, match=r"expected 2 states of shape \(batch, 2\), \(batch, 2\), got \(None, 2\)\."):
        LSTMCell(2)([lm.Input((3,)), lm.Input((2,))])


def test_a_cell_that_does_not_say_what_states_it_has_is_refused():
    class Silent(RNNCell):
        pass

    with pytest.raises(ArgumentError, match="Silent.state_size: .* got none.\n  Fix: write a property state_size"):
        RNN(Silent())
