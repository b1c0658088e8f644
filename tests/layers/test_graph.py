import pytest

import lamina as lm
from lamina.errors import ArgumentError, ShapeError
from lamina.layers import Add, Dense, Flatten, Graph, Input, Layer, Weight, connect


def chain(*layers, shape=(4,), **more):
    x = symbol = Input(shape)
    for layer in layers:
        symbol = connect(layer, symbol)
    return Graph([x], [symbol], **more)


def test_layers_are_numbered_by_kind_in_the_order_of_use():
    graph = chain(Dense(3), Flatten(), Dense(2), Dense(1))

    assert list(graph.layers()) == ["dense", "flatten", "dense_1", "dense_2"]


def test_names_of_ones_own_go_first():
    graph = chain(Dense(3), Dense(2, name="dense"), Dense(1, name="last"))

    assert list(graph.layers()) == ["dense_1", "dense", "last"]


def test_two_layers_of_one_name_are_refused():
    with pytest.raises(ArgumentError, match="expected a different name for each layer, got two layers called 'a'"):
        chain(Dense(3, name="a"), Dense(2, name="a"))


def test_a_shared_layer_has_one_path_and_one_declaration():
    dense = Dense(4)

    graph = chain(dense, dense)

    assert [(step.path, step.call) for step in graph.steps] == [("dense", 0), ("dense", 1)]
    assert list(graph.declared()) == ["dense"]


def test_a_shared_layer_must_fit_at_every_place():
    dense = Dense(3)

    with pytest.raises(ShapeError, match=r"dense \(Dense\): expected inputs of one shape at every place"):
        chain(dense, dense)


def test_networks_in_networks_are_unfolded_into_paths():
    encoder = chain(Dense(3), Dense(2), name="encoder")
    decoder = chain(Dense(4), shape=(2,), name="decoder")

    graph = chain(encoder, decoder)

    assert list(graph.layers()) == ["encoder/dense", "encoder/dense_1", "decoder/dense"]
    assert graph.outputs[0].shape == (None, 4)


def test_a_network_used_twice_shares_its_layers():
    inner = chain(Dense(4), name="inner")

    graph = chain(inner, inner)

    assert [step.path for step in graph.steps] == ["inner/dense", "inner/dense"]


def test_a_network_checks_what_it_is_called_on():
    inner = chain(Dense(3), name="inner")

    assert connect(inner, [Input((4,))]).shape == (None, 3)
    with pytest.raises(ShapeError, match=r"inner: expected inputs of shape \(None, 4\), got \(None, 5\)"):
        connect(inner, Input((5,)))


def test_calls_stand_in_the_order_of_computation_however_deep():
    x = symbol = Input((1,))
    for _ in range(2000):
        symbol = Add()([symbol, x])

    graph = Graph([x], [symbol])

    slots = [max(step.outputs) for step in graph.steps]
    assert len(slots) == 2000
    assert slots == sorted(slots)


def test_a_part_of_a_network_is_a_network():
    x = Input((4,))
    hidden = Dense(3)(x)
    output = Dense(2)(hidden)

    head = Graph([hidden], [output])

    assert [step.layer.units for step in head.steps] == [2]


def test_outputs_are_called_like_their_layers():
    x = Input((4,))
    a, b = Dense(1, name="price")(x), Dense(2)(x)

    assert Graph([x], [a, b, x]).output_names == ("price", "dense", "input")
    assert Graph([x], [a, a]).output_names == ("price", "price_1")


def test_an_input_is_what_is_given_for_it_where_its_layer_is_called_for_another_output():
    x, y = Input((4,)), Input((4,))
    pair = Graph([x], [Dense(3)(x), Dense(3)(x)], name="pair")
    one, two = connect(pair, y)

    graph = Graph([y, one], [Add()([one, two]), one])

    assert graph.steps[-1].inputs[0] == graph.output_slots[1] == graph.input_slots[1]
    assert graph.output_names == ("add", "input_1")


def test_inputs_are_numbered_around_the_named_ones():
    inputs = [Input((1,)), Input((1,), name="input_1"), Input((1,))]

    assert Graph(inputs, [Add()(inputs)]).input_names == ("input", "input_1", "input_2")


def test_a_missing_input_is_named_by_its_shape():
    a, b = Input((4,)), Input((4,))

    with pytest.raises(ArgumentError, match=r"outputs that also need the input of shape \(None, 4\)"):
        Graph([a], [Add()([a, b])])


def test_an_input_without_use_is_refused():
    a, b = Input((4,)), Input((5,))

    with pytest.raises(ArgumentError, match=r"got input 1 of shape \(None, 5\), which leads to no output"):
        Graph([a, b], [Dense(1)(a)])


def test_two_inputs_of_one_name_are_refused():
    inputs = [Input((1,), name="a"), Input((1,), name="a")]

    with pytest.raises(ArgumentError, match="expected a different name for each input, got a, a"):
        Graph(inputs, [Add()(inputs)])


@pytest.mark.parametrize(
    ("declared", "sentence"),
    [
        ([Weight((1,))], "expected a dictionary of Weight from its method weights"),
        ({"kernel": (3, 4)}, "expected a dictionary of Weight from its method weights"),
        ({"my kernel": Weight((1,))}, "expected a plain name of letters"),
        ({"../kernel": Weight((1,))}, "expected a plain name of letters"),
    ],
)
def test_declarations_are_checked(declared, sentence):
    class Odd(Layer):
        def weights(self, input_shape):
            return declared

        def call(self, weights, x, context):
            return x

    with pytest.raises(ArgumentError, match=rf"odd \(Odd\).*{sentence}"):
        chain(Odd())


def test_a_network_shows_its_name_and_size():
    graph = chain(Dense(3), Dense(2), name="encoder")

    assert repr(graph) == "<network 'encoder' of 2 layers>"


def test_the_front_door_gives_layers_in_order():
    model = lm.Sequential([lm.Input((4,)), Dense(3), Flatten(), Dense(2)])

    assert [type(layer).__name__ for layer in model.layers] == ["Dense", "Flatten", "Dense"]
