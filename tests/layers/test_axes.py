import numpy as np
import pytest

from lamina.errors import ArgumentError, ShapeError
from lamina.layers import Identity
from lamina.layers._axes import check_axes, known_sizes, mask_along, resolve_axes, spread


@pytest.mark.parametrize("axes", [1, -1, 3, (1,), (2, -1)])
def test_axes_count_from_either_end(axes):
    check_axes("Layer(axis)", axes)


@pytest.mark.parametrize("axes", [0, (), (0,), 1.0, None, True, "1", [1]])
def test_the_batch_and_what_is_no_axis_are_refused(axes):
    with pytest.raises(ArgumentError, match=r"Layer\(axis\): expected an axis after the batch"):
        check_axes("Layer(axis)", axes)


@pytest.mark.parametrize(("axes", "found"), [(1, (1,)), (-1, (3,)), ((3, 1), (1, 3)), ((-1, 1), (1, 3))])
def test_axes_are_counted_from_the_front_in_order(axes, found):
    assert resolve_axes(Identity(), axes, (None, 2, 3, 4)) == found


@pytest.mark.parametrize(("axes", "words"), [(4, "the axis 4"), (-4, "the axis -4"), ((3, -1), "the different axes")])
def test_axes_that_a_shape_does_not_have_are_refused(axes, words):
    with pytest.raises(ShapeError, match=f"expected an input with {words}"):
        resolve_axes(Identity(), axes, (None, 2, 3, 4))


def test_sizes_must_be_known_along_axes():
    assert known_sizes(Identity(), (1, 3), (None, 2, None, 4)) == (2, 4)
    with pytest.raises(ShapeError, match=r"expected an input with known sizes along \(2,\)"):
        known_sizes(Identity(), (2,), (None, 2, None, 4))


def test_values_are_spread_so_that_they_broadcast():
    values = np.ones((2, 4))

    assert spread(values, (1, 3), 4).shape == (1, 2, 1, 4)
    assert spread(np.ones(()), (), 3).shape == (1, 1, 1)


@pytest.mark.parametrize("axes", [-1, 2, (2, 3), (-1, 2)])
def test_a_mask_passes_by_axes_after_the_time(axes):
    assert mask_along(Identity(), axes, masked=True)
    assert not mask_along(Identity(), axes, masked=False)


@pytest.mark.parametrize("axes", [1, -2, (1, 2), (-1, 1)])
def test_a_mask_is_refused_along_what_may_be_the_time(axes):
    assert not mask_along(Identity(), axes, masked=False)
    with pytest.raises(ArgumentError, match=r"Identity\(\): .* got one with a mask.\n  Fix: give it the last axis"):
        mask_along(Identity(), axes, masked=True)
