import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError, ShapeError
from lamina.layers import GroupQueryAttention, Input, MultiHeadAttention

EYE = np.eye(2)[:, None]


def softmax(scores):
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def drawn(layer, shapes, rng):
    return {name: rng.normal(size=weight.shape) for name, weight in layer.weights(shapes).items()}


def reference(weights, query, value, key, *, repeats=1, gate=False):
    """Compute the formula head by head, in float64."""

    def projected(part, x, head):
        return x @ weights[f"{part}.kernel"][:, head] + weights[f"{part}.bias"][head]

    output = weights["attention_output.bias"]
    for head in range(weights["query.kernel"].shape[1]):
        queries = projected("query", query, head)
        keys, values = (projected(part, x, head // repeats) for part, x in (("key", key), ("value", value)))
        found = softmax(queries @ keys.swapaxes(1, 2) / np.sqrt(keys.shape[-1])) @ values
        if gate:
            found = found / (1 + np.exp(-projected("gate", query, head)))
        output = output + found @ weights["attention_output.kernel"][head]
    return output


def test_one_head_that_changes_nothing_is_scaled_attention(call):
    layer = MultiHeadAttention(1, 2, use_bias=False)
    weights = {
        "query.kernel": EYE,
        "key.kernel": EYE,
        "value.kernel": EYE,
        "attention_output.kernel": EYE.swapaxes(0, 1),
    }
    query, value = [[[np.sqrt(2) * np.log(3.0), 0.0]]], [[[1.0, 0.0], [0.0, 1.0]]]

    assert call(layer, query, value, weights=weights).round(6).tolist() == [[[0.75, 0.25]]]


@pytest.mark.parametrize(
    ("layer", "repeats"),
    [
        (MultiHeadAttention(3, 2), 1),
        (MultiHeadAttention(2, 3, value_dim=4, units=5, use_gate=True), 1),
        (GroupQueryAttention(3, num_query_heads=4, num_key_value_heads=2), 2),
        (GroupQueryAttention(3, num_query_heads=3, num_key_value_heads=1, use_gate=True), 3),
    ],
    ids=repr,
)
def test_it_is_attention_in_each_head(layer, repeats, call, rng):
    query, value, key = rng.normal(size=(2, 3, 4)), rng.normal(size=(2, 5, 6)), rng.normal(size=(2, 5, 7))
    weights = drawn(layer, [query.shape, value.shape, key.shape], rng)

    output = call(layer, query, value, key, weights=weights)

    wanted = reference(weights, query, value, key, repeats=repeats, gate=layer.use_gate)
    np.testing.assert_allclose(output, wanted, rtol=1e-4, atol=1e-5)


def test_a_window_lets_a_step_see_its_neighbours_alone():
    x = Input((5, 4))
    layer = MultiHeadAttention(1, 2, sliding_window=2, return_attention_scores=True)
    model = lm.Model(x, list(layer(x, x)))

    _, scores = model.predict(np.ones((1, 5, 4)))

    near = np.abs(np.subtract.outer(np.arange(5), np.arange(5))) < 2
    np.testing.assert_allclose(scores[0, 0], near / near.sum(-1, keepdims=True), rtol=1e-6)


def test_weights_are_laid_out_as_in_keras():
    layer = MultiHeadAttention(8, key_dim=16, value_dim=10, units=20)

    declared = layer.weights([(None, 3, 4), (None, 5, 6), (None, 5, 7)])

    assert {name: weight.shape for name, weight in declared.items()} == {
        "query.kernel": (4, 8, 16),
        "query.bias": (8, 16),
        "key.kernel": (7, 8, 16),
        "key.bias": (8, 16),
        "value.kernel": (6, 8, 10),
        "value.bias": (8, 10),
        "attention_output.kernel": (8, 10, 20),
        "attention_output.bias": (20,),
    }


def test_shapes_are_promised_before_there_is_data():
    query, value = Input((None, 4)), Input((7, 6))
    layer = MultiHeadAttention(3, 2, return_attention_scores=True)

    output, scores = layer(query, value)

    assert (output.shape, scores.shape) == ((None, None, 4), (None, 3, None, 7))
    assert layer.replace(return_attention_scores=False, units=9)(query, value).shape == (None, None, 9)


def test_it_learns_to_find_what_is_asked_for(rng):
    keys = rng.normal(size=(600, 6, 4)).astype("float32")
    wanted = rng.integers(6, size=600)
    query, items = Input((1, 4)), Input((6, 5))
    marks = np.concatenate([keys, rng.normal(size=(600, 6, 1))], axis=-1).astype("float32")
    found = MultiHeadAttention(2, 8)(query, items)
    model = lm.Model([query, items], lm.layers.Dense(1)(lm.layers.Flatten()(found)))
    model.compile(lm.optimizers.Adam(0.01), "mse")
    x, y = [2 * keys[np.arange(600), wanted][:, None], marks], marks[np.arange(600), wanted, 4]

    model.fit(x, y, epochs=60, verbose=0, seed=1)

    assert model.evaluate(x, y)["loss"] < 0.3 * y.var()


def test_saved_and_loaded_it_attends_as_before(tmp_path, rng):
    query, value = Input((3, 4)), Input((5, 4))
    mask = Input((3, 5), dtype="bool")
    model = lm.Model([query, value, mask], MultiHeadAttention(2, 3)(query, value, attention_mask=mask)).build(seed=1)
    data = [rng.normal(size=(2, 3, 4)), rng.normal(size=(2, 5, 4)), rng.random((2, 3, 5)) > 0.5]

    model.save(tmp_path / "model.safetensors")

    np.testing.assert_array_equal(lm.load(tmp_path / "model.safetensors").predict(data), model.predict(data))


def test_features_are_known():
    with pytest.raises(ShapeError, match="with known features"):
        MultiHeadAttention(2, 3)(Input((3, None)), Input((3, 4)))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"num_heads": 0}, r"MultiHeadAttention\(num_heads\): expected a positive integer, got 0"),
        ({"key_dim": 2.5}, r"MultiHeadAttention\(key_dim\): expected a positive integer, got 2.5"),
        ({"value_dim": 0}, r"MultiHeadAttention\(value_dim\): expected a positive integer, got 0"),
        ({"units": -1}, r"MultiHeadAttention\(units\): expected a positive integer, got -1"),
        ({"sliding_window": 0}, r"MultiHeadAttention\(sliding_window\): expected a positive integer, got 0"),
        ({"use_bias": None}, r"MultiHeadAttention\(use_bias\): expected True or False, got None"),
        ({"use_gate": 1}, r"MultiHeadAttention\(use_gate\): expected True or False, got 1"),
        ({"output_shape": 8}, "write units instead of output_shape"),
        ({"attention_axes": 2}, "write Permute and Reshape around the layer, which attends along the time axis"),
    ],
)
def test_mistakes_are_named(arguments, sentence):
    with pytest.raises(ArgumentError, match=sentence):
        MultiHeadAttention(**{"num_heads": 2, "key_dim": 3} | arguments)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            (3, 5, 2),
            r"\(num_query_heads\): expected a multiple of num_key_value_heads=2, got 5.\n  Fix: choose numbers",
        ),
        ((0, 4, 2), r"\(head_dim\): expected a positive integer, got 0"),
        ((3, -4, 2), r"\(num_query_heads\): expected a positive integer, got -4"),
        ((3, 4, 0), r"\(num_key_value_heads\): expected a positive integer, got 0"),
    ],
)
def test_heads_are_shared_evenly(arguments, sentence):
    with pytest.raises(ArgumentError, match="GroupQueryAttention" + sentence):
        GroupQueryAttention(*arguments)
