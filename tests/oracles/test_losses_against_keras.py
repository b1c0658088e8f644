"""The same numbers as Keras, for every loss and setting both have."""

import os

import numpy as np
import pytest

from lamina import losses

os.environ.setdefault("KERAS_BACKEND", "jax")
keras = pytest.importorskip("keras")

ROWS, OUTPUTS = 6, 4


def numbers(rng):
    return rng.normal(size=(ROWS, OUTPUTS)), rng.normal(size=(ROWS, OUTPUTS))


def amounts(rng):
    return rng.poisson(2.0, size=(ROWS, OUTPUTS)), rng.uniform(0.0, 4.0, size=(ROWS, OUTPUTS))


def signs(rng):
    return rng.choice([-1.0, 1.0], size=(ROWS, OUTPUTS)), rng.normal(size=(ROWS, OUTPUTS))


def bits(rng):
    return rng.choice([0.0, 1.0], size=(ROWS, OUTPUTS)), rng.uniform(size=(ROWS, OUTPUTS))


def one_hot(rng):
    return np.eye(OUTPUTS)[rng.integers(OUTPUTS, size=ROWS)], rng.dirichlet(np.ones(OUTPUTS), size=ROWS)


def classes(rng):
    return rng.integers(OUTPUTS, size=ROWS), rng.dirichlet(np.ones(OUTPUTS), size=ROWS)


def logits(targets):
    return lambda rng: (targets(rng)[0], 3 * rng.normal(size=(ROWS, OUTPUTS)))


@pytest.mark.parametrize(
    ("name", "settings", "drawn"),
    [
        ("MeanSquaredError", {}, numbers),
        ("MeanAbsoluteError", {}, numbers),
        ("MeanAbsolutePercentageError", {}, numbers),
        ("MeanSquaredLogarithmicError", {}, amounts),
        ("Huber", {"delta": 0.7}, numbers),
        ("LogCosh", {}, numbers),
        ("CosineSimilarity", {}, numbers),
        ("Poisson", {}, amounts),
        ("KLDivergence", {}, one_hot),
        ("Hinge", {}, signs),
        ("Hinge", {}, logits(bits)),
        ("SquaredHinge", {}, signs),
        ("CategoricalHinge", {}, logits(one_hot)),
        ("BinaryCrossentropy", {}, bits),
        ("BinaryCrossentropy", {"from_logits": True, "label_smoothing": 0.1}, logits(bits)),
        ("CategoricalCrossentropy", {}, one_hot),
        ("CategoricalCrossentropy", {"from_logits": True, "label_smoothing": 0.1}, logits(one_hot)),
        ("SparseCategoricalCrossentropy", {}, classes),
        ("SparseCategoricalCrossentropy", {"from_logits": True}, logits(classes)),
        ("SparseCategoricalCrossentropy", {"ignore_class": 2}, classes),
        ("BinaryFocalCrossentropy", {}, bits),
        ("BinaryFocalCrossentropy", {"apply_class_balancing": True, "alpha": 0.6, "gamma": 1.5}, bits),
        ("BinaryFocalCrossentropy", {"from_logits": True, "label_smoothing": 0.1}, logits(bits)),
        ("CategoricalFocalCrossentropy", {"alpha": 0.4, "gamma": 1.5}, one_hot),
        ("CategoricalFocalCrossentropy", {"from_logits": True, "label_smoothing": 0.1}, logits(one_hot)),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_the_loss_is_that_of_keras(name, settings, drawn, rng):
    y_true, y_pred = drawn(rng)

    value = getattr(losses, name)(**settings)(y_true, y_pred)

    expected = getattr(keras.losses, name)(**settings)(y_true, y_pred.astype("float32"))
    # Keras takes 1 - p from a rounded p, which costs it a digit where the loss is focal.
    np.testing.assert_allclose(value, expected, rtol=2e-5, atol=1e-6)


def test_dice_is_that_of_keras_for_each_image(rng):
    y_true, y_pred = rng.choice([0.0, 1.0], size=(3, 5, 5, 1)), rng.uniform(size=(3, 5, 5, 1))

    value = losses.Dice()(y_true, y_pred)

    expected = keras.losses.Dice(axis=(1, 2, 3))(y_true, y_pred.astype("float32"))
    np.testing.assert_allclose(value, np.mean(expected), rtol=1e-5)


def test_tversky_is_that_of_keras_with_the_prices_exchanged(rng):
    y_true, y_pred = rng.choice([0.0, 1.0], size=(3, 5, 5, 1)), rng.uniform(size=(3, 5, 5, 1))

    value = losses.Tversky(alpha=0.8, beta=0.3)(y_true, y_pred)

    expected = keras.losses.Tversky(alpha=0.3, beta=0.8, axis=(1, 2, 3))(y_true, y_pred.astype("float32"))
    np.testing.assert_allclose(value, np.mean(expected), rtol=1e-5)
