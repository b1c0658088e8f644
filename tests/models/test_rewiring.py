import copy

import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError
from lamina.layers import Add, Dense

X = np.linspace(-1, 1, 24, dtype=np.float32).reshape(6, 4)


@pytest.fixture
def model():
    inner = lm.Sequential([lm.Input((4,)), Dense(3, name="code"), Dense(4)], name="inner")
    left, right = lm.Input((4,)), lm.Input((4,))
    joined = Add(name="joined")([inner(left), inner(right)])
    return lm.Model([left, right], Dense(1)(joined))


def test_a_feature_extractor_shares_the_weights():
    model = lm.Sequential([lm.Input((4,)), Dense(3, activation="tanh", name="code"), Dense(1)])
    model.compile("sgd", "mse")
    extractor = lm.Model(model.inputs, model.output_of("code"))
    before = extractor.predict(X)

    model.fit(X, X[:, 0], verbose=0)

    assert (extractor.predict(X) != before).any()
    kernel, bias = model.get_weights("code").values()
    np.testing.assert_allclose(extractor.predict(X), np.tanh(X @ kernel + bias), rtol=1e-5)


def test_several_outputs_of_one_model_make_another():
    model = lm.Sequential([lm.Input((4,)), Dense(3, name="a"), Dense(2, name="b")])

    looked_into = lm.Model(model.inputs, {name: model.output_of(name) for name in ("a", "b")})

    a, b = looked_into.predict(X)
    assert (a.shape, b.shape) == ((6, 3), (6, 2))
    np.testing.assert_array_equal(b, model.predict(X))


def test_the_output_of_a_part_and_of_a_layer_inside_it_can_be_had(model):
    left, _ = model.inputs

    part = lm.Model(left, model.output_of("inner"))
    inside = lm.Model(left, model.output_of("inner/code"))

    code, bias = model.get_weights("inner/code").values()
    np.testing.assert_allclose(inside.predict(X), X @ code + bias, rtol=1e-5)
    assert part.output_shape == (None, 4)


def test_the_second_call_of_a_part_has_an_output_of_its_own(model):
    _, right = model.inputs

    second = lm.Model(right, model.output_of("inner", call=1))

    assert second.output_shape == (None, 4)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"layer": "inner/cod"}, r"output_of\(layer\): .*got 'inner/cod'\.\n  Fix: did you mean 'inner/code'"),
        ({"layer": "joined", "call": 1}, r"output_of\(call\): expected a call of joined, of which there are 1, got 1"),
        ({"layer": "joined", "call": -1}, r"output_of\(call\): expected an integer of at least 0"),
    ],
)
def test_an_output_that_does_not_exist_is_refused(model, arguments, message):
    with pytest.raises(ArgumentError, match=message):
        model.output_of(**arguments)


def test_a_copy_predicts_the_same_and_shares_nothing(model):
    made = copy.deepcopy(model)
    np.testing.assert_array_equal(made.predict([X, X]), model.predict([X, X]))

    made.set_weights({"kernel": np.zeros((4, 3))}, layer="inner/code")

    assert (model.get_weights("inner/code")["kernel"] != 0).all()
    assert not {id(layer) for layer in made.layers} & {id(layer) for layer in model.layers}


def test_an_input_that_a_part_would_give_is_an_input_of_the_copy_too():
    x, y = lm.Input((4,)), lm.Input((4,))
    one, two = lm.Model(x, [Dense(3)(x), Dense(3)(x)])(y)
    model = lm.Model([y, one], Add()([one, two]))
    given = np.ones((6, 3), np.float32)

    made = copy.deepcopy(model)

    np.testing.assert_array_equal(made.predict([X, given]), model.predict([X, given]))
    np.testing.assert_allclose(model.predict([X, 2 * given]) - model.predict([X, given]), given, rtol=1e-5)


def test_what_is_shared_in_a_model_is_shared_in_its_copy(model):
    made = copy.deepcopy(model)

    assert made.layer_names == model.layer_names
    assert made.count_params() == model.count_params() == 15 + 16 + 5


def test_a_copy_of_a_compiled_model_goes_on_exactly_as_the_first_would():
    model = lm.Sequential([lm.Input((4,)), Dense(3, activation="relu"), Dense(2, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    labels = ["no", "yes"] * 3
    model.fit(X, labels, epochs=2, verbose=0, seed=5)
    model.learning_rate = 0.01
    model.freeze("dense")

    made = copy.deepcopy(model)
    for each in (model, made):
        each.fit(X, labels, epochs=2, verbose=0)

    np.testing.assert_array_equal(made.predict(X), model.predict(X))
    assert made.classes.tolist() == ["no", "yes"]
    assert isinstance(made, lm.Sequential)


def test_a_model_that_has_not_seen_data_can_be_copied():
    model = lm.Sequential([Dense(3), Dense(1)])
    model.compile("sgd", "mse")

    made = copy.deepcopy(model)
    made.fit(X, X[:, 0], verbose=0)

    assert repr(model).endswith("not known yet>")
    assert made.input_shape == (None, 4)
