"""The types of a plan, and the scaling of the loss: by hand, and at the edges of float16."""

import jax
import numpy as np
import pytest

import lamina as lm
from lamina import ops
from lamina.errors import ArgumentError, DivergedError
from lamina.training import PRECISIONS, LossScale
from lamina.training._precision import LEAST_FACTOR, are_finite, selected, typed

SCALE = "loss_scale/factor"


def settings(factor, good_steps):
    return {"loss_scale/factor": factor, "loss_scale/good_steps": good_steps}


@pytest.mark.parametrize(
    ("before", "fits", "after"),
    [
        ((1024.0, 7.0), True, (1024.0, 8.0)),
        ((1024.0, 7.0), False, (512.0, 0.0)),
        ((1024.0, 1999.0), True, (2048.0, 0.0)),
        ((2.0**24, 1999.0), True, (2.0**24, 0.0)),
        ((LEAST_FACTOR, 0.0), False, (LEAST_FACTOR, 0.0)),
    ],
)
def test_the_factor_is_halved_at_once_and_doubled_after_many_good_steps(before, fits, after):
    assert LossScale(*before).after(fits) == settings(*after)


def test_gradients_are_divided_by_what_the_loss_was_multiplied_by():
    assert LossScale(factor=4.0).unscaled({"a": np.float32(6.0)}) == {"a": 1.5}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"factor": 0.0}, r"LossScale\(factor\): expected a finite number of at least 0\.000976562 .*, got 0\.0"),
        ({"good_steps": -1.0}, r"LossScale\(good_steps\): expected a finite number of at least 0, got -1\.0"),
    ],
)
def test_a_scale_out_of_its_range_is_refused(options, message):
    with pytest.raises(ArgumentError, match=message):
        LossScale(**options)


def test_one_number_that_is_not_finite_shows():
    assert bool(are_finite({"a": np.ones(3), "b": np.zeros(2)}))
    assert not bool(are_finite({"a": np.ones(3), "b": np.array([0.0, np.inf])}))
    assert not bool(are_finite([np.array([np.inf, -np.inf])]))


def test_the_new_tree_is_selected_whole_or_not_at_all():
    new, old = {"a": ops.ones(2), "step": ops.asarray(3)}, {"a": ops.zeros(2), "step": ops.asarray(2)}

    assert jax.tree.map(np.ndarray.tolist, jax.tree.map(np.asarray, selected(ops.asarray(False), new, old))) == {
        "a": [0.0, 0.0],
        "step": 2,
    }
    assert float(selected(ops.asarray(True), new, old)["a"][0]) == 1.0


def test_inputs_are_widened_to_the_type_that_is_kept():
    x, tokens = lm.Input((2,)), lm.Input((3,), dtype="int32")
    joined = lm.layers.Concatenate()([x, lm.layers.Flatten()(lm.layers.Embedding(4, 2)(tokens))])
    graph = lm.Model([x, tokens], joined).graph

    found = typed(graph, (np.ones((1, 2), np.uint8), np.ones((1, 3), np.int64)), "float32")

    assert [array.dtype.name for array in found] == ["float32", "int32"]


def narrow_model(loss="mse", **options):
    model = lm.Sequential([lm.Input((2,)), lm.layers.Dense(3, activation="tanh"), lm.layers.Dense(1)])
    model.build(seed=1)
    model.compile(lm.optimizers.SGD(0.1, momentum=0.5), loss, precision="mixed_float16", **options)
    return model


X, Y = np.array([[1.0, 2.0], [0.5, -1.0]]), np.array([[1.0], [0.0]])


def test_a_step_with_infinite_gradients_is_left_out_and_counted():
    model = narrow_model()
    model.train_on_batch(X, Y)
    before, optimizer = model.get_weights(), jax.tree.map(np.asarray, model.state.optimizer)
    model.set({SCALE: 2.0**24})  # times a gradient of about 1 it is beyond 65,504

    scores = model.train_on_batch(X, Y)

    assert np.isfinite(scores["loss"])
    assert model.settings[SCALE] == 2.0**23
    assert int(model.state.step) == 2
    jax.tree.map(np.testing.assert_array_equal, model.get_weights(), before)
    jax.tree.map(np.testing.assert_array_equal, model.state.optimizer, optimizer)


def test_training_goes_on_once_the_factor_is_small_enough():
    model = narrow_model()
    model.set({SCALE: 2.0**24})

    history = model.fit(X, Y, epochs=40, batch_size=2, verbose=0, seed=1)

    assert history.history["loss"][-1] < history.history["loss"][0] / 2
    assert 1.0 < model.settings[SCALE] < 2.0**24
    assert model.settings["loss_scale/good_steps"] > 10


def test_after_many_good_steps_the_factor_is_doubled():
    model = narrow_model()
    model.set({"loss_scale/good_steps": 1999})

    model.train_on_batch(X, Y)

    assert (model.settings[SCALE], model.settings["loss_scale/good_steps"]) == (2.0**16, 0.0)


def test_gradients_that_overflow_without_end_are_a_divergence():
    model = narrow_model()
    far = 1e12 * np.ones((2, 1))  # its loss is finite in float32, its gradient is beyond float16 at any factor
    before = model.get_weights()

    for _ in range(25):  # from 2^15 to 2^-10
        model.train_on_batch(X, far)
    with pytest.raises(DivergedError, match=r"train_on_batch: expected a finite loss and finite weights"):
        model.train_on_batch(X, far)

    assert model.settings[SCALE] == LEAST_FACTOR
    jax.tree.map(np.testing.assert_array_equal, model.get_weights(), before)


def test_scaling_changes_no_digit_of_the_gradients():
    model = narrow_model()
    weights = model.get_weights()
    trained = []
    for factor in (1.0, 8.0):
        model.set_weights(weights)
        model.compile("sgd", "mse", precision="mixed_float16")
        model.set({SCALE: factor})
        model.train_on_batch(X, Y)
        trained.append(model.get_weights())

    jax.tree.map(np.testing.assert_array_equal, *trained)


def test_only_float16_has_a_scale():
    for precision, types in PRECISIONS.items():
        model = lm.Sequential([lm.Input((2,)), lm.layers.Dense(1)])
        model.compile("sgd", "mse", precision=precision)
        assert (SCALE in model.settings) is types.scales_loss is (precision == "mixed_float16")
