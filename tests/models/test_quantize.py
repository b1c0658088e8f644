import numpy as np
import pytest

import lamina as lm
from lamina.datasets import digits
from lamina.errors import ArgumentError, DataError
from lamina.layers import BatchNormalization, Conv2D, Dense, DepthwiseConv2D, Embedding, Flatten
from lamina.models import quantize

X = np.linspace(-1, 1, 24, dtype=np.float32).reshape(6, 4)


@pytest.fixture(scope="module")
def trained():
    """A network that reads digits, and the rows it was not trained on."""
    (x, y), test = digits.load_data()
    model = lm.Sequential(
        [
            lm.Input((8, 8)),
            Flatten(),
            Dense(64, activation="relu"),
            Dense(32, activation="relu"),
            Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x / 16, y, epochs=20, seed=1, verbose=0)
    return model, (test[0] / 16, test[1])


def test_hardly_any_accuracy_is_lost(trained):
    model, test = trained

    before, after = model.evaluate(*test), quantize(model).evaluate(*test)

    assert before["accuracy"] > 0.94
    assert abs(after["accuracy"] - before["accuracy"]) < 0.01
    assert after["loss"] == pytest.approx(before["loss"], abs=0.01)


def test_classes_are_predicted_as_before(trained):
    model, (x, _) = trained

    assert (quantize(model).predict_classes(x) == model.predict_classes(x)).mean() > 0.98


def test_the_file_takes_a_quarter_of_the_room_and_answers_the_same(tmp_path):
    model = lm.Sequential([lm.Input((784,)), Dense(128, activation="relu"), Dense(10, activation="softmax")])
    small = quantize(model)
    model.save(tmp_path / "model.safetensors")
    small.save(tmp_path / "small.safetensors")
    x = np.linspace(0, 1, 3 * 784, dtype=np.float32).reshape(3, 784)

    loaded = lm.load(tmp_path / "small.safetensors")

    sizes = [(tmp_path / f"{name}.safetensors").stat().st_size for name in ("model", "small")]
    assert 3.8 < sizes[0] / sizes[1] < 4.0
    np.testing.assert_array_equal(loaded.predict(x), small.predict(x))
    assert {name: array.dtype.name for name, array in loaded.get_weights("dense").items()} == {
        "layer.kernel": "int8",
        "layer.kernel_scale": "float32",
        "layer.bias": "float32",
    }


def test_the_summary_tells_the_bytes(capsys):
    quantize(lm.Sequential([lm.Input((784,)), Dense(10)])).summary()

    lines = capsys.readouterr().out.split("\n")
    assert lines[4].split() == ["dense", "(Int8)", "(batch,", "10)", "7,860", "(frozen)"]
    assert lines[-2] == "7,860 parameters, 7.9 kB"


def test_convolutions_and_embeddings_are_quantised_too(rng):
    image, word = lm.Input((8, 8, 2)), lm.Input((5,), dtype="int32")
    seen = Flatten()(DepthwiseConv2D(3)(Conv2D(4, 3, activation="relu")(image)))
    read = Flatten()(Embedding(50, 8)(word))
    model = lm.Model([image, word], Dense(3)(lm.layers.Concatenate()([seen, read])))
    x = [rng.normal(size=(4, 8, 8, 2)), rng.integers(50, size=(4, 5))]

    small = quantize(model)

    kinds = [repr(layer).partition("(")[0] for layer in small.layers]
    assert kinds.count("Int8") == 4
    np.testing.assert_allclose(small.predict(x), model.predict(x), atol=0.05)


@pytest.mark.parametrize("unfrozen", [False, True])
def test_a_quantised_model_is_not_trained(unfrozen):
    model = lm.Sequential([lm.Input((4,)), Dense(2)])
    model.compile("sgd", "mse")
    small = quantize(model)
    if unfrozen:
        small.unfreeze()

    with pytest.raises(
        ArgumentError,
        match=r"^fit: expected at least one weight to train, got a quantised model, whose weights .*\n"
        r"  Fix: train the model that it was made from, and quantize that again",
    ):
        small.fit(X, X[:, :2], verbose=0)


def test_layers_that_are_not_quantised_can_be_trained_when_asked_for():
    model = lm.Sequential([lm.Input((4,)), Dense(4), BatchNormalization()])
    model.compile("sgd", "mse")
    small = quantize(model)
    small.unfreeze()
    before = small.get_weights()

    small.fit(X, X, verbose=0)

    after = small.get_weights()
    assert (after["batch_normalization"]["gamma"] != before["batch_normalization"]["gamma"]).any()
    assert all(np.array_equal(after["dense"][name], array) for name, array in before["dense"].items())


def test_a_part_can_be_quantised_after_another():
    model = lm.Sequential([lm.Input((4,)), Dense(4, name="a"), Dense(4, name="b")])

    in_two, at_once = quantize(quantize(model, "a"), "b"), quantize(model)

    assert list(map(repr, in_two.layers)) == list(map(repr, at_once.layers))
    np.testing.assert_array_equal(in_two.predict(X), at_once.predict(X))


def test_weights_of_a_quantised_model_are_set_and_loaded(tmp_path):
    model = lm.Sequential([lm.Input((4,)), Dense(4)])
    first, second = quantize(model), quantize(lm.Sequential([lm.Input((4,)), Dense(4)]))
    first.save_weights(tmp_path / "weights.safetensors")

    second.load_weights(tmp_path / "weights.safetensors")

    np.testing.assert_array_equal(second.predict(X), first.predict(X))
    assert second.get_weights("dense")["layer.kernel"].dtype == "int8"


def test_what_is_quantised_stays_so():
    with pytest.raises(
        ArgumentError, match=r"^quantize\(patterns\): .*which fits Int8\.\n.*called Int8 are quantised alr"
    ):
        quantize(quantize(lm.Sequential([lm.Input((4,)), Dense(4)])))


def test_weights_that_are_not_finite_are_refused():
    model = lm.Sequential([lm.Input((1,)), Dense(1)])
    model.set_weights({"kernel": [[np.nan]]}, layer="dense")

    with pytest.raises(DataError, match=r"^dense: kernel: expected finite numbers"):
        quantize(model)
