"""Three steps of training from the same weights on the same data give the weights that Keras gives."""

import os

import numpy as np
import pytest

os.environ.setdefault("KERAS_BACKEND", "jax")
keras = pytest.importorskip("keras", reason="the oracle is a development dependency")

import lamina as lm  # noqa: E402 - the backend is chosen first

OPTIMIZERS = ["SGD", "RMSprop", "Adam", "AdamW", "Adamax", "Nadam", "Adagrad", "Adadelta", "Lion", "Ftrl", "Lamb"]
NUMBER_LOSSES = [
    "MeanSquaredError",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanSquaredLogarithmicError",
    "LogCosh",
    "Huber",
    "CosineSimilarity",
    "Poisson",
]
SIGN_LOSSES = ["Hinge", "SquaredHinge", "CategoricalHinge"]
CLASS_LOSSES = ["CategoricalCrossentropy", "KLDivergence", "CategoricalFocalCrossentropy"]
ROWS, FEATURES, OUTPUTS = 12, 5, 3


@pytest.fixture
def rows():
    generator = np.random.default_rng(7)
    x = generator.normal(size=(ROWS, FEATURES)).astype(np.float32)
    return x, generator


def networks(activation, *, units=OUTPUTS):
    """Return the same small network in both libraries, with the same weights."""
    ours = lm.Sequential(
        [lm.Input((FEATURES,)), lm.layers.Dense(8, activation="tanh"), lm.layers.Dense(units, activation=activation)]
    ).build(seed=3)
    theirs = keras.Sequential(
        [
            keras.Input((FEATURES,)),
            keras.layers.Dense(8, activation="tanh"),
            keras.layers.Dense(units, activation=activation),
        ]
    )
    weights = [array for layer in ours.get_weights().values() for array in layer.values()]
    theirs.set_weights(weights)
    return ours, theirs


def keras_arrays(part):
    return [np.asarray(variable.value) for variable in part.weights]


def assert_equal_after_three_steps(ours, theirs, x, y, *, tolerance=1e-5):
    for step in range(3):
        our_loss = ours.train_on_batch(x, y)["loss"]
        their_loss = theirs.train_on_batch(x, y)
        np.testing.assert_allclose(
            our_loss, np.ravel(their_loss)[0], rtol=1e-4, atol=1e-5, err_msg=f"loss of step {step}"
        )
    found = [array for layer in ours.get_weights().values() for array in layer.values()]
    for mine, keras_array in zip(found, keras_arrays(theirs), strict=True):
        np.testing.assert_allclose(mine, keras_array, atol=tolerance, rtol=0)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_takes_the_steps_of_keras(name, rows):
    x, generator = rows
    y = generator.integers(0, OUTPUTS, ROWS)
    ours, theirs = networks("softmax")
    ours.compile(getattr(lm.optimizers, name)(), "sparse_categorical_crossentropy")
    theirs.compile(getattr(keras.optimizers, name)(), "sparse_categorical_crossentropy", run_eagerly=True)

    assert_equal_after_three_steps(ours, theirs, x, y)


@pytest.mark.parametrize("name", NUMBER_LOSSES)
def test_every_loss_of_numbers_trains_as_in_keras(name, rows):
    x, generator = rows
    y = generator.uniform(0.5, 2.0, size=(ROWS, OUTPUTS)).astype(np.float32)
    ours, theirs = networks("softplus")
    ours.compile("sgd", getattr(lm.losses, name)())
    theirs.compile("sgd", getattr(keras.losses, name)(), run_eagerly=True)

    assert_equal_after_three_steps(ours, theirs, x, y)


@pytest.mark.parametrize("name", SIGN_LOSSES)
def test_every_hinge_trains_as_in_keras(name, rows):
    x, generator = rows
    y = np.eye(OUTPUTS, dtype=np.float32)[generator.integers(0, OUTPUTS, ROWS)]
    ours, theirs = networks("linear")
    ours.compile("sgd", getattr(lm.losses, name)())
    theirs.compile("sgd", getattr(keras.losses, name)(), run_eagerly=True)

    assert_equal_after_three_steps(ours, theirs, x, y)


@pytest.mark.parametrize("name", CLASS_LOSSES)
def test_every_loss_of_classes_trains_as_in_keras(name, rows):
    x, generator = rows
    y = np.eye(OUTPUTS, dtype=np.float32)[generator.integers(0, OUTPUTS, ROWS)]
    ours, theirs = networks("softmax")
    ours.compile("sgd", getattr(lm.losses, name)())
    theirs.compile("sgd", getattr(keras.losses, name)(), run_eagerly=True)

    assert_equal_after_three_steps(ours, theirs, x, y)


@pytest.mark.parametrize("name", ["BinaryCrossentropy", "BinaryFocalCrossentropy"])
def test_every_loss_of_two_classes_trains_as_in_keras(name, rows):
    x, generator = rows
    y = generator.integers(0, 2, (ROWS, 1)).astype(np.float32)
    ours, theirs = networks("sigmoid", units=1)
    ours.compile("sgd", getattr(lm.losses, name)())
    theirs.compile("sgd", getattr(keras.losses, name)(), run_eagerly=True)

    assert_equal_after_three_steps(ours, theirs, x, y)


def functional(library, layers):
    """Return a network with two inputs, a shared layer, and two outputs, built the same way in either library."""
    left, right = library.Input((FEATURES,), name="left"), library.Input((FEATURES,), name="right")
    shared = layers.Dense(6, activation="tanh", name="shared")
    joined = layers.Concatenate()([shared(left), shared(right)])
    price = layers.Dense(1, name="price", kernel_regularizer="l2")(joined)
    kind = layers.Dense(OUTPUTS, activation="softmax", name="kind")(joined)
    return library.Model([left, right], [price, kind])


def test_shared_layers_and_two_outputs_train_as_in_keras(rows):
    x, generator = rows
    other = generator.normal(size=(ROWS, FEATURES)).astype(np.float32)
    price = generator.normal(size=(ROWS, 1)).astype(np.float32)
    kind = generator.integers(0, OUTPUTS, ROWS)
    ours, theirs = functional(lm, lm.layers), functional(keras, keras.layers)
    for layer, arrays in ours.get_weights().items():
        theirs.get_layer(layer).set_weights(list(arrays.values()))
    losses, weights = ["mse", "sparse_categorical_crossentropy"], [0.3, 0.7]
    ours.compile("adam", losses, loss_weights=weights)
    theirs.compile("adam", losses, loss_weights=weights, run_eagerly=True)

    for _ in range(3):
        ours.train_on_batch([x, other], [price, kind])
        theirs.train_on_batch([x, other], [price, kind])

    for layer, arrays in ours.get_weights().items():
        for mine, keras_array in zip(arrays.values(), keras_arrays(theirs.get_layer(layer)), strict=True):
            np.testing.assert_allclose(mine, keras_array, atol=1e-5, rtol=0)


def tagger(library, layers):
    """Return a network that tells the class of each word of a padded sentence, in either library."""
    words = library.Input((6,), dtype="int32")
    vectors = layers.Embedding(9, 4, mask_zero=True, name="words")(words)
    joined = layers.Concatenate()([layers.BatchNormalization(name="norm")(vectors), vectors])
    return library.Model(words, layers.Dense(OUTPUTS, activation="softmax", name="kinds")(joined))


def test_padded_sequences_train_as_in_keras(rows):
    _, generator = rows
    x = generator.integers(1, 9, (ROWS, 6)) * (np.arange(6) < generator.integers(1, 7, ROWS)[:, None])
    y = generator.integers(0, OUTPUTS, (ROWS, 6))
    ours, theirs = tagger(lm, lm.layers), tagger(keras, keras.layers)
    for layer, arrays in ours.get_weights().items():
        theirs.get_layer(layer).set_weights(list(arrays.values()))
    ours.compile("adam", "sparse_categorical_crossentropy")
    theirs.compile("adam", "sparse_categorical_crossentropy", run_eagerly=True)

    found = [ours.train_on_batch(x, y)["loss"] for _ in range(3)]
    wanted = [float(theirs.train_on_batch(x, y)) for _ in range(3)]

    assert found == pytest.approx(wanted, rel=1e-5)
    for layer, arrays in ours.get_weights().items():
        for mine, keras_array in zip(arrays.values(), keras_arrays(theirs.get_layer(layer)), strict=True):
            np.testing.assert_allclose(mine, keras_array, atol=1e-5, rtol=0)
