"""Kernels take halves on a CPU: they compute in float32, and give halves back."""

import numpy as np
import pytest

from lamina import kernels, ops
from lamina.kernels import Window

IMAGES, KERNEL = (2, 6, 6, 3), (3, 3, 3, 4)


def halves(rng, *shapes):
    return [ops.asarray(rng.normal(size=shape), "bfloat16") for shape in shapes]


@pytest.mark.parametrize(
    ("kernel", "shapes"),
    [
        (lambda x, k: kernels.convolve(x, k, window=Window(), activation="relu"), [IMAGES, KERNEL]),
        (lambda x, k: kernels.convolve_transpose(x, k, window=Window(), image=(8, 8)), [IMAGES, (3, 3, 4, 3)]),
        (lambda x: kernels.max_pool(x, window_size=(2, 2), strides=(2, 2), padding=((0, 0), (0, 0))), [IMAGES]),
        (lambda x: kernels.average_pool(x, window_size=(2, 2), strides=(2, 2), padding=((0, 0), (0, 0))), [IMAGES]),
        (
            lambda x, k, r, h, kept: kernels.gru(x, (k, r, None), (h,), kept=kept)[0],
            [(2, 3, 4), (4, 15), (5, 15), (2, 5), (2, 5)],
        ),
        (
            lambda x, k, r, h: kernels.lstm(x, (k, r, None), (h, h))[1][1],
            [(2, 3, 4), (4, 20), (5, 20), (2, 5)],
        ),
        (
            lambda x, k, r, h: kernels.simple_rnn(x, (k, r, None), (h,), mask=np.array([[1, 1, 0], [1, 1, 1]], bool))[
                0
            ],
            [(2, 3, 4), (4, 5), (5, 5), (2, 5)],
        ),
    ],
)
def test_value_and_slopes_are_those_of_float32_rounded(kernel, shapes, rng):
    narrow = halves(rng, *shapes)
    exact = [array.astype("float32") for array in narrow]

    def value(arrays):
        return ops.sum(kernel(*arrays).astype("float32") ** 2)

    found, slopes = kernel(*narrow), ops.grad(value)(narrow)

    assert {array.dtype.name for array in (found, *slopes)} == {"bfloat16"}
    np.testing.assert_array_equal(found.astype("float32"), kernel(*exact).astype("bfloat16").astype("float32"))
    for slope, expected in zip(slopes, ops.grad(value)(exact), strict=True):
        scale = float(ops.max(ops.abs(expected)))
        np.testing.assert_allclose(slope.astype("float32"), expected, atol=0.02 * scale)


def test_an_input_that_was_widened_on_the_way_goes_with_halves(rng):
    x, kernel = halves(rng, IMAGES, KERNEL)

    assert kernels.convolve(x.astype("float32"), kernel, window=Window()).dtype == "float32"
