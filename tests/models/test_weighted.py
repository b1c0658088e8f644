import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError, ShapeError
from lamina.layers import BatchNormalization, Dense, Dropout

X = np.linspace(-1, 1, 24, dtype=np.float32).reshape(6, 4)


@pytest.fixture
def model():
    return lm.Sequential([lm.Input((4,)), Dense(3), BatchNormalization(), Dropout(0.25), Dense(2)])


def test_weights_are_read_by_layer(model):
    found = model.get_weights()

    assert {path: sorted(own) for path, own in found.items()} == {
        "dense": ["bias", "kernel"],
        "batch_normalization": ["beta", "gamma", "moving_mean", "moving_variance"],
        "dense_1": ["bias", "kernel"],
    }
    assert model.get_weights("dropout") == {}
    assert model.get_weights("dense_1")["kernel"].shape == (3, 2)


def test_weights_that_were_read_can_be_written_to_without_changing_the_model(model):
    model.get_weights()["dense"]["bias"][:] = 9

    assert (model.get_weights("dense")["bias"] == 0).all()


def test_weights_are_set_as_they_were_read(model, rng):
    other = lm.Sequential([lm.Input((4,)), Dense(3), BatchNormalization(), Dropout(0.25), Dense(2)])

    other.set_weights(model.get_weights())

    np.testing.assert_array_equal(other.predict(X), model.predict(X))


def test_weights_are_set_in_part_and_by_layer(model):
    model.set_weights({"dense": {"bias": [1, 2, 3]}})
    model.set_weights({"bias": [4, 5]}, layer="dense_1")
    model.set_weights([np.ones(3)] * 4, layer="batch_normalization")

    assert model.get_weights("dense")["bias"].tolist() == [1, 2, 3]
    assert model.get_weights("dense_1")["bias"].tolist() == [4, 5]
    assert model.get_weights("batch_normalization")["moving_mean"].tolist() == [1, 1, 1]


def test_weights_are_set_from_the_flat_list_of_keras(model):
    arrays = [array for layer in model.get_weights().values() for array in layer.values()]

    model.set_weights([array + 1 for array in arrays])

    assert (model.get_weights("dense")["bias"] == 1).all()


def test_nothing_is_set_where_one_array_does_not_fit(model):
    with pytest.raises(ShapeError, match=r"dense/kernel: expected an array of shape \(4, 3\), got \(3, 4\)"):
        model.set_weights({"dense": {"bias": [1, 2, 3], "kernel": np.ones((3, 4))}})

    assert (model.get_weights("dense")["bias"] == 0).all()


def test_a_layer_that_does_not_exist_is_refused(model):
    with pytest.raises(ArgumentError, match=r"get_weights\(layer\).*got 'dence'\.\n.*'dense'"):
        model.get_weights("dence")
    with pytest.raises(ArgumentError, match=r"set_weights\(layer\).*got 'dence'\.\n.*'dense'"):
        model.set_weights({}, layer="dence")


def test_settings_are_read_and_set_by_name_or_by_the_end_of_it(model):
    assert model.settings["dropout/rate"] == 0.25

    model.set({"dropout/rate": 0.5})
    assert model.settings["dropout/rate"] == 0.5

    model.set(rate=0.75)
    assert model.settings["dropout/rate"] == 0.75


def test_a_changed_dropout_rate_acts_at_once(model):
    ones = lm.Sequential([lm.Input((100,)), Dropout(0.5)])
    x = np.ones((1, 100), np.float32)

    ones.set(rate=0.0)

    assert (np.asarray(ones(x, training=True)) == 1).all()


def test_the_seed_decides_the_first_weights():
    def drawn(seed):
        return lm.Sequential([lm.Input((4,)), Dense(3)]).build(seed=seed).get_weights("dense")["kernel"]

    np.testing.assert_array_equal(drawn(1), drawn(1))
    assert (drawn(1) != drawn(2)).any()


def test_a_seed_is_drawn_when_it_is_needed(model):
    assert model.seed is None

    model.predict(X)

    assert isinstance(model.seed, int)


def test_labels_are_remembered_for_each_output():
    model = lm.Sequential([lm.Input((4,)), Dense(2, activation="softmax")])
    model.compile("sgd", "categorical_crossentropy")
    assert model.classes is None

    model.fit(X, ["no", "yes"] * 3, verbose=0)

    assert model.classes.tolist() == ["no", "yes"]


def test_a_state_that_was_read_can_be_put_back(model):
    model.compile("adam", "mse")
    model.fit(X, X[:, :2], verbose=0)
    state, before = model.state, model.predict(X)
    model.fit(X, X[:, :2], verbose=0)

    model.state = state

    np.testing.assert_array_equal(model.predict(X), before)
    assert int(model.state.step) == 1
