import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError, ShapeError, StageError
from lamina.layers import Dense, Dropout, Layer

X = np.linspace(-1, 1, 24, dtype=np.float32).reshape(6, 4)
Y = X[:, 0]


def test_layers_can_be_given_at_once_or_one_by_one():
    at_once = lm.Sequential([lm.Input((4,)), Dense(3), Dense(1)])
    one_by_one = lm.Sequential()
    one_by_one.add(lm.Input((4,)))
    one_by_one.add(Dense(3))
    one_by_one.add(Dense(1))

    assert one_by_one.layer_names == at_once.layer_names
    assert one_by_one.count_params() == at_once.count_params() == 19


def test_models_may_be_layers_two_levels_deep_without_any_size_stated():
    inner = lm.Sequential([Dense(3), Dense(2)], name="inner")
    middle = lm.Sequential([inner, Dropout(0.5)], name="middle")
    model = lm.Sequential([middle, Dense(1)])

    assert model.predict(X).shape == (6, 1)
    assert model.layer_names == ["middle/inner/dense", "middle/inner/dense_1", "middle/dropout", "dense"]


def test_a_model_with_an_input_states_it_for_the_whole():
    encoder = lm.Sequential([lm.Input((4,)), Dense(2)])

    assert lm.Sequential([encoder, Dense(1)]).input_shape == (None, 4)


def test_an_encoder_and_a_decoder_without_inputs_follow_from_a_symbol():
    encoder, decoder = lm.Sequential([Dense(2)]), lm.Sequential([Dense(4)])
    image = lm.Input((4,))

    model = lm.Model(image, decoder(encoder(image)))

    assert model.count_params() == 10 + 12
    assert encoder.output_shape == (None, 2)


def test_one_layer_may_stand_in_a_chain_twice():
    layer = Dense(4)

    model = lm.Sequential([lm.Input((4,)), layer, layer])

    assert model.count_params() == 20


def test_adding_keeps_the_weights_and_asks_for_compile_again():
    model = lm.Sequential([lm.Input((4,)), Dense(3)])
    model.compile("sgd", "mse")
    model.fit(X, X[:, :3], verbose=0)
    before = model.predict(X)

    model.add(Dense(1))

    assert model.predict(X).shape == (6, 1)
    np.testing.assert_array_equal(lm.Model(model.inputs, model.output_of("dense")).predict(X), before)
    with pytest.raises(StageError, match="one that was not compiled, or has had layers added or removed since"):
        model.fit(X, Y, verbose=0)


def test_the_last_layer_can_be_replaced():
    model = lm.Sequential([lm.Input((4,)), Dense(3, name="body"), Dense(10, name="head")])
    body = model.get_weights("body")["kernel"]

    model.pop()
    model.add(Dense(2, name="new_head"))
    model.compile("sgd", "mse")

    assert model.output_shape == (None, 2)
    np.testing.assert_array_equal(model.get_weights("body")["kernel"], body)


def test_a_layer_that_does_not_fit_leaves_the_model_as_it_was():
    model = lm.Sequential([lm.Input((4,)), Dense(3)])

    with pytest.raises(ShapeError):
        model.add(lm.Sequential([lm.Input((5,)), Dense(1)]))
    with pytest.raises(ArgumentError):
        model.add("relu")

    assert model.output_shape == (None, 3)


@pytest.mark.parametrize("model", [lm.Sequential(), lm.Sequential([lm.Input((4,))])])
def test_a_model_without_layers_says_so(model):
    for ask in (model.summary, model.pop, lambda: model.predict(X), lambda: model(lm.Input((4,)))):
        with pytest.raises(StageError, match=r"sequential: expected at least one layer, got none\.\n.*model\.add"):
            ask()


class Two(Layer):
    def output_shape(self, input_shape):
        return input_shape, input_shape

    def call(self, weights, x, context):
        return x, x


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        (Dense(1), r"Sequential\(layers\): expected a list of layers, got Dense\(1\)"),
        ([Dense], r"layer 1: expected a layer, got the class Dense\.\n  Fix: write Dense\(\.\.\.\)"),
        ([Dense(1), "relu"], r"layer 2: expected a layer, got 'relu'"),
        ([Dense(1), lm.Input((4,))], r"layer 2: expected Input as the first element only, got a symbol"),
        ([lm.Input((4,)), lm.Input((4,))], r"layer 1: expected Input as the first element only, got a symbol"),
        ([lm.Input((4,)), Two(), Dense(1)], r"layer 1: expected a layer with one output, got one with 2"),
        ([lm.Input((4,)), Dense(1, name="a"), Dense(1, name="a")], "a different name for each layer"),
    ],
)
def test_what_is_no_chain_is_refused(layers, message):
    with pytest.raises(ArgumentError, match=message):
        lm.Sequential(layers)


def test_layers_side_by_side_are_to_be_a_list():
    with pytest.raises(ArgumentError, match="expected one list of layers, got 2 arguments.\n  Fix: put .* in a list"):
        lm.Sequential(lm.Input((4,)), Dense(1))
