import numpy as np
import pytest

import lamina as lm
from lamina import ops
from lamina.errors import ArgumentError, ShapeError
from lamina.layers import Add, Average, Input, Maximum, Minimum, Multiply, Subtract

FIRST, SECOND = [[1, 6], [4, 2]], [[3, 2], [4, 8]]


@pytest.mark.parametrize(
    ("layer", "wanted"),
    [
        (Add(), [[4, 8], [8, 10]]),
        (Average(), [[2, 4], [4, 5]]),
        (Maximum(), [[3, 6], [4, 8]]),
        (Minimum(), [[1, 2], [4, 2]]),
        (Multiply(), [[3, 12], [16, 16]]),
        (Subtract(), [[-2, 4], [0, -6]]),
    ],
    ids=repr,
)
def test_two_inputs_are_joined_number_by_number(layer, wanted, call):
    assert call(layer, np.float32(FIRST), np.float32(SECOND)).tolist() == wanted


@pytest.mark.parametrize(
    ("layer", "reduce"), [(Add(), np.sum), (Average(), np.mean), (Maximum(), np.max)], ids=["add", "average", "maximum"]
)
@pytest.mark.parametrize("count", [1, 2, 5])
def test_any_number_of_inputs_will_do(layer, reduce, count, call, rng):
    inputs = [rng.normal(size=(3, 4)) for _ in range(count)]

    np.testing.assert_allclose(call(layer, *inputs), reduce(inputs, axis=0), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("shapes", "joined"),
    [
        ([(3,), (3,)], (3,)),
        ([(3,), (1,)], (3,)),
        ([(4, 3), (3,)], (4, 3)),
        ([(2, 1, 3), (5, 1), ()], (2, 5, 3)),
        ([(None, 3), (4, 3)], (4, 3)),
        ([(None, 3), (1, 3)], (None, 3)),
    ],
)
def test_sizes_of_one_and_missing_axes_are_stretched(shapes, joined):
    assert Add()([Input(shape) for shape in shapes]).shape == (None, *joined)


def test_a_vector_for_each_row_is_added_at_every_time_step(call, rng):
    sequence, vector = rng.normal(size=(2, 4, 3)), rng.normal(size=(2, 3))

    np.testing.assert_allclose(call(Add(), sequence, vector), sequence + vector[:, None], rtol=1e-5, atol=1e-6)


def test_shapes_that_do_not_fit_are_both_named():
    with pytest.raises(ShapeError, match=r"Add\(\): .* fit each other, got \(None, 3\) and \(None, 4\).\n  Fix: bring"):
        Add()([Input((3,)), Input((4,))])


def test_a_difference_has_two_sides():
    with pytest.raises(ArgumentError, match=r"Subtract\(\): expected two symbols, got a list of 3"):
        Subtract()([Input((2,))] * 3)


def test_a_single_symbol_is_no_list():
    with pytest.raises(ArgumentError, match=r"Add\(\): expected a list .* symbols, got one.\n  Fix: pass a list"):
        Add()(Input((2,)))


def test_whole_numbers_are_averaged_exactly():
    a, b = Input((1,), dtype="int32"), Input((1,), dtype="int32")

    assert lm.Model([a, b], Average()([a, b])).predict([[[1]], [[2]]]).tolist() == [[1.5]]


def test_a_step_is_real_where_it_is_in_every_input():
    x = [ops.ones((1, 3, 2))] * 3
    masks = np.array([[True, True, False]]), None, np.array([[False, True, True]])

    assert Add().output_mask(x, masks).tolist() == [[False, True, False]]


def test_a_single_step_counts_for_each_step_it_is_joined_with():
    x = ops.ones((2, 1, 2)), ops.ones((2, 3, 2))

    found = Multiply().output_mask(x, (np.array([[True], [False]]), None))

    assert found.tolist() == [[True] * 3, [False] * 3]


def test_a_mask_on_an_input_with_fewer_axes_is_refused():
    a, b = Input((3, 2)), Input((2, 3, 2))

    with pytest.raises(ArgumentError, match=r"Add\(\): .* got one with a mask.\n  Fix: give all inputs as many axes"):
        lm.Model([a, b], Add()([lm.layers.Masking()(a), b])).predict([np.ones((1, 3, 2)), np.ones((1, 2, 3, 2))])
