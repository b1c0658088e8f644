import numpy as np
import pytest

import lamina as lm
from lamina import ops
from lamina.errors import ArgumentError, DataError, ShapeError
from lamina.layers import Input, Masking

X = [[[1.0, 2.0], [9.0, 0.0], [9.0, 9.0]], [[9.0, 9.0], [0.0, 0.0], [9.0, 9.0]]]
REAL = [[True, True, False], [False, True, False]]


def test_a_step_of_nothing_but_the_value_is_masked_and_set_to_zero(call):
    output = call(Masking(9.0), X)

    assert output.tolist() == [[[1, 2], [9, 0], [0, 0]], [[0, 0], [0, 0], [0, 0]]]
    assert call.run.output_masks[0].tolist() == REAL


def test_a_step_is_real_only_where_it_was_before():
    before = ops.asarray([[True, False, True], [True, True, True]])

    found = Masking(9.0).output_mask(ops.asarray(X), before)

    assert found.tolist() == [[True, False, False], [False, True, False]]


def test_a_step_may_have_further_axes(call, rng):
    x = rng.normal(size=(2, 3, 4, 5)).astype("float32")
    x[1, 2:] = 0.0

    np.testing.assert_array_equal(call(Masking(), x), x)
    assert call.run.output_masks[0].tolist() == [[True] * 3, [True, True, False]]


def test_the_value_is_compared_as_the_data_is():
    model = lm.Sequential([Input((2, 1)), Masking(-0.1)])

    assert model.predict(np.array([[[-0.1], [5]]])).tolist() == [[[0], [5]]]


def test_the_gradient_of_masked_steps_is_zero():
    layer = Masking(9.0)

    gradient = ops.grad(lambda x: ops.sum(layer.call({}, x, None)))(ops.asarray(X))

    np.testing.assert_array_equal(gradient, np.repeat(np.array(REAL, "float32")[..., None], 2, axis=-1))


@pytest.mark.parametrize("verb", ["predict", "evaluate"])
def test_a_row_of_padding_alone_is_refused_with_its_number(verb):
    model = lm.Sequential([Input((3, 2)), Masking(9.0), lm.layers.Dense(1)])
    model.compile("sgd", "mse")
    x = [*X, np.full((3, 2), 9.0)]

    sentence = r"x: expected at least one step in each row that .* does not mask, got nothing but 9 in row 2"
    with pytest.raises(DataError, match=sentence + ".\n  Fix: remove rows without content"):
        getattr(model, verb)(x, *([np.zeros((3, 3))] if verb == "evaluate" else []))


@pytest.mark.parametrize("shape", [(3,), ()])
def test_the_input_is_a_sequence(shape):
    with pytest.raises(ShapeError, match=r"Masking\(\): expected an input of shape \(batch, time, features\)"):
        Masking()(Input(shape))


@pytest.mark.parametrize("value", [np.nan, np.inf, "0", None])
def test_the_value_is_a_number(value):
    with pytest.raises(ArgumentError, match=r"Masking\(mask_value\): expected a finite number"):
        Masking(value)
