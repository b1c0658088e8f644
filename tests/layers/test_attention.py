import numpy as np
import pytest

from lamina.errors import ArgumentError, ShapeError
from lamina.layers import AdditiveAttention, Attention, Input


def softmax(scores):
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def test_a_query_gets_the_values_in_the_ratio_of_their_fit(call):
    query, value = [[[np.log(3.0), 0.0]]], [[[1.0, 0.0], [0.0, 1.0]]]

    assert call(Attention(), query, value).round(6).tolist() == [[[0.75, 0.25]]]


def test_an_additive_query_does_so_too(call):
    query, value = [[[0.0]]], [[[0.0], [np.arctanh(0.5)]]]

    output = call(AdditiveAttention(), query, value, weights={"scale": [2 * np.log(3.0)]})

    assert output.item() == pytest.approx(0.75 * np.arctanh(0.5))


@pytest.mark.parametrize("score_mode", ["dot", "concat"])
@pytest.mark.parametrize("use_scale", [False, True])
def test_it_is_a_softmax_of_compared_queries_and_keys(score_mode, use_scale, call, rng):
    query, value, key = rng.normal(size=(2, 3, 4)), rng.normal(size=(2, 5, 6)), rng.normal(size=(2, 5, 4))
    scale = 0.7 if use_scale else 1
    weights = {"scale": 0.7, "concat_score_weight": 1.3}

    output = call(Attention(use_scale, score_mode), query, value, key, weights=weights)

    scores = scale * np.einsum("bqf,bvf->bqv", query, key)
    if score_mode == "concat":
        scores = 1.3 * np.tanh(scale * (query[:, :, None] + key[:, None])).sum(-1)
    np.testing.assert_allclose(output, softmax(scores) @ value, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("use_scale", [False, True])
def test_an_additive_one_is_a_softmax_of_a_sum_over_features(use_scale, call, rng):
    query, value, key = rng.normal(size=(2, 3, 4)), rng.normal(size=(2, 5, 6)), rng.normal(size=(2, 5, 4))
    scale = rng.normal(size=4)

    output = call(AdditiveAttention(use_scale), query, value, key, weights={"scale": scale})

    scores = (np.tanh(query[:, :, None] + key[:, None]) * (scale if use_scale else 1)).sum(-1)
    np.testing.assert_allclose(output, softmax(scores) @ value, rtol=1e-5, atol=1e-6)


def test_large_scores_pick_one_value_exactly(call):
    query, value = [[[1e4, 0.0]]], [[[1.0, 0.0], [-1.0, 1.0]]]

    assert call(Attention(), query, value).tolist() == [[[1.0, 0.0]]]


def test_weights_are_those_of_keras():
    shapes = ((None, 3, 4), (None, 5, 6), (None, 5, 4))

    def sizes(layer):
        return {name: weight.shape for name, weight in layer.weights(shapes).items()}

    assert sizes(Attention()) == sizes(AdditiveAttention(use_scale=False)) == {}
    assert sizes(Attention(use_scale=True, score_mode="concat")) == {"scale": (), "concat_score_weight": ()}
    assert sizes(AdditiveAttention()) == {"scale": (4,)}


@pytest.mark.parametrize("layer", [Attention(), AdditiveAttention()], ids=repr)
def test_queries_and_keys_are_of_one_size(layer):
    with pytest.raises(
        ShapeError, match=r"queries and keys of one size, got \(None, 3, 4\) and \(None, 3, 5\).\n.*Dense"
    ):
        layer(Input((3, 4)), Input((3, 5)))
    with pytest.raises(ShapeError, match="with known features"):
        layer(Input((3, None)), Input((3, None)))


@pytest.mark.parametrize(
    ("kind", "arguments", "sentence"),
    [
        (Attention, {"use_scale": 1}, r"Attention\(use_scale\): expected True or False, got 1"),
        (Attention, {"score_mode": "dott"}, r"Attention\(score_mode\): .*\n  Fix: did you mean 'dot'\?"),
        (AdditiveAttention, {"use_scale": None}, r"AdditiveAttention\(use_scale\): expected True or False, got None"),
        (
            AdditiveAttention,
            {"score_mode": "dot"},
            r"AdditiveAttention\(score_mode\): expected an argument that exists",
        ),
    ],
)
def test_mistakes_are_named(kind, arguments, sentence):
    with pytest.raises(ArgumentError, match=sentence):
        kind(**arguments)
