"""A convolutional network reads digits as well in 16 bits as in 32."""

import pytest

import lamina as lm

HALVES = ("mixed_bfloat16", "mixed_float16")


def accuracies(rows, epochs, load):
    """Return the test accuracy that a small convolutional network reaches in each precision."""
    (x_train, y_train), (x_test, y_test) = load()
    found = {}
    for precision in ("float32", *HALVES):
        layers = [
            lm.layers.Rescaling(1 / float(x_train.max())),
            lm.layers.Conv2D(16, 3, activation="relu"),
            lm.layers.MaxPooling2D(),
            lm.layers.Flatten(),
            lm.layers.Dense(64, activation="relu"),
            lm.layers.Dense(10, activation="softmax"),
        ]
        model = lm.Sequential([lm.Input((*x_train.shape[1:3], 1)), *layers]).build(seed=1)
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"], precision=precision)
        model.fit(x_train[:rows, ..., None], y_train[:rows], epochs=epochs, verbose=0, seed=1)
        found[precision] = model.evaluate(x_test[..., None], y_test)["accuracy"]
    return found


def test_a_convolutional_network_is_as_accurate_in_halves():
    found = accuracies(rows=1438, epochs=8, load=lm.datasets.digits.load_data)

    assert found["float32"] > 0.9
    for precision in HALVES:
        assert found[precision] == pytest.approx(found["float32"], abs=0.0112)  # four of 359 digits


@pytest.mark.slow
@pytest.mark.usefixtures("mnist")
def test_on_mnist_the_accuracy_in_halves_is_within_two_in_a_thousand():
    found = accuracies(rows=60_000, epochs=5, load=lm.datasets.mnist.load_data)

    assert found["float32"] > 0.983
    for precision in HALVES:
        assert found[precision] > found["float32"] - 0.002
