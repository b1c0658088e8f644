import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError, ShapeError
from lamina.layers import Dense, Input


def test_a_dense_layer_is_a_matrix_product_plus_a_bias(call):
    weights = {"kernel": [[1, 2], [3, 4]], "bias": [10, -20]}

    assert call(Dense(2), [[1, 1]], weights=weights).tolist() == [[14, -14]]
    assert call(Dense(2, "relu"), [[1, 1]], weights=weights).tolist() == [[14, 0]]


def test_it_works_along_the_last_axis(call, rng):
    x, kernel, bias = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(5, 6)), rng.normal(size=6)

    output = call(Dense(6, "tanh"), x, weights={"kernel": kernel, "bias": bias})

    np.testing.assert_allclose(output, np.tanh(x @ kernel + bias), rtol=1e-5, atol=1e-6)


def test_weights_are_laid_out_as_in_keras():
    declared = Dense(10, bias_initializer="ones").weights((None, 784))

    assert {name: weight.shape for name, weight in declared.items()} == {"kernel": (784, 10), "bias": (10,)}
    assert list(Dense(10, use_bias=False).weights((None, 784))) == ["kernel"]


def test_whole_numbers_and_booleans_are_taken_for_numbers():
    model = lm.Sequential([lm.Input((2,), dtype="bool"), Dense(1, kernel_initializer="ones")])

    assert model.predict([[True, True], [True, False]]).tolist() == [[2.0], [1.0]]


@pytest.mark.parametrize("units", ["10", -1, 0, 2.5, True, None])
def test_units_are_a_positive_integer(units):
    with pytest.raises(ArgumentError, match=r"Dense\(units\): expected a positive integer, got"):
        Dense(units)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"activation": "rleu"}, r"Dense\(activation\).*\n  Fix: did you mean 'relu'\?"),
        ({"kernel_initializer": "glorot"}, r"Dense\(kernel_initializer\): expected the name of a known initializer"),
        ({"kernel_regularizer": "l3"}, r"Dense\(kernel_regularizer\): expected the name of a known regularizer"),
        ({"bias_constraint": 3}, r"Dense\(bias_constraint\): expected the name of a constraint"),
        ({"use_bias": "no"}, r"Dense\(use_bias\): expected True or False, got 'no'"),
        ({"input_shape": (3,)}, r"write an Input\(shape\) as the first element of the model instead of input_shape"),
        ({"input_dim": 3}, r"write an Input\(\(n,\)\) as the first element of the model instead of input_dim"),
        ({"W_regularizer": "l2"}, "write kernel_regularizer instead of W_regularizer"),
        ({"trainable": False}, r"write model.freeze\(.*\) instead of trainable"),
        ({"kernel_init": "zeros"}, "did you mean kernel_initializer"),
        ({"name": "my layer"}, r"Dense\(name\): expected a plain name of letters"),
    ],
)
def test_mistakes_are_named_with_the_fix(arguments, sentence):
    with pytest.raises(ArgumentError, match=sentence):
        Dense(10, **arguments)


def test_the_number_of_units_must_be_given():
    with pytest.raises(ArgumentError, match=r"Dense\(units\): expected a value, got none.\n  Fix: write Dense\(units="):
        Dense()


@pytest.mark.parametrize("shape", [(None,), ()])
def test_the_last_size_must_be_known(shape):
    with pytest.raises(ShapeError, match=r"Dense\(3\): expected an input of shape \(batch, ..., features\)"):
        Dense(3)(Input(shape))
