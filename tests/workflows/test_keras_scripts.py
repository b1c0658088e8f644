"""Scripts as Keras users write them, with `keras` replaced by `lamina` and nothing else."""

import numpy as np
import pytest

import lamina
from workflows import scripts


def test_two_classes():
    model, history, scores, predictions = scripts.pima(lamina, epochs=20)

    assert model.count_params() == 221
    assert sorted(history.history) == ["accuracy", "loss"]
    assert scores["accuracy"] > 0.65
    assert predictions.shape == (768, 1)
    assert set(np.unique(predictions)) == {0, 1}


def test_regression():
    model, history, scores, predictions = scripts.auto_mpg(lamina, epochs=40)

    assert sorted(history.history) == ["loss", "mae", "val_loss", "val_mae"]
    assert scores["mae"] < 3
    assert predictions.shape == (len(predictions),)
    assert model.input_shape == (None, 7)


def test_an_autoencoder():
    whole, history, codes, pictures = scripts.autoencoder(lamina, epochs=10)

    assert history.history["val_loss"][-1] < history.history["val_loss"][0]
    assert codes.shape == (359, 16)
    assert pictures.shape == (359, 64)
    assert whole.count_params() == 64 * 16 + 16 + 16 * 64 + 64


def test_two_inputs_and_two_outputs():
    _, history, _, (digit, amount) = scripts.functional(lamina, epochs=10)

    assert history.history["val_digit/accuracy"][-1] > 0.85
    assert (digit.shape, amount.shape) == ((5, 10), (5, 1))


def test_a_callback():
    _, history, events, _ = scripts.callbacks(lamina, epochs=2)

    assert events == ["begin", "epoch 0", ["accuracy", "loss"], "epoch 1", ["accuracy", "loss"], "end"]
    assert history.epoch == [0, 1]


@pytest.mark.parametrize("script", [scripts.autoencoder, scripts.functional], ids=lambda script: script.__name__)
def test_the_scripts_are_those_of_keras(script):
    keras = pytest.importorskip("keras", reason="the oracle is a development dependency")

    theirs, ours = script(keras, epochs=1), script(lamina, epochs=1)

    assert ours[0].count_params() == theirs[0].count_params()
    assert len(ours[1].epoch) == len(theirs[1].epoch)
    assert [np.shape(part) for part in as_list(ours[3])] == [np.shape(part) for part in as_list(theirs[3])]


def as_list(value):
    return value if isinstance(value, list) else [value]
