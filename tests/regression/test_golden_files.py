"""Model files of every format version that was ever released: they load for ever.

A file in `tests/saving/golden` is never written again. `python tests/regression/test_golden_files.py PATH` writes one
for a new version of the format, and prints what it should give.
"""

import sys
from pathlib import Path

import numpy as np
import pytest

import lamina as lm
from lamina.saving._contents import FORMAT

GOLDEN = Path(__file__).parents[1] / "saving" / "golden"
INPUTS = np.linspace(-1, 1, 24, dtype=np.float32).reshape(6, 4)
PROBABILITIES = {1: [0.3143264, 0.3192126, 0.3215345, 0.3322022, 0.4000384, 0.4602383]}
NEXT_LOSS = {1: 2.6319456}


def write(path):
    """Write a small trained model with something of everything."""
    x = lm.Input((4,), name="measured")
    dense = lm.layers.Dense(4, activation="relu", kernel_regularizer=lm.regularizers.L2(0.02), name="shared")
    inner = lm.Sequential([lm.Input((4,)), dense, lm.layers.BatchNormalization()], name="inner")
    hidden = lm.layers.Dropout(0.25)(lm.layers.Add()([inner(dense(x)), x]))
    outputs = {"kind": lm.layers.Dense(3, activation="softmax")(hidden), "size": lm.layers.Dense(1)(hidden)}
    model = lm.Model(x, outputs, name="golden")
    model.compile(
        [lm.optimizers.ClipNorm(1.0), lm.optimizers.Adam(0.01), lm.optimizers.AverageWeights(0.9)],
        {"kind": "sparse_categorical_crossentropy", "size": lm.losses.Huber(delta=0.5)},
        metrics={"kind": ["accuracy"]},
        loss_weights={"kind": 1.0, "size": 0.5},
    )
    model.freeze("dense_1")
    model.set(rate=0.125)
    model.fit(INPUTS, targets(), batch_size=4, epochs=3, seed=2026, verbose=0)
    model.save(path)


def targets():
    return {"kind": np.array(["a", "b", "c", "a", "b", "c"]), "size": INPUTS.sum(axis=1)}


def go_on(model):
    return model.fit(INPUTS, targets(), batch_size=4, epochs=4, initial_epoch=3, verbose=0).history["loss"][0]


@pytest.mark.parametrize("version", range(1, FORMAT + 1))
def test_a_file_of_every_version_gives_the_numbers_it_gave(version):
    model = lm.load(GOLDEN / f"format_{version}.safetensors")

    np.testing.assert_allclose(model.predict(INPUTS)[0][:, 0], PROBABILITIES[version], rtol=1e-5)
    np.testing.assert_allclose(go_on(model), NEXT_LOSS[version], rtol=1e-3)


@pytest.mark.parametrize("version", range(1, FORMAT + 1))
def test_a_file_of_every_version_gives_the_model_it_was(version):
    model = lm.load(GOLDEN / f"format_{version}.safetensors")

    assert type(model) is lm.Model
    assert model.name == "golden"
    assert model.layer_names == ["shared", "inner/batch_normalization", "add", "dropout", "dense", "dense_1"]
    shared = model.get_layer("shared")
    assert (shared.units, shared.activation, shared.kernel_regularizer.l2) == (4, "relu", 0.02)
    assert model.settings["dropout/rate"] == 0.125
    assert model.classes[0].tolist() == ["a", "b", "c"]
    assert (model.seed, int(model.state.step)) == (2026, 6)


if __name__ == "__main__":
    write(sys.argv[1])
    model = lm.load(sys.argv[1])
    print([float(f"{number:.7g}") for number in model.predict(INPUTS)[0][:, 0]], go_on(model))
