import jax
import numpy as np
import pytest

import lamina as lm
from lamina import ops
from lamina.errors import ArgumentError, ShapeError, StageError
from lamina.layers import (
    AdditiveAttention,
    Attention,
    Context,
    Embedding,
    GroupQueryAttention,
    Input,
    Masking,
    MultiHeadAttention,
    Run,
)
from lamina.layers._attending import shares_of

FEATURES = 4
LAYERS = [
    Attention(use_scale=True),
    Attention(score_mode="concat"),
    AdditiveAttention(),
    MultiHeadAttention(2, 3, use_gate=True),
    GroupQueryAttention(3, 4, 2),
]

each_layer = pytest.mark.parametrize("layer", LAYERS, ids=repr)


def attended(layer, *inputs, masks=None, weights=None, training=False):
    """Return what a layer gives for arrays, with weights that are the same in every call."""
    inputs = tuple(ops.asarray(x, "float32") for x in inputs)
    rng = np.random.default_rng(7)
    drawn = {name: rng.normal(size=w.shape) for name, w in layer.weights([x.shape for x in inputs]).items()}
    run = Run(training=training, key=ops.random.key(np.zeros(2, "uint32")))
    masks = tuple(None if mask is None else np.asarray(mask, bool) for mask in masks or (None,) * len(inputs))
    return layer.call(drawn | (weights or {}), inputs, Context(run, "layer", mask=masks))


def steps(rng, count, rows=2):
    return rng.normal(size=(rows, count, FEATURES))


@each_layer
def test_it_is_called_as_in_keras(layer):
    query, value = Input((5, FEATURES)), Input((3, FEATURES))
    mask = Input((5, 3), dtype="bool")

    called = [
        layer(query, value),
        layer([query, value]),
        layer(query=query, value=value, key=value),
        layer([query, value, value]),
        layer(query, value, attention_mask=mask),
        layer(query, value, value, attention_mask=mask),
        layer([query, value, value, mask]),
    ]

    assert {symbol.shape for symbol in called} == {(None, 5, FEATURES)}


@each_layer
def test_without_a_key_the_value_is_its_own(layer, rng):
    query, value, allowed = steps(rng, 3), steps(rng, 5), rng.random((2, 3, 5)) > 0.3
    arrays = [query, value, allowed]
    first, second, mask = (Input(x.shape[1:]) for x in arrays)
    model = lm.Model([first, second, mask], layer(first, second, attention_mask=mask))

    output = model.predict(arrays)

    weights = model.get_weights().get(model.layer_names[0], {})
    np.testing.assert_allclose(output, attended(layer, query, value, value, allowed, weights=weights), atol=1e-5)


@each_layer
@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("given", [False, True])
def test_causal_steps_see_nothing_later_on_any_path(layer, given, masked, training, rng):
    layer = layer.replace(use_causal_mask=True, return_attention_scores=given, dropout=0.3 * training)
    x, later = steps(rng, 6), steps(rng, 6)
    later[:, :4] = x[:, :4]
    masks = 2 * [np.arange(6) < [[5], [6]]] + [None] * 2 if masked else None

    def run(x):
        more = [x, np.ones((2, 6, 6))] if given else []
        return attended(layer, x, x, *more, masks=masks, training=training)

    before, after = run(x), run(later)
    if given:
        (before, scores), (after, _) = before, after
        np.testing.assert_array_equal(np.triu(scores, 1), 0)
    np.testing.assert_allclose(before[:, :4], after[:, :4], rtol=1e-6, atol=1e-6)
    assert not np.allclose(before[:, 4:], after[:, 4:])


@each_layer
@pytest.mark.parametrize("causal", [False, True])
def test_padded_sequences_give_what_they_give_without_padding(layer, causal, rng):
    layer = layer.replace(use_causal_mask=causal)
    query, value, key = steps(rng, 5), steps(rng, 4), steps(rng, 4)
    real_query, real_value = np.arange(5) < [[3], [5]], np.arange(4) < [[2], [4]]
    value[0, 2:] = key[0, 2:] = 1e6

    output = attended(layer, query, value, key, masks=(real_query, real_value, None))

    alone = attended(layer, query[:1, :3], value[:1, :2], key[:1, :2])
    np.testing.assert_allclose(output[:1, :3], alone, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(output[1:], attended(layer, query[1:], value[1:], key[1:]), rtol=1e-5, atol=1e-6)


def test_the_mask_of_a_key_hides_as_that_of_a_value_does(rng):
    layer, x, real = Attention(), steps(rng, 3), np.array([[1, 1, 0], [1, 0, 1]])

    by_key = attended(layer, x, x, x, masks=(None, None, real))

    np.testing.assert_array_equal(by_key, attended(layer, x, x, x, masks=(None, real, None)))
    assert not np.allclose(by_key, attended(layer, x, x))


@each_layer
def test_the_output_has_the_mask_of_the_query_and_the_scores_have_none(layer):
    masked, whole = Masking()(Input((3, FEATURES))), Input((3, FEATURES))

    output, scores = layer.replace(return_attention_scores=True)(masked, whole)

    assert (output.masked, scores.masked) == (True, False)
    assert layer(masked, whole).masked
    assert not layer(whole, masked).masked


def test_a_model_follows_the_masks_that_come_with_its_inputs():
    words = Input((None,), dtype="int32")
    vectors = Embedding(10, FEATURES, mask_zero=True)(words)
    model = lm.Model(words, MultiHeadAttention(2, 3)(vectors, vectors)).build(seed=1)

    padded, short, long = (model.predict(row)[:, :2] for row in ([[5, 3, 0, 0]], [[5, 3]], [[5, 3, 0, 7]]))

    np.testing.assert_allclose(padded, short, rtol=1e-5, atol=1e-6)
    assert not np.allclose(padded, long)


@each_layer
def test_a_query_that_may_look_at_nothing_gets_zeros_and_no_nan(layer, rng):
    layer = layer.replace(return_attention_scores=True)
    query, value = steps(rng, 3), steps(rng, 5)
    allowed = np.ones((2, 3, 5))
    allowed[0, 1] = 0

    def total(query):
        output, scores = attended(layer, query, value, value, allowed)
        return output.sum(), (output, scores)

    gradient, (output, scores) = jax.grad(total, has_aux=True)(ops.asarray(query, "float32"))

    assert np.all(np.moveaxis(np.asarray(scores), -2, 1)[0, 1] == 0)
    assert np.isfinite(output).all()
    assert np.isfinite(gradient).all()
    if isinstance(layer, (Attention, AdditiveAttention)):
        assert np.all(output[0, 1] == 0)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
def test_shares_sum_to_one_over_what_is_visible_in_any_precision(dtype):
    scores = ops.asarray([[[0.0, 1.0, 5.0], [3.0, 3.0, 3.0]]], dtype)
    visible = ops.asarray([[[True, True, False], [False, False, False]]])

    shares = shares_of(scores, visible)

    assert shares.dtype == dtype
    np.testing.assert_allclose(shares.astype("float32"), [[[0.269, 0.731, 0], [0, 0, 0]]], atol=5e-3)


@each_layer
def test_dropout_drops_whole_weights_and_is_off_at_a_rate_of_zero(layer, rng):
    query, value = steps(rng, 3), np.zeros((2, 5, FEATURES))
    scores_of = [
        np.asarray(attended(layer.replace(dropout=rate, return_attention_scores=True), query, value, training=True)[1])
        for rate in (0.0, 0.5)
    ]

    np.testing.assert_array_equal(*scores_of)  # what is returned says where a query looked, before any is dropped
    plain, dropped = (
        np.asarray(attended(layer.replace(dropout=rate), query, query, training=True)) for rate in (0.0, 0.5)
    )
    np.testing.assert_array_equal(plain, attended(layer, query, query))
    assert not np.allclose(plain, dropped)


def test_what_is_kept_is_scaled_up():
    layer = Attention(dropout=0.25)
    value = np.ones((1, 2000, 1))

    output = attended(layer, np.zeros((1, 1, 1)), value, training=True)

    assert output.item() == pytest.approx(1, abs=0.05)
    assert output.item() != 1


def test_as_a_part_of_another_layer_it_takes_the_mask_of_the_whole(rng):
    layer, x, real = Attention(), ops.asarray(steps(rng, 3), "float32"), np.array([[True, True, False]] * 2)

    output = layer.call({}, (x, x), Context(Run(training=False), "block", mask=real))

    np.testing.assert_array_equal(output, attended(layer, x, x, masks=(real, real)))


@each_layer
@pytest.mark.parametrize("option", ["use_causal_mask", "return_attention_scores"])
def test_what_keras_is_told_in_the_call_is_said_before(layer, option):
    x, kind = Input((3, FEATURES)), type(layer).__name__

    with pytest.raises(
        ArgumentError, match=rf"got '{option}'.\n  Fix: write it where the layer is made: {kind}\(..., {option}=True\)"
    ):
        layer(x, x, **{option: True})


def test_masks_come_with_the_symbols():
    x = Input((3, FEATURES))

    with pytest.raises(ArgumentError, match=r"got 'query_mask'.\n  Fix: leave it out: a mask comes with its symbol"):
        Attention()(x, x, query_mask=x)


@pytest.mark.parametrize("inputs", [(1, {}), (5, {}), (1, {"key": Input((3, FEATURES))})])
def test_there_are_a_query_and_a_value(inputs):
    count, named = inputs

    with pytest.raises(ArgumentError, match=r"expected a query and a value, .*\n  Fix: write layer\(x, x\)"):
        Attention()([Input((3, FEATURES))] * count, **named)


def test_arrays_are_for_models():
    with pytest.raises(StageError, match="put the layer into a model"):
        Attention()(np.zeros((1, 2, 3)), np.zeros((1, 2, 3)))


@each_layer
def test_inputs_are_sequences(layer):
    picture = Input((8, 8, FEATURES))

    with pytest.raises(ShapeError, match=r"expected inputs of shape \(batch, time, features\).*\n.*Reshape"):
        layer(picture, picture)


@each_layer
def test_there_is_a_key_for_each_value(layer):
    with pytest.raises(
        ShapeError, match=r"expected a key for each step of the value, got \(None, 2, 4\) and \(None, 3"
    ):
        layer(Input((2, FEATURES)), Input((3, FEATURES)), Input((4, FEATURES)))


@pytest.mark.parametrize("shape", [(3,), (2, 4), (2, 2, 3)])
def test_an_attention_mask_is_for_each_pair_of_steps(shape):
    query, value = Input((2, FEATURES)), Input((3, FEATURES))
    Attention()(query, value, attention_mask=Input((1, 3)))

    with pytest.raises(ShapeError, match=r"expected an attention_mask of shape \(batch, 2, 3\), got"):
        Attention()(query, value, attention_mask=Input(shape))


@each_layer
def test_an_attention_mask_that_is_an_array_is_told_where_arrays_go(layer):
    sentence = (
        r"expected an attention_mask that is a symbol, got an array of shape \(2, 3\) and type float64\.\n  Fix: add"
    )

    with pytest.raises(ArgumentError, match=sentence):
        layer(Input((2, FEATURES)), Input((3, FEATURES)), attention_mask=np.ones((2, 3)))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"dropout": 1.0}, r"Attention\(dropout\): expected a finite number of at least 0 and below 1, got 1.0"),
        ({"seed": -1}, r"Attention\(seed\): expected an integer of at least 0, got -1"),
        ({"use_causal_mask": 1}, r"Attention\(use_causal_mask\): expected True or False, got 1"),
        ({"return_attention_scores": 0}, r"Attention\(return_attention_scores\): expected True or False, got 0"),
    ],
)
def test_mistakes_are_named(arguments, sentence):
    with pytest.raises(ArgumentError, match=sentence):
        Attention(**arguments)
