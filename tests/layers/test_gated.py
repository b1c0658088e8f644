import numpy as np
import pytest

import lamina as lm
from lamina._core.config import settings_of
from lamina.errors import ArgumentError, ShapeError
from lamina.layers import GRU, LSTM, RNN, GRUCell, Input, LSTMCell, SimpleRNN, SimpleRNNCell

ADDING = {"kernel": np.eye(4), "recurrent_kernel": np.zeros((4, 4)), "bias": np.zeros(4)}
"""Weights that hand on the input of the last step."""

REMEMBERING = {"kernel": np.eye(4), "recurrent_kernel": np.eye(4), "bias": np.zeros(4)}
"""Weights that sum up the inputs."""


def test_dropout_drops_the_same_features_all_along_a_sequence(call):
    layer = SimpleRNN(4, "linear", return_sequences=True, dropout=0.25)

    output = call(layer, np.ones((30, 5, 4)), weights=ADDING, training=True)

    np.testing.assert_allclose(np.unique(output), [0, 1 / 0.75], rtol=1e-6)
    np.testing.assert_array_equal(output, output[:, :1].repeat(5, axis=1))
    assert 0.1 < (output == 0).mean() < 0.4
    assert not np.array_equal(output[0], output[1])


def test_recurrent_dropout_drops_the_same_units_all_along_a_sequence(call):
    layer = SimpleRNN(4, "linear", recurrent_dropout=0.5)
    x = np.zeros((40, 3, 4))
    x[:, 0] = 1

    output = call(layer, x, weights=REMEMBERING, training=True)

    assert set(output.ravel().tolist()) == {0.0, 4.0}  # two products, each of them doubled or dropped


@pytest.mark.parametrize("layer", [GRU(4, dropout=0.9), LSTM(4, recurrent_dropout=0.9)], ids=str)
def test_nothing_is_dropped_outside_of_training(layer, rng):
    x = rng.normal(size=(2, 5, 3))
    model, plain = (lm.Sequential([Input((5, 3)), each]).build(seed=1) for each in (layer, type(layer)(4)))

    np.testing.assert_array_equal(model.predict(x), plain.predict(x))


def test_another_seed_drops_other_numbers(call):
    x = np.ones((10, 2, 4))

    outputs = [
        call(SimpleRNN(4, "linear", dropout=0.5, seed=seed), x, weights=ADDING, training=True) for seed in (1, 1, 2)
    ]

    np.testing.assert_array_equal(outputs[0], outputs[1])
    assert not np.array_equal(outputs[0], outputs[2])


def test_a_rate_is_a_setting_unless_it_is_0():
    assert dict(settings_of(LSTM(2, dropout=0.3))) == {"dropout": 0.3}
    assert dict(settings_of(RNN([GRUCell(2), GRUCell(2, recurrent_dropout=0.1)]))) == {"cell/1/recurrent_dropout": 0.1}


def test_a_rate_can_change_without_compiling_again(rng):
    model = lm.Sequential([Input((5, 4)), LSTM(4, dropout=0.3)])
    model.compile("sgd", "mse")

    model.set({"dropout": 0.6})

    assert model.train_on_batch(rng.normal(size=(4, 5, 4)), np.zeros((4, 4)))["loss"] >= 0
    with pytest.raises(ArgumentError, match="dropout"):
        model.set({"dropout": 1.0})


@pytest.mark.parametrize(
    ("cell", "layer"),
    [
        (SimpleRNNCell(3, "relu"), SimpleRNN(3, "relu")),
        (LSTMCell(3, use_bias=False), LSTM(3, use_bias=False)),
        (GRUCell(3, reset_after=False), GRU(3, reset_after=False)),
    ],
    ids=str,
)
def test_a_layer_is_its_cell_run_over_all_steps(cell, layer, rng):
    x = rng.normal(size=(2, 5, 4))
    model, wrapped = (lm.Sequential([Input((5, 4)), each]).build(seed=1) for each in (layer, RNN(cell)))
    wrapped.set_weights([array for arrays in model.get_weights().values() for array in arrays.values()])

    np.testing.assert_array_equal(model.predict(x), wrapped.predict(x))


def test_each_weight_is_treated_as_it_is_told():
    layer = GRU(
        2,
        kernel_regularizer="l1",
        recurrent_regularizer="l2",
        bias_regularizer="l1_l2",
        kernel_constraint="non_neg",
        recurrent_constraint="max_norm",
        bias_constraint="unit_norm",
        kernel_initializer="ones",
        recurrent_initializer="zeros",
        bias_initializer="he_normal",
    )

    declared = layer.weights((None, 5, 3))

    assert {name: (each.initializer, each.regularizer, each.constraint) for name, each in declared.items()} == {
        "kernel": ("ones", "l1", "non_neg"),
        "recurrent_kernel": ("zeros", "l2", "max_norm"),
        "bias": ("he_normal", "l1_l2", "unit_norm"),
    }


@pytest.mark.parametrize("kind", [SimpleRNN, LSTM, GRU, SimpleRNNCell, LSTMCell, GRUCell])
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"units": 0}, r"\(units\): expected a positive integer, got 0"),
        ({"dropout": 1.0}, r"\(dropout\): expected a finite number of at least 0 and below 1, got 1.0"),
        (
            {"recurrent_dropout": -0.1},
            r"\(recurrent_dropout\): expected a finite number of at least 0 and below 1, got -0.1",
        ),
        ({"use_bias": None}, r"\(use_bias\): expected True or False, got None"),
        ({"seed": -1}, r"\(seed\): expected an integer of at least 0, got -1"),
        ({"activation": "tangent"}, r"\(activation\): expected the name of a known activation, got 'tangent'"),
        ({"recurrent_init": "zeros"}, r"\(recurrent_init\): .*\n  Fix: did you mean recurrent_initializer"),
        ({"inner_init": "zeros"}, r"\(inner_init\): .*\n  Fix: write recurrent_initializer instead of inner_init"),
        ({"dropout_U": 0.2}, r"\(dropout_U\): .*\n  Fix: write recurrent_dropout instead of dropout_U"),
    ],
)
def test_mistakes_are_named_with_the_fix(kind, arguments, sentence):
    with pytest.raises(ArgumentError, match=kind.__name__ + sentence):
        kind(**{"units": 4} | arguments)


def test_a_cell_takes_one_vector_at_each_step():
    with pytest.raises(ShapeError, match=r"LSTMCell\(2\): expected an input of shape \(batch, features\) at each step"):
        RNN([LSTMCell(2)])(Input((5, 4, 3)))
