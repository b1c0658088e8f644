import numpy as np
import pytest

from lamina.constraints import NonNeg


def test_negative_weights_become_zero():
    values = np.array([[-np.inf, -1.0, -1e-30], [0.0, 1e-30, 3e38]], "float32")

    np.testing.assert_array_equal(NonNeg()(values), [[0, 0, 0], values[1]])


def test_keras_gives_the_same(rng):
    keras = pytest.importorskip("keras")
    values = rng.normal(size=(5, 4)).astype("float32")

    np.testing.assert_array_equal(NonNeg()(values), keras.constraints.NonNeg()(values))
