"""Every precision through every verb: trained, scored, saved, stopped and resumed, with all kinds of layers."""

import jax
import numpy as np
import pytest

import lamina as lm
from lamina import ops
from lamina.errors import ArgumentError

HALVES = ("mixed_bfloat16", "mixed_float16")
PRECISIONS = ("float32", *HALVES, "float64")
each_precision = pytest.mark.parametrize("precision", PRECISIONS[1:])


class Running(lm.Layer):
    """A layer as a user writes it: a scale, and a running mean of what it has seen."""

    def weights(self, input_shape):
        size = input_shape[-1:]
        return {"scale": lm.layers.Weight(size, "ones"), "seen": lm.layers.Weight(size, "zeros", moving=True)}

    def call(self, weights, x, context):
        if context.training:
            context.update("seen", 0.99 * weights["seen"] + 0.01 * ops.mean(x, axis=0))
        context.add_activity("l2", x)
        return x * weights["scale"] - weights["seen"]


def network():
    """Return a network with a convolution, moving values, and a layer of one's own."""
    layers = [
        lm.layers.Rescaling(1 / 16),
        lm.layers.Conv2D(4, 3, activation="relu"),
        lm.layers.BatchNormalization(momentum=0.9),
        lm.layers.MaxPooling2D(),
        lm.layers.Flatten(),
        lm.layers.Dense(16, activation="relu", kernel_regularizer="l2"),
        Running(),
        lm.layers.Dense(3, activation="softmax"),
    ]
    return lm.Sequential([lm.Input((8, 8, 1)), *layers]).build(seed=1)


def pictures(rows=64):
    """Return pictures of three kinds, with numbers to 16 as those of the digits."""
    rng = np.random.default_rng(3)
    y = np.arange(rows) % 3
    x = rng.uniform(0, 8, size=(rows, 8, 8, 1))
    x[y == 1, :4] += 8
    x[y == 2, :, :4] += 8
    return x, y


@pytest.fixture(scope="module")
def trained():
    """Return a model trained in each precision from the same weights, its history and its scores, by precision."""
    x, y = pictures()
    found = {}
    for precision in PRECISIONS:
        model = network()
        optimizer = lm.optimizers.Adam(0.01)
        model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"], precision=precision)
        history = model.fit(x, y, epochs=12, batch_size=24, validation_split=0.25, verbose=0, seed=5)
        found[precision] = (model, history, model.evaluate(x, y))
    return found


@each_precision
def test_it_learns_as_well_as_in_float32(trained, precision):
    _, history, scores = trained[precision]
    _, usual, expected = trained["float32"]

    close = 0.05 if precision in HALVES else 1e-3
    assert scores["loss"] == pytest.approx(expected["loss"], rel=close, abs=close)
    assert history.history["loss"][0] == pytest.approx(usual.history["loss"][0], rel=close)
    assert scores["accuracy"] > 0.9


@each_precision
def test_what_lasts_is_kept_in_32_bits_or_in_64(trained, precision):
    model, _, _ = trained[precision]
    kept = "float64" if precision == "float64" else "float32"

    state = model.state
    types = {leaf.dtype.name for leaf in jax.tree.leaves((state.weights, state.moving, state.optimizer))}

    assert types - {"int32"} == {kept}
    assert model.predict(pictures()[0]).dtype == kept
    assert np.asarray(model(pictures()[0])).dtype == kept


@each_precision
def test_the_summary_is_the_same(trained, precision, capsys):
    for name in ("float32", precision):
        trained[name][0].summary()

    shown = capsys.readouterr().out
    assert "conv2d" in shown
    assert shown[: len(shown) // 2] == shown[len(shown) // 2 :]


@each_precision
def test_moving_values_are_those_of_float32(trained, precision):
    moved, usual = (trained[name][0].state.moving for name in (precision, "float32"))

    for path, values in usual.items():
        for name, value in values.items():
            np.testing.assert_allclose(moved[path][name], value, rtol=0.1, atol=0.02)


@each_precision
def test_a_prediction_is_the_same_by_every_way(trained, precision):
    model, _, scores = trained[precision]
    x, y = pictures()

    whole = model.predict(x)
    single = np.concatenate([model.predict(row[None].astype("float32")) for row in x[:2]])
    called = np.asarray(model(x))

    close = 2e-2 if precision in HALVES else 1e-5
    np.testing.assert_allclose(whole.sum(axis=-1), 1, rtol=1e-5)
    np.testing.assert_allclose(single, whole[:2], atol=close)
    np.testing.assert_allclose(called, whole, atol=close)
    likelihood = -np.log(whole[np.arange(len(y)), y]).mean()
    penalty = scores["loss"] - likelihood
    assert 0 < penalty < scores["loss"]


@each_precision
def test_a_saved_model_trains_on_as_if_it_had_not_been_saved(trained, precision, tmp_path):
    model, _, scores = trained[precision]
    x, y = pictures()
    model.save(tmp_path / "model.safetensors")

    loaded = lm.load(tmp_path / "model.safetensors", custom_objects={"Running": Running})

    assert loaded.settings == model.settings
    assert loaded.evaluate(x, y) == scores
    loaded.train_on_batch(x, y)
    weights, state = model.get_weights(), model.state
    model.train_on_batch(x, y)
    jax.tree.map(np.testing.assert_array_equal, loaded.get_weights(), model.get_weights())
    jax.tree.map(np.testing.assert_array_equal, loaded.state.optimizer, model.state.optimizer)
    model.state = state  # other tests want the model as it was
    jax.tree.map(np.testing.assert_array_equal, weights, model.get_weights())


@pytest.mark.parametrize("precision", ["mixed_float16", "float64"])
def test_stopped_and_resumed_it_ends_bit_for_bit_where_it_would_have(precision, tmp_path):
    x, y = pictures()

    def trained_for(epochs, **options):
        model = network()
        model.compile("adam", "sparse_categorical_crossentropy", precision=precision)
        if precision == "mixed_float16":
            model.set({"loss_scale/factor": 2.0**24})  # some steps are left out, before and after the stop
        model.fit(x, y, epochs=epochs, batch_size=24, verbose=0, seed=5, **options)
        return model

    whole = trained_for(4)
    trained_for(2, checkpoint=tmp_path)
    resumed = trained_for(4, checkpoint=tmp_path, resume=True)

    assert resumed.settings == whole.settings
    jax.tree.map(np.testing.assert_array_equal, resumed.get_weights(), whole.get_weights())
    jax.tree.map(np.testing.assert_array_equal, resumed.state.optimizer, whole.state.optimizer)


@each_precision
def test_training_does_not_go_on_in_another_precision(precision, tmp_path):
    x, y = pictures(8)
    model = network()
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.fit(x, y, verbose=0, checkpoint=tmp_path)
    model.compile("sgd", "sparse_categorical_crossentropy", precision=precision)

    with pytest.raises(ArgumentError, match=rf"expected precision='float32', that of .* got '{precision}'"):
        model.fit(x, y, epochs=2, verbose=0, checkpoint=tmp_path, resume=True)


@pytest.mark.parametrize("precision", ["mixed_float16", "float64"])
def test_step_by_step_it_does_what_it_does_compiled(precision):
    x, y = pictures(12)
    models = []
    for debug in (False, True):
        model = network()
        model.compile("sgd", "sparse_categorical_crossentropy", precision=precision, debug=debug)
        model.fit(x, y, epochs=1, batch_size=12, verbose=0, seed=5)
        models.append(model.get_weights())

    close = 1e-2 if precision in HALVES else 1e-5
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, atol=close), *models)


@pytest.mark.parametrize("precision", ["mixed_bfloat16", "float64"])
def test_padding_changes_nothing_in_recurrent_layers(precision):
    rng = np.random.default_rng(1)
    tokens = rng.integers(1, 9, size=(4, 6))
    padded = np.concatenate([tokens, np.zeros((4, 3), int)], axis=1)
    layers = [
        lm.layers.Embedding(9, 4, mask_zero=True),
        lm.layers.LSTM(5, return_sequences=True),
        lm.layers.TimeDistributed(lm.layers.LayerNormalization()),
        lm.layers.GRU(4, recurrent_dropout=0.2),
        lm.layers.Dense(1),
    ]
    model = lm.Sequential([lm.Input((None,), dtype="int32"), *layers]).build(seed=1)
    model.compile("adam", "mse", precision=precision)

    history = model.fit(tokens, np.ones(4), epochs=3, batch_size=4, verbose=0, seed=1)

    close = 2e-2 if precision in HALVES else 1e-5
    assert history.history["loss"][-1] < history.history["loss"][0]
    np.testing.assert_allclose(model.predict(padded), model.predict(tokens), atol=close)


@pytest.mark.parametrize("precision", HALVES[:1])
def test_attention_learns_in_halves(precision):
    rng = np.random.default_rng(1)
    x = rng.normal(size=(32, 5, 8))
    y = x[:, :, 0].max(axis=1)
    given = lm.Input((5, 8))
    looked = lm.layers.MultiHeadAttention(2, 4)(given, given)
    model = lm.Model(given, lm.layers.Dense(1)(lm.layers.GlobalAveragePooling1D()(looked))).build(seed=1)
    losses = {}
    first = model.get_weights()
    for chosen in ("float32", precision):
        model.set_weights(first)
        model.compile("adam", "mse", precision=chosen)
        losses[chosen] = model.fit(x, y, epochs=5, verbose=0, seed=1).history["loss"]

    np.testing.assert_allclose(losses[precision], losses["float32"], rtol=0.02)


def test_double_precision_is_that_of_numpy_to_the_last_digits():
    rng = np.random.default_rng(7)
    x, y, w = rng.normal(size=(9, 3)), rng.normal(size=(9, 1)), rng.uniform(0.1, 1, size=9)
    model = lm.Sequential([lm.Input((3,)), lm.layers.Dense(4, activation="tanh"), lm.layers.Dense(1)]).build(seed=1)
    model.compile(lm.optimizers.SGD(0.1, momentum=0.9), "mse", precision="float64")
    first = {name: rng.normal(size=shape) for name, shape in {"a": (3, 4), "b": (4,), "c": (4, 1), "d": (1,)}.items()}
    model.set_weights(list(first.values()))

    history = model.fit(x, y, sample_weight=w, epochs=20, batch_size=9, shuffle=False, verbose=0)

    weights, losses = descended(first, x, y, w, steps=20)
    for found, expected in zip(
        [array for own in model.get_weights().values() for array in own.values()], weights.values(), strict=True
    ):
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(history.history["loss"], losses, rtol=1e-12)


def descended(weights, x, y, w, steps):
    """Return weights and losses of gradient descent with momentum on the weighted mean of squares, in NumPy."""
    weights, speed, losses = dict(weights), dict.fromkeys(weights, 0.0), []
    for _ in range(steps):
        hidden = np.tanh(x @ weights["a"] + weights["b"])
        error = hidden @ weights["c"] + weights["d"] - y
        losses.append((w[:, None] * error**2).sum() / w.sum())
        slope = 2 * w[:, None] * error / w.sum()
        back = slope @ weights["c"].T * (1 - hidden**2)
        gradients = {"a": x.T @ back, "b": back.sum(axis=0), "c": hidden.T @ slope, "d": slope.sum(axis=0)}
        for name, gradient in gradients.items():
            speed[name] = 0.9 * speed[name] - 0.1 * gradient
            weights[name] = weights[name] + speed[name]
    return weights, losses


def test_the_process_around_a_model_in_double_precision_is_left_alone(trained):
    model, _, _ = trained["float64"]

    model.predict(pictures()[0])

    assert not jax.config.jax_enable_x64
    assert jax.numpy.asarray(np.ones(2)).dtype == "float32"


def test_models_that_share_layers_may_differ_in_precision():
    x = np.random.default_rng(1).normal(size=(8, 3))
    given = lm.Input((3,))
    code = lm.layers.Dense(2, activation="tanh")(given)
    encoder, whole = lm.Model(given, code), lm.Model(given, lm.layers.Dense(3)(code)).build(seed=1)
    whole.compile("sgd", "mse", precision="float64")
    whole.fit(x, x, verbose=0, seed=1)

    codes = encoder.predict(x)

    assert codes.dtype == "float64"
    whole.compile("sgd", "mse", precision="mixed_bfloat16")
    np.testing.assert_allclose(encoder.predict(x), codes, atol=1e-6)
    assert encoder.predict(x).dtype == "float32"
