"""Convolution along one, two and three axes, by hand and against NumPy in float64."""

import numpy as np
import pytest

from lamina import ops
from lamina._core import windows
from lamina.errors import ShapeError


def reference(x, kernel, strides, padding, dilation):
    """Return the convolution along any number of axes, one stop after the other."""
    sizes = kernel.shape[:-2]
    covered = [windows.reach(size, apart) for size, apart in zip(sizes, dilation, strict=True)]
    moves = list(zip(x.shape[1:-1], covered, strides, strict=True))
    stops = [windows.stops(length, span, stride=stride, padding=padding) for length, span, stride in moves]
    edges = [windows.edges(length, span, stride=stride, padding=padding) for length, span, stride in moves]
    x = np.pad(x.astype("float64"), ((0, 0), *edges, (0, 0)))
    groups = x.shape[-1] // kernel.shape[-2]
    y = np.zeros((len(x), *stops, kernel.shape[-1]))
    for stop in np.ndindex(*stops):
        for offset in np.ndindex(*sizes):
            place = tuple(s * stride + o * d for s, stride, o, d in zip(stop, strides, offset, dilation, strict=True))
            met = np.split(x[(slice(None), *place)], groups, axis=-1)
            own = np.split(kernel[offset], groups, axis=-1)
            y[(slice(None), *stop)] += np.concatenate([a @ b for a, b in zip(met, own, strict=True)], axis=-1)
    return y


def test_a_kernel_of_ones_adds_neighbours():
    x = np.array([1.0, 2, 3, 4], "float32").reshape(1, 4, 1)
    kernel = np.ones((2, 1, 1), "float32")

    assert ops.convolve(x, kernel)[0, :, 0].tolist() == [3, 5, 7]
    assert ops.convolve(x, kernel, padding="same")[0, :, 0].tolist() == [3, 5, 7, 4]
    assert ops.convolve(x, kernel, padding="causal", strides=2)[0, :, 0].tolist() == [1, 5]
    assert ops.convolve(x, kernel, np.array([-5.0]), dilation=2, activation="relu")[0, :, 0].tolist() == [0, 1]


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(
    ("sizes", "kernel_shape", "strides", "dilation"),
    [
        ((9,), (3, 2, 4), (2,), (1,)),
        ((9,), (2, 4, 3), (1,), (3,)),
        ((5, 6), (2, 3, 2, 4), (2, 1), (1, 2)),
        ((4, 5, 6), (2, 3, 1, 4, 3), (1, 2, 3), (2, 1, 1)),
        ((5, 4, 4), (3, 2, 2, 2, 4), (2, 1, 1), (1, 2, 1)),
        ((3, 3, 3), (2, 2, 2, 1, 8), (1, 1, 1), (1, 1, 1)),
    ],
)
def test_any_number_of_axes_is_moved_along(sizes, kernel_shape, strides, dilation, padding, rng):
    x, kernel = (rng.normal(size=shape).astype("float32") for shape in ((2, *sizes, 4), kernel_shape))

    y = ops.convolve(x, kernel, strides=strides, padding=padding, dilation=dilation)

    np.testing.assert_allclose(y, reference(x, kernel, strides, padding, dilation), rtol=1e-4, atol=1e-5)


def test_a_transpose_spreads_each_place_out():
    x = np.array([1.0, 2], "float32").reshape(1, 2, 1)
    kernel = np.array([1.0, 10, 100], "float32").reshape(3, 1, 1)

    def spread(**how):
        return ops.convolve_transpose(x, kernel, **how)[0, :, 0].tolist()

    assert spread(strides=1) == [1, 12, 120, 200]
    assert spread(strides=2) == [1, 10, 102, 20, 200]
    assert spread(strides=4) == [1, 10, 100, 0, 2, 20, 200, 0]
    assert spread(strides=2, padding="same") == [1, 10, 102, 20]
    assert spread(strides=2, padding="same", output_padding=0) == [10, 102, 20]
    assert spread(dilation=2) == [1, 2, 10, 20, 100, 200]


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(("strides", "dilation"), [((2, 3), (1, 1)), ((1, 1), (2, 1))])
def test_a_transpose_is_the_gradient_of_the_convolution_it_undoes(strides, dilation, padding, rng):
    y, kernel = rng.normal(size=(2, 3, 4, 5)).astype("float32"), rng.normal(size=(3, 2, 6, 5)).astype("float32")

    x = ops.convolve_transpose(y, kernel, np.zeros(6), strides=strides, padding=padding, dilation=dilation)

    _, pull_back = ops.vjp(
        lambda x: ops.convolve(x, kernel, strides=strides, padding=padding, dilation=dilation), ops.zeros(x.shape)
    )
    np.testing.assert_allclose(x, pull_back(y)[0], rtol=1e-4, atol=1e-5)


def test_a_bias_is_added_to_a_transpose():
    x, kernel = np.ones((1, 2, 1), "float32"), np.ones((1, 3, 1), "float32")

    assert ops.convolve_transpose(x, kernel, np.array([0.0, 1, 2])).tolist() == [[[1, 2, 3], [1, 2, 3]]]


def test_numbers_of_two_types_meet_in_the_wider_one():
    assert ops.convolve(np.ones((1, 3, 1), "bfloat16"), np.ones((2, 1, 1), "float32")).dtype == "float32"


def test_a_batch_may_be_empty():
    assert ops.convolve(np.ones((0, 4, 4, 1), "float32"), np.ones((2, 2, 1, 3), "float32")).shape == (0, 3, 3, 3)


@pytest.mark.parametrize(
    ("shape", "sentence"),
    [
        ((2, 3, 5), r"ops\.convolve: expected a kernel whose channels divide the 4 of x, got one of shape \(2, 3, 5\)"),
        ((9, 4, 5), r"ops\.convolve: expected a kernel that fits into \(6,\), dilated by \(1,\), got one of shape"),
    ],
)
def test_a_kernel_that_does_not_fit_is_refused(shape, sentence):
    with pytest.raises(ShapeError, match=sentence):
        ops.convolve(np.ones((1, 6, 4), "float32"), np.ones(shape, "float32"))


def test_a_transpose_refuses_other_channels():
    with pytest.raises(
        ShapeError, match=r"expected a kernel of shape \(..., outputs, 4\), got one of shape \(2, 4, 3\)"
    ):
        ops.convolve_transpose(np.ones((1, 6, 4), "float32"), np.ones((2, 4, 3), "float32"))
