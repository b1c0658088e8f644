"""What docs/differences.md says to who writes a thing as in Keras, where the tests of no part hold it."""

import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError
from lamina.layers import Dense

X = np.linspace(-1, 1, 12, dtype=np.float32).reshape(6, 2)


def model():
    made = lm.Sequential([lm.Input((2,)), Dense(1)])
    made.compile("sgd", "mse")
    return made


@pytest.mark.parametrize(
    ("write", "sentence"),
    [
        (lambda: Dense(8, input_shape=(4,)), r"Dense\(input_shape\): .*\n  Fix: write an Input\(shape\) as the first"),
        (lambda: Dense(8, input_dim=4), r"Dense\(input_dim\): .*\n  Fix: write an Input\(\(n,\)\) as the first"),
        (lambda: Dense(8, dtype="float16"), r"Dense\(dtype\): .*\n  Fix: remove it; the precision of all arithmetic"),
        (
            lambda: Dense(8, trainable=False),
            r'Dense\(trainable\): .*\n  Fix: write model\.freeze\("name of the layer"\)',
        ),
        (
            lambda: lm.layers.TimeDistributed(model()),
            r"TimeDistributed\(layer\): .*\n  Fix: write one TimeDistributed for",
        ),
        (lambda: lm.layers.Conv2D(2, 3, padding="SAME"), r"Conv2D\(padding\): expected 'valid' or 'same'"),
        (
            lambda: lm.layers.LSTM(4, "tanh", "sigmoid", False),
            r"LSTM: expected at most 3 .*\n  Fix: write .*return_sequences=",
        ),
        (lambda: lm.layers.Dropout(1.0), r"Dropout\(rate\): expected .* below 1, got 1\.0"),
        (
            lambda: lm.layers.UpSampling2D(interpolation="bicubic"),
            r"UpSampling2D\(interpolation\): expected 'nearest' or",
        ),
        (lambda: lm.layers.Resizing(2, 2, fill_mode="constant"), r"Resizing\(fill_mode\): expected an argument that"),
        (
            lambda: lm.losses.MeanSquaredError(reduction="sum"),
            r"MeanSquaredError\(reduction\): .*\n  Fix: remove it; what",
        ),
        (
            lambda: lm.callbacks.BackupAndRestore("backup", double_checkpoint=True),
            r"BackupAndRestore\(double_checkpoint\): .*last three",
        ),
        (lambda: lm.callbacks.TensorBoard("logs", profile_batch=2), r"TensorBoard\(profile_batch\): expected an argum"),
        (
            lambda: lm.callbacks.TensorBoard("logs", embeddings_freq=1),
            r"TensorBoard\(embeddings_freq\): expected an arg",
        ),
        (lambda: lm.datasets.mnist.load_data(path="mnist.npz"), r"load_data\(path\): .*\n  Fix: .* LAMINA_DATA"),
        (lambda: lm.load("model.keras", safe_mode=False), r"load\(safe_mode\): .*\n  Fix: remove it; no code"),
        (lambda: lm.load("model.keras", compile=False), r"load\(compile\): .*\n  Fix: remove it; .* compiled anew"),
        (lambda: model().save("model.keras", include_optimizer=False), r"save\(include_optimizer\): .*save_weights"),
        (lambda: model().save("model.keras", overwrite=True), r"save\(overwrite\): .*\n  Fix: remove it"),
        (lambda: model().evaluate(X, X[:, 0], return_dict=True), r"evaluate\(return_dict\): .*always a dictionary"),
        (lambda: model().predict(X, steps=10), r"predict\(steps\): .*\n  Fix: remove it, or write dataset\.take"),
        (
            lambda: model().fit(X, X[:, 0], steps_per_epoch=5),
            r"fit\(steps_per_epoch\): .*Dataset\.from_batches\(source",
        ),
        (lambda: model().summary(line_length=80), r"summary\(line_length\): .*width of the terminal"),
        (lambda: lm.layers.Flatten(data_format="channels_last"), r"Flatten\(data_format\): .*np\.moveaxis\(x, 1, -1\)"),
    ],
)
def test_an_argument_of_keras_gets_what_to_write(write, sentence):
    with pytest.raises(ArgumentError, match=f"(?s)^{sentence}"):
        write()


def test_the_names_of_scores_are_what_unpacking_gives():
    made = lm.Sequential([lm.Input((2,)), Dense(1)])
    made.compile("sgd", "mse", metrics=["mae"])

    loss, error = made.evaluate(X, X[:, 0])

    assert (loss, error) == ("loss", "mae")


def test_a_file_is_the_same_whatever_its_name_ends_in(tmp_path):
    made = model()
    for name in ("model.keras", "model.safetensors"):
        made.save(tmp_path / name)

    assert (tmp_path / "model.keras").read_bytes() == (tmp_path / "model.safetensors").read_bytes()
    np.testing.assert_array_equal(lm.load(tmp_path / "model.keras").predict(X), made.predict(X))


def test_a_layer_needs_no_methods_of_keras_to_be_saved(tmp_path):
    class Shift(lm.layers.Layer):
        by: float = 1.0

        def weights(self, input_shape):
            return {"extra": lm.layers.Weight(input_shape[-1:], "zeros")}

        def call(self, weights, x, context):
            return x + self.by + weights["extra"]

    made = lm.Sequential([lm.Input((2,)), Shift(2.5)])
    made.save(tmp_path / "model.safetensors")

    loaded = lm.load(tmp_path / "model.safetensors", custom_objects={"Shift": Shift})

    assert repr(loaded.layers) == "[Shift(by=2.5)]"
    np.testing.assert_array_equal(loaded.predict(X), X + 2.5)


@pytest.mark.parametrize("name", ["on_batch_begin", "on_batch_end", "on_predict_begin", "on_test_batch_end"])
def test_an_event_that_would_never_come_is_refused_where_it_is_written(name):
    with pytest.raises(ArgumentError, match=f"^Mine: expected known events, got '{name}'"):
        type("Mine", (lm.callbacks.Callback,), {name: lambda self: None})
