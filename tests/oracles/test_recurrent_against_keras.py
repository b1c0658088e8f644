"""Recurrent layers give what Keras' layers of the same names give, for padded sequences too: outputs and gradients."""

import inspect
import os

import jax
import numpy as np
import pytest

os.environ.setdefault("KERAS_BACKEND", "jax")
keras = pytest.importorskip("keras", reason="the oracle is a development dependency")

import lamina as lm  # noqa: E402 - the backend is chosen first
from lamina.layers import Graph, Run, apply  # noqa: E402

ROWS, TIME, FEATURES, UNITS = 4, 5, 3, 2
PADDING = 0.0

SEQUENCES = {
    "SimpleRNN": lambda layers: layers.SimpleRNN(UNITS),
    "SimpleRNN of relu, every step": lambda layers: layers.SimpleRNN(UNITS, "relu", return_sequences=True),
    "LSTM": lambda layers: layers.LSTM(UNITS),
    "LSTM, every step, zeros for masked steps": lambda layers: layers.LSTM(
        UNITS, return_sequences=True, zero_output_for_mask=True
    ),
    "LSTM of other activations, no bias, states": lambda layers: layers.LSTM(
        UNITS, "relu", "hard_sigmoid", use_bias=False, return_state=True, unit_forget_bias=False
    ),
    "LSTM backwards": lambda layers: layers.LSTM(UNITS, go_backwards=True, return_sequences=True, return_state=True),
    "GRU": lambda layers: layers.GRU(UNITS, return_sequences=True),
    "GRU that resets before": lambda layers: layers.GRU(UNITS, reset_after=False, return_sequences=True),
    "GRU without bias, backwards": lambda layers: layers.GRU(UNITS, use_bias=False, go_backwards=True),
    "GRU that resets before, other activations": lambda layers: layers.GRU(
        UNITS, "relu", "hard_sigmoid", use_bias=False, reset_after=False, return_state=True
    ),
    "RNN of a cell": lambda layers: layers.RNN(layers.SimpleRNNCell(UNITS), return_sequences=True),
    "RNN of stacked cells": lambda layers: layers.RNN(
        [layers.LSTMCell(UNITS), layers.GRUCell(3), layers.SimpleRNNCell(2)], return_sequences=True
    ),
}
BOTH_WAYS = {
    f"{mode}, {steps}": lambda layers, mode=mode, steps=steps: layers.Bidirectional(
        layers.LSTM(UNITS, return_sequences=steps), mode
    )
    for mode, steps in [("concat", True), ("sum", False), ("mul", True), ("ave", False), (None, True)]
}
BOTH_WAYS["two layers, states"] = lambda layers: layers.Bidirectional(
    layers.GRU(UNITS, return_sequences=True, return_state=True),
    backward_layer=layers.GRU(UNITS, "relu", go_backwards=True, return_sequences=True, return_state=True),
)


@pytest.mark.parametrize("build", [pytest.param(build, id=name) for name, build in (SEQUENCES | BOTH_WAYS).items()])
def test_outputs_and_gradients_for_padded_sequences_are_those_of_keras(build, rng):
    x, real = padded(rng)

    compare(build, [x], real, rng)


@pytest.mark.parametrize(
    "build",
    [
        lambda layers: layers.SimpleRNN(UNITS),
        lambda layers: layers.LSTM(UNITS),
        lambda layers: layers.GRU(UNITS),
        lambda layers: layers.GRU(UNITS, reset_after=False),
        lambda layers: layers.TimeDistributed(layers.Dense(UNITS, "tanh")),
    ],
    ids=["SimpleRNN", "LSTM", "GRU", "GRU that resets before", "TimeDistributed"],
)
def test_outputs_and_gradients_without_a_mask_are_those_of_keras(build, rng):
    compare(build, [rng.normal(size=(ROWS, TIME, FEATURES)).astype("float32")], None, rng)


@pytest.mark.parametrize(
    ("build", "states"),
    [
        (lambda layers: layers.LSTM(UNITS, return_sequences=True), 2),
        (lambda layers: layers.GRU(UNITS), 1),
        (lambda layers: layers.SimpleRNN(UNITS), 1),
        (lambda layers: layers.Bidirectional(layers.LSTM(UNITS)), 4),
    ],
    ids=["LSTM", "GRU", "SimpleRNN", "Bidirectional"],
)
def test_states_to_start_from_are_used_as_in_keras(build, states, rng):
    x, real = padded(rng)

    compare(build, [x, *rng.normal(size=(states, ROWS, UNITS)).astype("float32")], real, rng)


@pytest.mark.parametrize(
    "build",
    [
        lambda layers: layers.LSTM(UNITS, stateful=True),
        lambda layers: layers.GRU(UNITS, stateful=True),
        lambda layers: layers.SimpleRNN(UNITS, stateful=True),
        lambda layers: layers.Bidirectional(layers.LSTM(UNITS, stateful=True)),
    ],
    ids=["LSTM", "GRU", "SimpleRNN", "Bidirectional"],
)
def test_a_stateful_layer_goes_on_from_batch_to_batch_as_in_keras(build, rng):
    """Keras on JAX keeps the states of a model that is called, and loses those of `predict` and `fit`."""
    theirs = keras.Sequential([keras.Input((TIME, FEATURES), batch_size=ROWS), build(keras.layers)])
    ours = lm.Sequential([lm.Input((TIME, FEATURES), batch_size=ROWS), build(lm.layers)])
    arrays = [rng.normal(size=weight.shape).astype("float32") for weight in theirs.weights]
    theirs.set_weights(arrays)
    for path, declared in ours.graph.declared().items():
        trained = [name for name, weight in declared.items() if not weight.moving]
        ours.set_weights(dict(zip(trained, arrays, strict=True)), path)

    for part in rng.normal(size=(3, ROWS, TIME, FEATURES)).astype("float32"):
        np.testing.assert_allclose(ours.predict(part), np.asarray(theirs(part)), atol=1e-5)


@pytest.mark.parametrize(
    ("name", "missing", "own"),
    [
        ("Bidirectional", {"weights"}, set()),
        ("GRU", {"use_cudnn"}, {"zero_output_for_mask"}),
        ("GRUCell", set(), set()),
        ("LSTM", {"use_cudnn"}, {"zero_output_for_mask"}),
        ("LSTMCell", set(), set()),
        ("RNN", set(), {"activity_regularizer"}),
        ("SimpleRNN", set(), {"zero_output_for_mask"}),
        ("SimpleRNNCell", set(), set()),
        ("StackedRNNCells", set(), set()),
        ("TimeDistributed", set(), set()),
    ],
)
def test_arguments_and_defaults_are_those_of_keras(name, missing, own):
    """Of what Keras has not by name, it takes all but the switch of its GPU kernels from its classes' parents."""
    theirs = defaults_of(getattr(keras.layers, name).__init__)
    ours = defaults_of(getattr(lm.layers, name))

    assert {key: ours[key] for key in ours.keys() - own} == {key: theirs[key] for key in theirs.keys() - missing}


def defaults_of(function):
    parameters = inspect.signature(function).parameters
    return {key: item.default for key, item in parameters.items() if key not in ("self", "kwargs", "name")}


def padded(rng):
    """Return sequences of different lengths, one of them whole, padded at either end, and which steps are real."""
    real = np.zeros((ROWS, TIME), bool)
    for row, steps in enumerate([slice(0, TIME), slice(0, 2), slice(1, 4), slice(3, TIME)]):
        real[row, steps] = True
    return np.where(real[..., None], rng.normal(size=(ROWS, TIME, FEATURES)), PADDING).astype("float32"), real


def compare(build, inputs, mask, rng):
    """Compare a layer on a sequence, and states that it starts from, with Keras' of the same arguments and weights."""
    ours, theirs = our_network(build, inputs, mask), keras_network(build, inputs)
    arrays = [rng.normal(size=weight.shape).astype("float32") for weight in theirs.trainable_variables]
    directions = [rng.normal(size=(ROWS, *symbol.shape[1:])).astype("float32") for symbol in ours.outputs]

    def ours_at(arrays, inputs):
        remaining = iter(arrays)
        given = {path: {name: next(remaining) for name in names} for path, names in ours.declared().items()}
        return apply(ours, given, inputs, Run(training=True))

    def theirs_at(arrays, inputs):
        others = [variable.value for variable in theirs.non_trainable_variables]
        real = np.ones((ROWS, TIME), bool) if mask is None else mask
        return listed(theirs.stateless_call(arrays, others, [*inputs, real], training=True)[0])

    found, wanted = (with_gradients(at, arrays, inputs, directions) for at in (ours_at, theirs_at))
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-5), found, wanted)


def our_network(build, inputs, mask):
    x, *states = symbols = [lm.Input(values.shape[1:]) for values in inputs]
    read = x if mask is None else lm.layers.Masking(PADDING)(x)
    return Graph(symbols, listed(build(lm.layers)(read, initial_state=states) if states else build(lm.layers)(read)))


def keras_network(build, inputs):
    x, *states = symbols = [keras.Input(values.shape[1:]) for values in inputs]
    mask = keras.Input((TIME,), dtype="bool")
    more = {"initial_state": states} if states else {}
    return keras.Model([*symbols, mask], build(keras.layers)(x, mask=mask, **more))


def listed(items):
    return list(items) if isinstance(items, (list, tuple)) else [items]


def with_gradients(function, arrays, inputs, directions):
    """Return the outputs, and the gradients of weights and inputs of their product with `directions`."""

    def value(arrays, inputs):
        outputs = list(function(arrays, inputs))
        return sum((output * direction).sum() for output, direction in zip(outputs, directions, strict=True)), outputs

    (_, outputs), gradients = jax.jit(jax.value_and_grad(value, argnums=(0, 1), has_aux=True))(arrays, inputs)
    return outputs, gradients
