from functools import partial

import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError, StageError
from lamina.layers import Add, BatchNormalization, Conv2D, Dense, Dropout, Flatten, Int8, LowRank
from lamina.models import add_low_rank, merge_low_rank, quantize

X = np.linspace(-1, 1, 24, dtype=np.float32).reshape(6, 4)


@pytest.fixture
def model():
    """Two inputs, two outputs, a model as a layer that is called twice, and a layer that is shared with its inside."""
    shared = Dense(4, activation="tanh")
    inner = lm.Sequential([lm.Input((4,)), Dense(3, name="code"), BatchNormalization(), Dense(4), shared], name="inner")
    left, right = lm.Input((4,), name="left"), lm.Input((4,), name="right")
    joined = Add()([inner(left), inner(shared(right))])
    return lm.Model([left, right], {"number": Dense(1)(joined), "kind": Dense(3, activation="softmax")(joined)})


def layers_by_path(model):
    return {path: type(layer).__name__ for path, layer in model.graph.layers().items()}


@pytest.mark.parametrize("change", [add_low_rank, quantize])
def test_every_path_stays_and_what_was_shared_is_shared(model, change):
    options = {"rank": 1} if change is add_low_rank else {}

    made = change(model, **options)

    assert made.layer_names == model.layer_names
    assert (made.input_names, made.output_names) == (model.input_names, model.output_names)
    assert [step.call for step in made.graph.steps] == [step.call for step in model.graph.steps]
    assert not {id(layer) for layer in made.layers} & {id(layer) for layer in model.layers}


def test_adapters_change_no_answer_until_they_are_trained(model):
    made = add_low_rank(model, rank=1)

    for found, expected in zip(made.predict([X, -X]), model.predict([X, -X]), strict=True):
        np.testing.assert_array_equal(found, expected)
    assert {kind for kind in layers_by_path(made).values() if kind in ("Dense", "LowRank")} == {"LowRank"}


def test_merging_gives_the_layers_back(model):
    made = merge_low_rank(add_low_rank(model, rank=1))

    assert layers_by_path(made) == layers_by_path(model)
    assert list(map(repr, made.layers)) == list(map(repr, model.layers))
    for found, expected in zip(made.predict([X, -X]), model.predict([X, -X]), strict=True):
        np.testing.assert_array_equal(found, expected)
    assert made.trainable


def test_quantised_answers_are_near(model):
    made = quantize(model)

    for found, expected in zip(made.predict([X, -X]), model.predict([X, -X]), strict=True):
        np.testing.assert_allclose(found, expected, atol=0.05)
        assert (found != expected).any()


@pytest.mark.parametrize("change", [add_low_rank, quantize])
def test_the_model_stays_as_it_is(change, rng):
    x, y = rng.normal(size=(2, 6, 8))
    model = lm.Sequential([lm.Input((8,)), Dense(8), BatchNormalization(), Dense(8, name="last")])
    model.compile("adam", "mse")
    model.freeze("dense")
    model.fit(x, y, verbose=0)
    before, answer = model.get_weights(), model.predict(x)

    made = change(model)
    made.set_weights({"moving_mean": np.ones(8)}, layer="batch_normalization")

    assert isinstance(made, lm.Sequential)
    np.testing.assert_array_equal(model.predict(x), answer)
    for path, own in model.get_weights().items():
        assert all(np.array_equal(array, before[path][name]) for name, array in own.items())
    assert (made.get_weights("last")["layer.kernel"].shape, made.history) == ((8, 8), None)


def test_a_layer_that_changes_alone_leaves_the_names_of_the_others():
    model = lm.Sequential([lm.Input((4,)), Dense(4), Dense(4), Dense(4), Dropout(0.5), Dense(4, name="head")])

    made = quantize(model, "dense_1")

    assert layers_by_path(made) == {
        "dense": "Dense",
        "dense_1": "Int8",
        "dense_2": "Dense",
        "dropout": "Dropout",
        "head": "Dense",
    }
    assert repr(made.get_layer("dense_1")) == "Int8(Dense(4))"


def test_patterns_name_layers_and_parts(model):
    names = {pattern: layers_by_path(quantize(model, pattern)) for pattern in ("inner", "*/code", "dense*")}

    changed = {pattern: [path for path, kind in found.items() if kind == "Int8"] for pattern, found in names.items()}
    assert changed["*/code"] == ["inner/code"]
    assert set(changed["inner"]) == {path for path in model.layer_names if path.startswith("inner/")} - {
        "inner/batch_normalization"
    }
    assert set(changed["dense*"]) == {path for path in model.layer_names if path.startswith("dense")}


def test_what_compile_was_told_and_later_settings_are_kept():
    model = lm.Sequential([lm.Input((4,)), Dense(8, activation="relu"), Dropout(0.5), Dense(2, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(X, ["no", "yes"] * 3, verbose=0, seed=5)
    model.set({"learning_rate": 0.25, "dropout/rate": 0.125})

    made = add_low_rank(model, "dense", rank=4)

    assert (made.settings["dropout/rate"], made.learning_rate) == (0.125, 0.25)
    assert made.seed == 5
    assert made.classes.tolist() == ["no", "yes"]
    assert made.evaluate(X, ["no", "yes"] * 3) == model.evaluate(X, ["no", "yes"] * 3)
    assert made.state.optimizer is None


def test_settings_of_a_model_that_is_not_compiled_are_kept_too():
    model = lm.Sequential([lm.Input((4,)), Dense(8), Dropout(0.5)])
    model.set(rate=0.25)

    assert quantize(model).settings == {"dropout/rate": 0.25}


@pytest.mark.parametrize("kind", [partial(LowRank, rank=2), Int8])
def test_the_loss_of_a_last_layer_is_computed_from_scores_all_the_same(kind):
    last = kind(Dense(2, activation="softmax"), name="last")
    model = lm.Sequential([lm.Input((4,)), last])
    model.compile("sgd", "sparse_categorical_crossentropy")

    plan = model._compile().plan

    assert plan.outputs[0].activation is lm.activations.softmax
    assert repr(plan.layers["last"].layer) == "Dense(2)"
    with pytest.raises(
        ArgumentError, match="last .*expected probabilities|expected probabilities .*got linear in last"
    ):
        lm.Sequential([lm.Input((4,)), kind(Dense(2), name="last")]).compile("sgd", "sparse_categorical_crossentropy")


@pytest.mark.parametrize("change", [add_low_rank, quantize, merge_low_rank])
def test_what_is_no_model_is_refused(change):
    with pytest.raises(
        ArgumentError, match=rf"^{change.__name__}\(model\): expected a Model or Sequential, got 'dense'"
    ):
        change("dense")


@pytest.mark.parametrize("change", [add_low_rank, quantize, merge_low_rank])
def test_a_model_that_is_not_built_is_refused(change):
    with pytest.raises(
        StageError, match=r"expected a known input shape, got a model without Input .*\n  Fix: put Input"
    ):
        change(lm.Sequential([Dense(4)]))


@pytest.mark.parametrize("change", [add_low_rank, quantize])
def test_patterns_that_name_nothing_of_use_are_refused(change):
    model = lm.Sequential([lm.Input((4, 4, 1)), Conv2D(8, 3), Flatten(), Dense(8, name="code")])
    where = rf"^{change.__name__}\(patterns\): "

    with pytest.raises(
        ArgumentError, match=where + r"expected the name of a layer or part.*got 'cod'\.\n.*mean 'code'"
    ):
        change(model, "cod")
    with pytest.raises(
        ArgumentError, match=where + r"expected the name of a layer of the kind Dense.*, got 'flatten', w"
    ):
        change(model, "code", "flatten")
    with pytest.raises(ArgumentError, match=r"got '\*', which fits Flatten\.\n  Fix: "):
        change(lm.Sequential([lm.Input((4,)), Flatten()]))


def test_who_writes_it_as_in_keras_is_told_how_it_is_written_here():
    with pytest.raises(AttributeError, match=r"write lamina\.models\.quantize\(model\), which gives another model\."):
        lm.Sequential([Dense(4)]).quantize("int8")
    with pytest.raises(AttributeError, match=r"write lamina\.models\.quantize\(model, \"name of the layer\"\), which"):
        Dense(4).quantize("int8")
    with pytest.raises(
        AttributeError, match=r"write lamina\.models\.add_low_rank\(model, \"name of the layer\"\), which"
    ):
        Dense(4).enable_lora(8)
    with pytest.raises(
        ArgumentError, match=r"write lamina\.models\.add_low_rank\(model, rank=8\) instead of lora_rank"
    ):
        Dense(4, lora_rank=8)
