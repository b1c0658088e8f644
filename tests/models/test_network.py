import io
import sys

import pytest

import lamina as lm
from lamina.errors import ArgumentError, ShapeError, StageError
from lamina.layers import Add, Dense


@pytest.fixture
def model():
    left, right = lm.Input((4,), name="left"), lm.Input((4,), name="right")
    shared = Dense(3, name="shared")
    joined = Add()([shared(left), shared(right)])
    return lm.Model([left, right], {"price": Dense(1)(joined), "kind": Dense(2)(joined)}, name="house")


@pytest.fixture
def chain():
    return lm.Sequential([lm.Input((4,)), Dense(3), Dense(2)])


def test_layers_are_listed_once_with_their_paths(model):
    assert model.layer_names == ["shared", "add", "dense", "dense_1"]
    assert [type(layer).__name__ for layer in model.layers] == ["Dense", "Add", "Dense", "Dense"]


def test_the_layers_of_parts_are_listed_below_the_name_of_the_part(chain):
    whole = lm.Sequential([lm.Sequential([chain], name="inner")], name="outer")

    assert whole.layer_names == ["inner/sequential/dense", "inner/sequential/dense_1"]
    assert whole.get_layer("inner/sequential/dense") is chain.layers[0]


def test_a_layer_that_does_not_exist_is_refused_with_the_nearest(chain):
    with pytest.raises(ArgumentError, match=r"get_layer\(name\): expected .* got 'desne'\.\n.*mean 'dense'"):
        chain.get_layer("desne")


def test_inputs_and_outputs_have_names_and_shapes(model):
    assert model.input_names == ["left", "right"]
    assert model.input_shape == [(None, 4), (None, 4)]
    assert model.output_names == ["price", "kind"]
    assert model.output_shape == [(None, 1), (None, 2)]
    assert [symbol.name for symbol in model.inputs] == ["left", "right"]
    assert len(model.outputs) == 2


def test_one_input_and_output_have_one_shape(chain):
    assert chain.input_shape == (None, 4)
    assert chain.output_shape == (None, 2)


def test_parameters_of_shared_layers_count_once(model):
    assert model.count_params() == 15 + 4 + 8


def test_a_model_is_shown_by_its_shapes_and_size(model, chain):
    assert repr(chain) == "<Sequential 'sequential': (batch, 4) to (batch, 2), 23 parameters>"
    assert repr(model) == "<Model 'house': (batch, 4), (batch, 4) to (batch, 1), (batch, 2), 27 parameters>"
    assert repr(lm.Sequential([Dense(1)])) == "<Sequential 'sequential', input shape not known yet>"


def test_a_graph_that_is_not_known_yet_says_what_to_do():
    model = lm.Sequential([Dense(2)])

    for look in (lambda: model.graph, lambda: model.layers, lambda: model.inputs, model.count_params, model.plot):
        with pytest.raises(StageError, match=r"expected a known input shape.*\n  Fix: put Input\(\(n,\)\) first"):
            look()


def test_symbols_can_be_given_by_name(model):
    a, b = lm.Input((4,)), lm.Input((4,))

    price, kind = model({"right": a, "left": b})

    assert price.shape == (None, 1)
    assert kind.shape == (None, 2)
    assert price.node.inputs == (b, a)


def test_other_names_of_symbols_are_refused(model):
    with pytest.raises(ArgumentError, match=r"house\(inputs\): expected .*'left' and 'right', got 'up'"):
        model({"up": lm.Input((4,))})


def test_a_symbol_of_another_shape_is_refused(chain):
    with pytest.raises(ShapeError, match=r"sequential: expected inputs of shape \(None, 4\), got \(None, 5\)"):
        chain(lm.Input((5,)))


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: lm.Model(lm.Input((1,))), r"Model\(outputs\): expected a value, got none"),
        (lambda: lm.Model(input=1, output=2), r"Model\(input\).*\n.*did you mean inputs\?"),
        (lambda: lm.Sequential(layer=[]), r"Sequential\(layer\).*\n.*did you mean layers\?"),
        (lambda: lm.Sequential([], "net"), "Sequential: expected at most 1 .*without a name, got 2"),
        (lambda: lm.Sequential(name="my net"), r"Sequential\(name\): expected a plain name"),
    ],
)
def test_arguments_that_do_not_fit_are_named(build, message):
    with pytest.raises(ArgumentError, match=message):
        build()


def test_a_summary_can_be_printed_where_only_ascii_can(monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)

    lm.Sequential([lm.Input((2,)), lm.layers.Dense(1)]).summary()

    stream.seek(0)
    assert "-----" in stream.read()
