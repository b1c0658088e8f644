import copy
import json
import time

import pytest

from lamina import ops
from lamina.errors import FormatError
from lamina.layers import (
    Activation,
    Add,
    Concatenate,
    Dense,
    Dropout,
    Embedding,
    Graph,
    Input,
    Layer,
    Weight,
    connect,
    decode_graph,
    encode_graph,
)


class Halves(Layer):
    def output_shape(self, input_shape):
        half = (*input_shape[:-1], input_shape[-1] // 2)
        return half, half

    def call(self, weights, x, context):
        return tuple(ops.split(x, 2, axis=-1))


def through_json(graph, custom=None):
    return decode_graph(json.loads(json.dumps(encode_graph(graph))), where="file", custom=custom)


def signature(graph):
    """Return all that a graph computes, in an order and under names."""
    steps = [
        (step.path, repr(step.layer), step.inputs, step.outputs, step.input_shape, step.output_shapes, step.call)
        for step in graph.steps
    ]
    inputs = [(symbol.shape, symbol.dtype, symbol.name) for symbol in graph.inputs]
    return steps, inputs, graph.name, graph.input_names, graph.output_names, graph.output_slots


def chain():
    x = Input((4,))
    return Graph([x], [Dense(2)(Dropout(0.5)(Dense(3, name="first")(x)))], name="chain")


def shared():
    words, numbers = Input((5,), dtype="int32", name="words"), Input((8,))
    dense = Dense(8, activation="relu")
    embedded = Embedding(10, 8)(words)
    joined = Add()([dense(numbers), dense(dense(numbers))])
    return Graph([words, numbers], [embedded, Activation("tanh")(joined)], output_names=["text", "value"])


def nested():
    x = Input((3,))
    dense = Dense(3)
    inner = Graph([x], [dense(x)], name="inner")
    middle = Graph([x], [connect(inner, dense(x))], name="middle")
    y = connect(middle, connect(inner, x))
    return Graph([x], [Concatenate()([dense(y), connect(inner, y), x])])


def several_outputs():
    x = Input((6,))
    left, right = Halves()(x)
    return Graph([x], [right, left])


def from_the_middle():
    hidden = Dense(3)(Input((2,)))
    return Graph([hidden], [Dense(1)(hidden)])


def one_output_given():
    x = Input((6,))
    left, right = Halves()(x)
    return Graph([x, left], [Add()([left, right]), left])


@pytest.mark.parametrize("build", [chain, shared, nested, several_outputs, from_the_middle, one_output_given])
def test_a_network_survives_the_saved_form(build):
    graph = build()

    again = through_json(graph, custom={"Halves": Halves})

    assert signature(again) == signature(graph)
    assert encode_graph(again) == encode_graph(graph)


def test_what_was_shared_is_shared_again_and_nothing_else():
    again = through_json(nested())

    calls = [step.call for step in again.steps if isinstance(step.layer, Dense)]
    assert calls == [0, 1, 2, 3, 4]
    assert len({id(step.layer) for step in again.steps}) == 2
    inner = [node.layer for node in again.nodes if isinstance(node.layer, Graph) and node.layer.name == "inner"]
    assert len(inner) == 2
    assert inner[0] is inner[1]


def test_equal_layers_stay_two_layers():
    x = Input((3,))
    again = through_json(Graph([x], [Dense(3)(Dense(3)(x))]))

    assert list(again.declared()) == ["dense", "dense_1"]


def test_the_names_of_arrays_do_not_depend_on_the_process():
    assert list(through_json(nested()).declared()) == list(nested().declared()) == ["inner/dense"]


def test_a_function_is_named_with_the_path_of_its_layer():
    x = Input((3,))
    graph = Graph([x], [Dense(3, activation=lambda x: x, name="last")(x)])

    with pytest.raises(FormatError, match=r"last: Dense\(activation\): expected what a file can carry"):
        encode_graph(graph)


def test_an_input_whose_name_is_no_name_is_refused():
    graph = chain()
    object.__setattr__(graph.inputs[0], "name", "../x")

    with pytest.raises(FormatError, match="expected a plain name"):
        through_json(graph)


INPUT = {"shape": [4], "dtype": "float32", "name": None}


def changed(path, value):
    """Return the saved form of a chain with one part replaced."""
    saved = copy.deepcopy(encode_graph(chain()))
    *way, last = path
    part = saved
    for key in way:
        part = part[key]
    part[last] = value
    return saved


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (["layers"], {}, ".layers: expected a list"),
        (["layers"], [], "below 0, got 0"),
        (["layers", 0, "kind"], "loss/Huber", r".layers\[0\]: expected a kind of 'layer'"),
        (["layers", 0, "units"], 0, r".layers\[0\]: Dense\(units\): expected a positive integer"),
        (["extra"], 1, ": expected an object with 'layers' and 'graphs'"),
        (["graphs"], [], ": expected a network that uses each of its layers"),
        (["graphs"], None, ".graphs: expected a list"),
        (["graphs", 0, "name"], "a/b", "expected a plain name"),
        (["graphs", 0, "name"], None, "expected a plain name"),
        (["graphs", 0, "output_names"], ["a", "b"], "expected 1 different names"),
        (["graphs", 0, "output_names"], "dense", "output_names: expected a list"),
        (["graphs", 0, "outputs"], [], "expected 0 different names"),
        (["graphs", 0, "outputs"], [9], "below 4, got 9"),
        (["graphs", 0, "outputs"], [-1], "below 4, got -1"),
        (["graphs", 0, "outputs"], [True], "below 4, got True"),
        (["graphs", 0, "outputs"], [2], "expected calls that lead to an output"),
        (["graphs", 0, "inputs"], [], "below 0"),
        (["graphs", 0, "inputs"], [INPUT, INPUT], "expected"),
        (["graphs", 0, "inputs", 0, "shape"], 4, "expected a list"),
        (["graphs", 0, "inputs", 0, "shape"], [-1], r"Input\(shape\)"),
        (["graphs", 0, "inputs", 0, "shape"], [1e9], r"Input\(shape\)"),
        (["graphs", 0, "inputs", 0, "dtype"], "object", r"Input\(dtype\)"),
        (["graphs", 0, "inputs", 0, "name"], 5, "expected a plain name"),
        (["graphs", 0, "nodes"], {}, "nodes: expected a list"),
        (["graphs", 0, "nodes", 0, "inputs"], [1], "below 1, got 1"),
        (["graphs", 0, "nodes", 0, "inputs"], [], r"nodes|expected"),
        (["graphs", 0, "nodes", 0, "inputs"], [0, 0], "expected one symbol, got a list of 2"),
        (["graphs", 0, "nodes", 0], {"graph": 0, "inputs": [0]}, "below 0, got 0"),
        (["graphs", 0, "nodes", 0], {"layer": 0, "graph": 0, "inputs": [0]}, "expected an object with 'graph'"),
        (["graphs", 0, "nodes", 1, "layer"], 0, "expected|different"),
        (["graphs", 0, "nodes", 2, "layer"], "first", "below 3, got 'first'"),
    ],
)
def test_what_encode_never_writes_is_refused(path, value, message):
    with pytest.raises(FormatError, match=f"^file.*{message}"):
        decode_graph(changed(path, value), where="file")


def test_layers_without_use_are_refused():
    saved = encode_graph(chain())
    saved["layers"].append(saved["layers"][0])

    with pytest.raises(FormatError, match="expected a network that uses each of its layers, got one that does not"):
        decode_graph(saved, where="file")


def test_a_network_that_doubles_at_each_level_is_refused_before_it_is_unfolded():
    x = Input((2,))
    saved = encode_graph(Graph([x], [Dense(2)(x)]))
    for level in range(60):
        twice = {**saved["graphs"][0], "nodes": [{"graph": level, "inputs": [0]}, {"graph": level, "inputs": [1]}]}
        saved["graphs"].append({**twice, "outputs": [2]})
    started = time.monotonic()

    with pytest.raises(FormatError, match="expected a network of at most 5,000 calls of layers, got more"):
        decode_graph(saved, where="file")
    assert time.monotonic() - started < 10


def test_a_size_beyond_all_memory_costs_nothing():
    graph = decode_graph(changed(["layers", 0, "units"], 10**12), where="file")

    assert graph.declared()["first"]["kernel"] == Weight((4, 10**12))
