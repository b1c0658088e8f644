import gc
import weakref

import numpy as np
import pytest

import lamina as lm
from lamina import ops
from lamina.errors import ArgumentError, FormatError


class Scale(lm.Layer):
    factor: float = 2.0

    def weights(self, input_shape):
        return {"count": lm.Weight((), "zeros", moving=True), "gain": lm.Weight((input_shape[-1],), "ones")}

    def call(self, weights, x, context):
        context.update("count", weights["count"] + 1)
        return x * self.factor * weights["gain"]


class Lopsided(lm.losses.Loss):
    slope: float = 2.0

    def call(self, y_true, y_pred):
        return ops.mean(ops.maximum(self.slope * (y_true - y_pred), y_pred - y_true), axis=-1)


class SignDescent(lm.optimizers.Optimizer):
    def slots(self, weight):
        return {"last": ops.zeros_like(weight)}

    def change(self, gradient, slots, *, weight, rate, count):
        return -rate * ops.sign(gradient + slots["last"]), {"last": gradient}


CUSTOM = {"Scale": Scale, "Lopsided": Lopsided, "SignDescent": SignDescent}


def chain():
    model = lm.Sequential(
        [
            lm.Input((4,)),
            lm.layers.Dense(6, activation="relu", kernel_regularizer="l2", name="first"),
            lm.layers.Dropout(0.4),
            lm.layers.BatchNormalization(),
            lm.layers.Dense(3, activation="softmax"),
        ],
        name="classifier",
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy", lm.metrics.AUC(num_thresholds=20)])
    return model, np.array(["c", "a", "b"])


def nested():
    x, z = lm.Input((4,), name="left"), lm.Input((4,), name="right")
    dense = lm.layers.Dense(4, activation="tanh")
    inner = lm.Model(x, dense(lm.layers.GaussianNoise(0.1)(dense(x))), name="inner")
    outer = lm.Sequential([lm.Input((4,)), inner, lm.layers.Dense(4)], name="outer")
    joined = lm.layers.Add()([dense(outer(x)), inner(z), outer(z)])
    outputs = {"size": lm.layers.Dense(1)(joined), "kind": lm.layers.Dense(1, activation="sigmoid")(joined)}
    model = lm.Model([x, z], outputs, name="whole")
    model.compile(
        [
            lm.optimizers.ClipGlobalNorm(1.0),
            lm.optimizers.SGD(lm.schedules.ExponentialDecay(0.1, 3, 0.5), momentum=0.9),
        ],
        {"size": "mae", "kind": "binary_crossentropy"},
        metrics={"kind": ["accuracy"]},
        loss_weights={"size": 0.5, "kind": 2.0},
    )
    model.freeze("outer/dense")
    return model, None


def own():
    model = lm.Sequential([lm.Input((4,)), lm.layers.Dense(3), Scale(0.5), lm.layers.Dense(1)])
    model.compile(SignDescent(0.01), Lopsided(3.0), metrics=["mae"])
    return model, None


def accumulated():
    model = lm.Sequential([lm.Input((4,)), lm.layers.Dense(1, kernel_constraint=lm.constraints.MaxNorm(1.0))])
    links = [lm.optimizers.Accumulate(3), lm.optimizers.AdamW(0.05), lm.optimizers.AverageWeights(0.9)]
    model.compile(links, "huber")
    return model, None


BUILDS = [chain, nested, own, accumulated]


def data(model, labels, rng):
    rows = 20
    inputs = [rng.normal(size=(rows, 4)).astype(np.float32) for _ in model.graph.inputs]
    if labels is not None:
        return inputs[0], labels[rng.integers(3, size=rows)]
    targets = [(rng.normal(size=rows) > 0).astype(np.float32) for _ in model.graph.outputs]
    return (inputs, targets) if len(inputs) > 1 else (inputs[0], targets[0])


def go_on(model, x, y):
    history = model.fit(x, y, batch_size=8, epochs=4, initial_epoch=2, verbose=0)
    return history.history, model.get_weights(), ops.tree_leaves(model.state)


def identical(first, second):
    if isinstance(first, dict):
        return first.keys() == second.keys() and all(identical(first[key], second[key]) for key in first)
    if isinstance(first, (list, tuple)):
        return len(first) == len(second) and all(map(identical, first, second))
    return np.asarray(first).dtype == np.asarray(second).dtype and np.array_equal(first, second)


@pytest.mark.parametrize("build", BUILDS)
def test_training_continues_as_if_it_had_never_been_saved(tmp_path, rng, build):
    model, labels = build()
    x, y = data(model, labels, rng)
    model.fit(x, y, batch_size=8, epochs=2, seed=5, verbose=0)

    model.save(tmp_path / "model")
    loaded = lm.load(tmp_path / "model", custom_objects=CUSTOM)

    assert identical(loaded.predict(x), model.predict(x))
    assert identical(go_on(loaded, x, y), go_on(model, x, y))


@pytest.mark.parametrize("build", BUILDS)
def test_a_model_is_itself_again(tmp_path, rng, build):
    model, labels = build()
    x, y = data(model, labels, rng)
    model.fit(x, y, epochs=1, verbose=0)

    model.save(tmp_path / "model")
    loaded = lm.load(tmp_path / "model", custom_objects=CUSTOM)

    assert type(loaded) is type(model)
    assert (loaded.name, loaded.layer_names) == (model.name, model.layer_names)
    assert repr(loaded.layers) == repr(model.layers)
    assert loaded.settings == model.settings
    assert identical(loaded.evaluate(x, y), model.evaluate(x, y))
    assert identical(ops.tree_leaves(loaded.state), ops.tree_leaves(model.state))
    assert ops.tree_structure(loaded.state) == ops.tree_structure(model.state)


def test_a_file_saved_again_is_the_same_file(tmp_path, rng):
    model, _ = nested()
    model.fit(*data(model, None, rng), verbose=0)

    model.save(tmp_path / "one")
    lm.load(tmp_path / "one").save(tmp_path / "two")

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_settings_are_as_they_were_last(tmp_path):
    model, _ = chain()
    model.set(learning_rate=0.25)
    model.set(rate=0.125)

    model.save(tmp_path / "model")

    loaded = lm.load(tmp_path / "model")
    assert loaded.settings["optimizer/learning_rate"] == 0.25
    assert loaded.settings["dropout/rate"] == 0.125
    assert repr(loaded.get_layer("dropout")) == "Dropout(0.4)"


def test_labels_are_remembered(tmp_path, rng):
    model, labels = chain()
    x, y = data(model, labels, rng)
    model.fit(x, y, verbose=0)

    model.save(tmp_path / "model")

    loaded = lm.load(tmp_path / "model")
    assert loaded.classes.tolist() == ["a", "b", "c"]
    assert loaded.predict_classes(x).tolist() == model.predict_classes(x).tolist()


def test_frozen_layers_stay_frozen_until_they_are_thawed(tmp_path, rng):
    model, _ = nested()
    x, y = data(model, None, rng)
    model.save(tmp_path / "model")
    loaded = lm.load(tmp_path / "model")
    before = loaded.get_weights()

    loaded.fit(x, y, verbose=0)
    kept = loaded.get_weights()
    loaded.unfreeze()
    loaded.fit(x, y, verbose=0)

    assert identical(kept["outer/dense"], before["outer/dense"])
    assert not identical(kept["outer/inner/dense"], before["outer/inner/dense"])
    assert not identical(loaded.get_weights("outer/dense"), before["outer/dense"])


def test_shared_layers_are_shared_after_loading_and_only_among_themselves(tmp_path, rng):
    model, _ = nested()
    model.save(tmp_path / "model")

    first, second = lm.load(tmp_path / "model"), lm.load(tmp_path / "model")
    first.fit(*data(first, None, rng), verbose=0)

    assert first.layer_names == model.layer_names
    assert identical(second.get_weights(), model.get_weights())
    assert not identical(first.get_weights(), second.get_weights())


def test_layers_can_be_added_to_a_sequential_and_removed(tmp_path):
    inner = lm.Sequential([lm.Input((3,)), lm.layers.Dense(3)], name="inner")
    model = lm.Sequential([lm.Input((3,)), inner, lm.layers.Dense(2)])
    model.save(tmp_path / "model")

    loaded = lm.load(tmp_path / "model")
    loaded.pop()
    loaded.add(lm.layers.Dense(5))

    assert loaded.predict(np.zeros((2, 3))).shape == (2, 5)
    assert identical(loaded.get_weights("inner/dense"), model.get_weights("inner/dense"))


def test_a_loaded_model_is_freed_when_it_is_dropped(tmp_path):
    model, _ = chain()
    model.save(tmp_path / "model")

    layer = weakref.ref(lm.load(tmp_path / "model").layers[0])
    gc.collect()

    assert layer() is None


def test_weights_that_are_not_finite_come_back_as_they_are(tmp_path):
    model = lm.Sequential([lm.Input((1,)), lm.layers.Dense(2, use_bias=False)])
    model.set_weights([np.array([[-np.inf, np.nan]])])

    model.save(tmp_path / "model")

    np.testing.assert_array_equal(lm.load(tmp_path / "model").get_weights("dense")["kernel"], [[-np.inf, np.nan]])


def test_ones_own_classes_are_asked_for_by_name(tmp_path):
    model, _ = own()
    model.save(tmp_path / "model")

    with pytest.raises(
        FormatError, match=r"expected your own layer, got 'Scale'.\n  Fix: .*custom_objects=\{'Scale': Scale\}"
    ):
        lm.load(tmp_path / "model")
    with pytest.raises(FormatError, match="got 'Lopsided'|got 'SignDescent'"):
        lm.load(tmp_path / "model", custom_objects={"Scale": Scale})


@pytest.mark.parametrize(
    "custom",
    [{"Scale": lambda x: x}, {"Scale": Scale()}, {"Other": Scale}, {"dict": dict}, {3: Scale}, {"Scale": "Scale"}],
)
def test_custom_objects_are_classes_under_their_names(tmp_path, custom):
    with pytest.raises(ArgumentError, match=r"load\(custom_objects\): expected your own classes of layers"):
        lm.load(tmp_path / "model", custom_objects=custom)


def test_weights_alone_are_no_model(tmp_path):
    model, _ = chain()
    model.save_weights(tmp_path / "weights")

    with pytest.raises(
        FormatError, match=r"weights: expected a whole model, got weights alone.\n  Fix: .*load_weights"
    ):
        lm.load(tmp_path / "weights")


def test_the_names_of_columns_are_kept(tmp_path):
    pandas = pytest.importorskip("pandas", reason="frames are read where pandas is installed")
    frame = pandas.DataFrame({"width": [1.0, 2.0], "height": [3.0, 5.0]})
    model = lm.Sequential([lm.Input((2,)), lm.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(frame, [1.0, 2.0], verbose=0)

    model.save(tmp_path / "model")
    again = lm.load(tmp_path / "model")

    assert again.columns == ("width", "height")
    np.testing.assert_array_equal(again.predict(frame[["height", "width"]]), model.predict(frame))
