"""Every layer gives what Keras' layer of the same name gives: outputs, gradients, moving values, penalties."""

import inspect
import os

import jax
import numpy as np
import pytest

os.environ.setdefault("KERAS_BACKEND", "jax")
keras = pytest.importorskip("keras", reason="the oracle is a development dependency")

from contracts.cases import CASES, Case  # noqa: E402 - the backend is chosen first
from contracts.recurrent_cases import RECURRENT_CASES  # noqa: E402
from lamina import layers, ops  # noqa: E402
from lamina._core.config import Config, fields_of  # noqa: E402
from lamina.layers import Graph, Input, Run, apply  # noqa: E402

ROWS = 5


def is_comparable(case):
    """Leave out what Keras does not have or does otherwise, and what has a file of its own: attention, recurrence."""
    kind = type(case.layer).__name__
    constant = isinstance(case.layer, layers.Normalization) and 0 in np.ravel(case.layer.variance)
    elsewhere = "Attention" in kind or case in RECURRENT_CASES
    is_otherwise = constant or isinstance(case.layer, layers.RandomCrop)  # docs/differences.md says how
    return hasattr(keras.layers, kind) and not elsewhere and not is_otherwise


each_mode = pytest.mark.parametrize(
    ("case", "training"),
    [
        (case, training)
        for case in filter(is_comparable, CASES)
        for training in ([False] if case.training == "random" else [False, True])
    ],
    ids=lambda value: value.label if isinstance(value, Case) else str(value),
)


@each_mode
def test_output_gradient_moving_values_and_penalty_are_those_of_keras(case, training, rng):
    theirs = keras_model(case)
    arrays, inputs = drawn(case, theirs, rng)
    direction = rng.normal(size=(ROWS, *case.output)).astype("float32")

    found = with_gradients(lambda *point: ours(case, *point, training=training), arrays, inputs, direction)

    wanted = with_gradients(lambda *point: keras_values(theirs, *point, training=training), arrays, inputs, direction)
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-5, atol=2e-5), found, wanted)


def test_arguments_and_defaults_are_those_of_keras():
    differing = []
    for kind in {type(case.layer) for case in filter(is_comparable, CASES)}:
        own = inspect.signature(getattr(keras.layers, kind.__name__).__init__).parameters
        for name, argument in inspect.signature(kind).parameters.items():
            if name not in ("name", "activity_regularizer") and default_of(own, name) != argument.default:
                differing.append(f"{kind.__name__}({name})")

    # Keras writes the class where we write its other name, and has no default for the size of these windows.
    averaging = [f"AveragePooling{rank}D(pool_size)" for rank in (1, 2, 3)]
    assert sorted(differing) == [*averaging, "PReLU(alpha_initializer)"]


def test_adapting_measures_what_keras_measures(rng):
    data = (3 * rng.normal(size=(50, 4)) + 7).astype("float32")
    theirs = keras.layers.Normalization()
    theirs.adapt(data)

    ours = layers.Normalization().adapt(data)

    np.testing.assert_allclose(ours.mean, np.ravel(theirs.mean), rtol=1e-5)
    np.testing.assert_allclose(ours.variance, np.ravel(theirs.variance), rtol=1e-5)


def default_of(parameters, name):
    return parameters[name].default if name in parameters else "none"


def keras_model(case):
    """Return a Keras model of the one layer, with the arguments that decide what it does."""
    kind = getattr(keras.layers, type(case.layer).__name__)
    arguments = {name: value for name, value in fields_of(case.layer).items() if not isinstance(value, Config)}
    known = inspect.signature(kind.__init__).parameters
    arguments = {name: value for name, value in arguments.items() if name in known and value is not None}
    if isinstance(case.layer, layers.Normalization):
        arguments["axis"] = case.layer.axis
    if getattr(case.layer, "activity_regularizer", None):
        arguments["activity_regularizer"] = keras.regularizers.L2(case.layer.activity_regularizer.l2)
    symbols = [keras.Input(shape, dtype="int32" if case.tokens else "float32") for shape in case.inputs]
    return keras.Model(symbols, kind(**arguments)(symbols if case.layer.many_inputs else symbols[0]))


def drawn(case, theirs, rng):
    """Return arrays for the weights, in Keras' order, and for the inputs."""
    arrays = [np.abs(rng.normal(size=weight.shape)).astype("float32") + 0.3 for weight in theirs.weights]
    if case.tokens:
        return arrays, [rng.integers(case.tokens, size=(ROWS, *shape), dtype="int32") for shape in case.inputs]
    return arrays, [rng.normal(size=(ROWS, *shape)).astype("float32") for shape in case.inputs]


def ours(case, arrays, inputs, *, training):
    dtype = "int32" if case.tokens else "float32"
    symbols = [Input(shape, dtype=dtype) for shape in case.inputs]
    graph = Graph(symbols, [case.layer(symbols if case.layer.many_inputs else symbols[0])])
    ((path, _),) = graph.layers().items()
    names = list(graph.declared().get(path, {}))
    run = Run(training=training, key=ops.random.key(np.zeros(2, "uint32")))
    (output,) = apply(graph, {path: dict(zip(names, arrays, strict=True))}, inputs, run)
    moved = run.moved.get(path, {})
    return output, [moved.get(name, array) for name, array in zip(names, arrays, strict=True)], sum(run.penalties)


def keras_values(model, arrays, inputs, *, training):
    trained, moving = arrays[: len(model.trainable_variables)], arrays[len(model.trainable_variables) :]
    seeds = [variable.value for variable in model.non_trainable_variables[len(moving) :]]
    output, left, losses = model.stateless_call(
        trained, [*moving, *seeds], inputs, training=training, return_losses=True
    )
    return output, [*trained, *left[: len(moving)]], sum(losses)


def with_gradients(function, arrays, inputs, direction):
    """Return the output, the values left behind, the penalty, and the gradient of weights and inputs."""
    whole = inputs[0].dtype == "int32"

    def loss(point):
        output, left, penalty = function(point[0], inputs if whole else point[1])
        return (output * direction).sum() + penalty, (output, left, penalty)

    gradients, values = jax.jit(jax.grad(loss, has_aux=True))((arrays, [] if whole else inputs))
    return values, gradients
