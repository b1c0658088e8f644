import numpy as np
import pytest

import lamina as lm
from lamina.errors import DataError
from lamina.layers import Dense, Dropout, Embedding, Flatten
from lamina.models._forward import Forward
from lamina.training import PRECISIONS


@pytest.fixture
def model():
    return lm.Sequential([lm.Input((3,)), Dense(2)]).build(seed=1)


@pytest.mark.parametrize("rows", [1, 2, 64])
def test_small_float32_arrays_take_the_fast_lane(model, rows):
    assert Forward(model.graph, PRECISIONS["float32"]).takes(np.ones((rows, 3), np.float32))


@pytest.mark.parametrize(
    "x",
    [
        np.ones((1, 3)),
        np.ones((3, 3), np.float32),
        np.ones((1, 4), np.float32),
        np.ones((0, 3), np.float32),
        [[1.0, 2.0, 3.0]],
        np.full((1, 3), np.nan, np.float32),
        np.full((1, 3), np.inf, np.float32),
        np.full((1, 3), 1e30, np.float32),
    ],
    ids=["float64", "three rows", "wide", "empty", "list", "nan", "infinite", "huge"],
)
def test_everything_else_is_looked_at_first(model, x):
    assert not Forward(model.graph, PRECISIONS["float32"]).takes(x)


def test_data_that_a_layer_wants_to_check_never_takes_the_fast_lane():
    model = lm.Sequential([lm.Input((2,)), Embedding(10, 4), Flatten()])

    assert not Forward(model.graph, PRECISIONS["float32"]).takes(np.ones((1, 2), np.float32))


def test_both_lanes_give_the_same_numbers(model, rng):
    x = rng.normal(size=(4, 3)).astype(np.float32)
    first = model.predict(x)

    fast, slow, ragged = model.predict(x), model.predict(x.astype(np.float64)), model.predict(x[:3])

    np.testing.assert_array_equal(fast, first)
    np.testing.assert_array_equal(slow, first)
    np.testing.assert_allclose(ragged, first[:3], rtol=1e-6)


def test_huge_but_finite_numbers_are_predicted(model):
    model.predict(np.ones((1, 3), np.float32))

    assert np.isfinite(model.predict(np.full((1, 3), 1e30, np.float32))).all()


def test_nan_is_refused_in_both_lanes(model):
    model.predict(np.ones((1, 3), np.float32))

    for dtype in (np.float32, np.float64):
        with pytest.raises(DataError, match="expected finite numbers, got nan in row 0"):
            model.predict(np.full((1, 3), np.nan, dtype))


def test_predictions_follow_weights_and_settings_without_compiling_again(model):
    x = np.ones((1, 3), np.float32)
    model.predict(x)

    model.set_weights({"kernel": np.ones((3, 2)), "bias": [1.0, 2.0]}, layer="dense")

    assert model.predict(x).tolist() == [[4.0, 5.0]]


def test_dropout_does_nothing_in_a_prediction():
    model = lm.Sequential([lm.Input((3,)), Dropout(0.5)])
    x = np.ones((1, 3), np.float32)

    assert (model.predict(x) == x).all()
    assert (model.predict(x) == x).all()
