import numpy as np
import pytest

import lamina as lm
from lamina import ops
from lamina.errors import FormatError
from lamina.training import draw_arrays, tensors_of

LAYERS = [lm.layers.BatchNormalization(), lm.layers.Dense(3), lm.layers.Dense(4)]


@pytest.fixture(scope="module")
def model():
    return lm.Sequential([lm.Input((4,)), *LAYERS]).build(seed=1)


def test_weights_are_drawn_apart_from_moving_values(model):
    weights, moving = draw_arrays(model.graph, 1, "batch_normalization")

    assert sorted(weights) == ["beta", "gamma"]
    assert moving["moving_mean"].tolist() == [0.0] * 4
    assert moving["moving_variance"].tolist() == [1.0] * 4


def test_the_seed_and_the_place_decide_the_first_weights(model):
    kernel = draw_arrays(model.graph, 1, "dense")[0]["kernel"]

    assert (kernel == draw_arrays(model.graph, 1, "dense")[0]["kernel"]).all()
    assert (kernel != draw_arrays(model.graph, 2, "dense")[0]["kernel"]).all()
    assert (kernel != draw_arrays(model.graph, 1, "dense_1")[0]["kernel"].T).all()


def test_known_arrays_take_the_place_of_drawn_ones(model):
    bias = ops.asarray(np.arange(3.0))

    weights, _ = draw_arrays(model.graph, 1, "dense", known={"bias": bias})

    assert weights["bias"] is bias
    np.testing.assert_array_equal(weights["kernel"], draw_arrays(model.graph, 1, "dense")[0]["kernel"])


def test_a_state_is_a_tree_of_arrays(model):
    state = model.state

    doubled = ops.tree_map(lambda array: array * 2, state)

    assert type(doubled) is type(state)
    np.testing.assert_array_equal(doubled.weights["dense"]["kernel"], 2 * np.asarray(state.weights["dense"]["kernel"]))


def test_parts_of_a_state_can_be_replaced(model):
    state = model.state

    assert state.replace(step=np.int32(7)).step == 7
    assert state.replace(step=np.int32(7)).weights is state.weights


def test_arrays_have_the_names_that_they_have_in_a_file(model):
    state = model.state.replace(optimizer={"step": np.int32(0)})

    names = set(tensors_of(state))

    assert names >= {"dense/kernel", "batch_normalization/moving_mean", "optimizer/step"}


def test_two_arrays_of_one_name_are_refused(model):
    state = model.state.replace(weights={"optimizer": {"step": np.zeros(())}}, optimizer={"step": np.int32(0)})

    message = (
        r"^save: expected a different name for each array, got 'optimizer/step' for a weight and .*\n  Fix: give the"
    )
    with pytest.raises(FormatError, match=message):
        tensors_of(state)
