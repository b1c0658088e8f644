"""Layers of attention give what Keras' give: outputs, scores, gradients and penalties, masks and all."""

import inspect
import os

import jax
import numpy as np
import pytest

os.environ.setdefault("KERAS_BACKEND", "jax")
keras = pytest.importorskip("keras", reason="the oracle is a development dependency")

from lamina import layers, ops  # noqa: E402 - the backend is chosen first
from lamina.layers import Context, Run  # noqa: E402
from lamina.regularizers import L2  # noqa: E402

SHAPES = ((2, 3, 4), (2, 5, 6), (2, 5, 4))
REAL_QUERY, REAL_VALUE = np.arange(3) < [[3], [2]], np.arange(5) < [[2], [5]]
CASES = {
    "dot": (layers.Attention(use_scale=True), {"use_scale": True}),
    "concat": (layers.Attention(True, "concat"), {"use_scale": True, "score_mode": "concat"}),
    "additive": (layers.AdditiveAttention(), {}),
    "many": (
        layers.MultiHeadAttention(2, 3, units=7, use_gate=True, activity_regularizer=L2(0.02)),
        {
            "num_heads": 2,
            "key_dim": 3,
            "output_shape": 7,
            "use_gate": True,
            "activity_regularizer": keras.regularizers.L2(0.02),
        },
    ),
    "window": (
        layers.MultiHeadAttention(2, 3, sliding_window=2, use_bias=False),
        {"num_heads": 2, "key_dim": 3, "sliding_window": 2, "use_bias": False},
    ),
    "group": (
        layers.GroupQueryAttention(3, 4, 2),
        {"head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2},
    ),
}
OURS_ALONE = {"name", "units", "use_causal_mask", "return_attention_scores", "activity_regularizer"}
THEIRS_ALONE = {"output_shape", "attention_axes", "flash_attention"}


@pytest.mark.parametrize(
    ("causal", "scores", "masks"),
    [(False, False, False), (True, False, False), (False, True, True), (True, True, True)],
)
@pytest.mark.parametrize("case", CASES)
def test_output_scores_gradients_and_penalty_are_those_of_keras(case, causal, scores, masks, rng):
    layer, arguments = CASES[case]
    layer = layer.replace(use_causal_mask=causal, return_attention_scores=scores)
    query, value, key = (ops.asarray(rng.normal(size=shape), "float32") for shape in SHAPES)
    value = value[..., :4] if case == "group" else value  # Keras wants one size there
    theirs = getattr(keras.layers, type(layer).__name__)(**arguments)
    options = {"use_causal_mask": causal, "return_attention_scores": scores}
    one_list = case in ("dot", "concat", "additive")

    def call_theirs(arrays, query, value, key):
        if one_list:
            named = options | ({"mask": [REAL_QUERY, REAL_VALUE]} if masks else {})
            inputs = ([query, value, key],)
        else:
            named = options | ({"query_mask": REAL_QUERY, "value_mask": REAL_VALUE} if masks else {})
            inputs = (query, value, key)
        results, _, losses = theirs.stateless_call(arrays, [], *inputs, **named, return_losses=True)
        return results, sum(losses)

    def call_ours(arrays, query, value, key):
        run = Run(training=False)
        context = Context(run, "layer", mask=(REAL_QUERY, REAL_VALUE, None) if masks else (None,) * 3)
        names = layer.weights([x.shape for x in (query, value, key)])
        results = layer.call(dict(zip(names, arrays, strict=True)), (query, value, key), context)
        return results, sum(run.penalties)

    theirs.build(*([[query.shape, value.shape, key.shape]] if one_list else [query.shape, value.shape, key.shape]))
    arrays = [rng.normal(scale=0.5, size=weight.shape).astype("float32") for weight in theirs.trainable_variables]

    found, wanted = (gradients(call, arrays, query, value, key, masks) for call in (call_ours, call_theirs))

    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5), found, wanted)


@pytest.mark.parametrize("kind", ["Attention", "AdditiveAttention", "MultiHeadAttention", "GroupQueryAttention"])
def test_arguments_and_defaults_are_those_of_keras(kind):
    ours = inspect.signature(getattr(layers, kind)).parameters
    theirs = inspect.signature(getattr(keras.layers, kind).__init__).parameters
    named = {name for name, parameter in theirs.items() if parameter.kind is parameter.POSITIONAL_OR_KEYWORD} - {"self"}

    assert named - ours.keys() <= THEIRS_ALONE
    assert ours.keys() - named <= OURS_ALONE | ({"seed"} if kind == "AdditiveAttention" else set())
    for name in named & ours.keys():
        assert ours[name].default == theirs[name].default, name


def gradients(call, arrays, query, value, key, masks):
    """Return the results where the query is real, and the gradient of their mean squares and of the penalty."""

    def total(*point):
        results, penalty = call(*point)
        output, *scores = results if isinstance(results, tuple) else (results,)
        kept = [ops.where(REAL_QUERY[..., None], output, 0) if masks else output]
        if scores:
            real = REAL_QUERY.reshape(2, *(1,) * (scores[0].ndim - 3), 3, 1)
            kept.append(ops.where(real, scores[0], 0) if masks else scores[0])
        return sum(ops.mean(ops.square(x)) for x in kept) + (0 if masks else penalty), kept

    return jax.jit(jax.value_and_grad(total, argnums=(0, 1, 2, 3), has_aux=True))(arrays, query, value, key)
