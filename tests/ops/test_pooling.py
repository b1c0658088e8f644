"""Pooling along one, two and three axes, by hand and against NumPy in float64."""

import numpy as np
import pytest

from lamina import ops
from lamina._core import windows
from lamina.errors import ShapeError

STEPS = np.array([1.0, 5, 2, 4, 3], "float32").reshape(1, 5, 1)


def reference(join, x, size, strides, padding):
    """Return what `join` makes of each window, one stop after the other."""
    moves = list(zip(x.shape[1:-1], size, strides, strict=True))
    stops = [windows.stops(length, span, stride=stride, padding=padding) for length, span, stride in moves]
    edges = [windows.edges(length, span, stride=stride, padding=padding) for length, span, stride in moves]
    y = np.zeros((len(x), *stops, x.shape[-1]))
    for stop in np.ndindex(*stops):
        starts = [at * stride - low for at, stride, (low, _) in zip(stop, strides, edges, strict=True)]
        covered = [slice(max(start, 0), start + span) for start, span in zip(starts, size, strict=True)]
        y[(slice(None), *stop)] = join(x[(slice(None), *covered)], axis=tuple(range(1, x.ndim - 1)))
    return y


def test_windows_do_not_overlap_unless_they_are_told_to():
    assert ops.max_pool(STEPS, 2)[0, :, 0].tolist() == [5, 4]
    assert ops.max_pool(STEPS, 2, strides=1)[0, :, 0].tolist() == [5, 5, 4, 4]
    assert ops.average_pool(STEPS, 2)[0, :, 0].tolist() == [3, 3]
    assert ops.average_pool(STEPS, 2, padding="same")[0, :, 0].tolist() == [3, 3, 3]


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(
    ("sizes", "size", "strides"),
    [
        ((9,), (3,), (2,)),
        ((5, 6), (2, 3), (2, 1)),
        ((4, 5, 6), (2, 3, 2), (1, 2, 3)),
        ((5, 4, 4), (3, 1, 2), (2, 1, 1)),
    ],
)
def test_any_number_of_axes_is_moved_along(sizes, size, strides, padding, rng):
    x = rng.normal(size=(2, *sizes, 3)).astype("float32")

    largest, mean = (pool(x, size, strides=strides, padding=padding) for pool in (ops.max_pool, ops.average_pool))

    np.testing.assert_allclose(largest, reference(np.max, x, size, strides, padding), rtol=1e-6)
    np.testing.assert_allclose(
        mean, reference(np.mean, x.astype("float64"), size, strides, padding), rtol=1e-4, atol=1e-6
    )


@pytest.mark.parametrize("pool", [ops.max_pool, ops.average_pool])
def test_a_window_that_does_not_fit_is_refused(pool):
    sentence = rf"ops\.{pool.__name__}: expected a window that fits into \(5,\), got one of size \(6,\)"
    with pytest.raises(ShapeError, match=sentence):
        pool(STEPS, 6)
