import numpy as np
import pytest

from lamina import ops
from lamina.errors import ArgumentError, ShapeError
from lamina.layers import Concatenate, Input


def test_inputs_are_joined_end_to_end(call):
    assert call(Concatenate(), [[1.0, 2.0]], [[3.0]], [[4.0]]).tolist() == [[1, 2, 3, 4]]


@pytest.mark.parametrize("axis", [1, 2, -1, -2])
def test_any_axis_after_the_batch_will_do(axis, call, rng):
    x = rng.normal(size=(2, 3, 4)).astype("float32")

    np.testing.assert_array_equal(call(Concatenate(axis), x, x), np.concatenate([x, x], axis))


@pytest.mark.parametrize(
    ("shapes", "joined"),
    [([(None, 2), (3, 2)], (None, 2)), ([(3, None), (4, 2)], (7, 2)), ([(3, 2)], (3, 2))],
)
def test_unknown_sizes_are_known_where_they_can_be(shapes, joined):
    assert Concatenate(axis=1)([Input(shape) for shape in shapes]).shape == (None, *joined)


@pytest.mark.parametrize("other", [(4, 2), (3,), (3, 2, 1)])
def test_shapes_that_differ_elsewhere_are_both_named(other):
    with pytest.raises(ShapeError, match=r"differ in the axis -1 alone, got \(None, 3, 2\) and \(None"):
        Concatenate()([Input((3, 2)), Input(other)])


def test_the_batch_is_no_axis_to_join_along():
    with pytest.raises(ArgumentError, match=r"Concatenate\(axis\): expected an axis after the batch"):
        Concatenate(0)


def test_inputs_side_by_side_are_to_be_a_list():
    with pytest.raises(ArgumentError, match=r"got 2 arguments\.\n  Fix: pass a list: Concatenate\(\)\(\[a, b\]\)"):
        Concatenate()(Input((3,)), Input((3,)))


FIRST, SECOND = np.array([[True, True, False]]), np.array([[True, False, False]])


@pytest.mark.parametrize(
    ("axis", "masks", "found"),
    [
        (-1, (FIRST, SECOND), [[True, False, False]]),
        (2, (None, FIRST), [[True, True, False]]),
        (1, (FIRST, SECOND), [[True, True, False, True, False, False]]),
        (-2, (FIRST, None), [[True, True, False, True, True, True]]),
    ],
    ids=["features", "one", "time", "one after the other"],
)
def test_masks_are_joined_as_the_inputs_are(axis, masks, found):
    x = ops.ones((1, 3, 2)), ops.ones((1, 3, 2))

    assert Concatenate(axis).output_mask(x, masks).tolist() == found
