"""The native convolution equals the reference in float64, and its twin where sizes are large."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.reference import (
    check_convolutions,
    convolution,
    convolution_gradients,
    convolutions,
    saving_convolutions,
)
from lamina.kernels import Window, _library
from lamina.kernels import _convolution_native as native
from lamina.kernels import _convolution_twin as twin
from lamina.kernels._library import call, floats

pytestmark = pytest.mark.skipif(_library.instruction_set() is None, reason="installed without native kernels")

LARGE = {
    "more rows, columns and taps than one block takes": ((3, 21, 19, 47), (3, 3, 47, 35), Window()),
    "outputs beyond a whole tile": ((2, 30, 30, 3), (5, 5, 3, 33), Window((2, 2), ((2, 2), (1, 2)))),
    "one output": ((2, 40, 40, 8), (3, 3, 8, 1), Window(padding=((1, 1), (1, 1)))),
    "dilated groups": ((2, 25, 25, 20), (3, 2, 5, 68), Window((1, 3), ((2, 0), (0, 3)), (3, 2), 4)),
    "strides longer than the kernel": ((4, 31, 29, 18), (2, 2, 18, 24), Window((4, 3))),
    "each channel by itself": ((2, 17, 17, 37), (3, 3, 1, 37), Window((2, 1), ((1, 1), (1, 1)), groups=37)),
    "two outputs for each channel": ((2, 9, 9, 5), (3, 3, 1, 10), Window((1, 1), ((1, 1), (0, 0)), groups=5)),
    "a kernel of one number": ((5, 14, 14, 130), (1, 1, 130, 50), Window()),
    "fewer products": ((6, 28, 28, 33), (3, 3, 33, 70), Window()),
    "fewer products of many channels": ((2, 14, 14, 400), (3, 3, 400, 40), Window(padding=((1, 1), (1, 1)))),
    "a kernel that is taken in parts": ((1, 30, 30, 700), (3, 3, 700, 420), Window()),
    "a line": ((8, 1, 200, 32), (1, 3, 32, 64), Window(padding=((0, 0), (2, 0)))),
}


@settings(max_examples=15, deadline=None)
@given(st.lists(convolutions(), min_size=20, max_size=20))
def test_outputs_and_gradients_are_those_of_the_reference(cases):
    check_convolutions(native, cases)


@settings(max_examples=12, deadline=None)
@given(st.lists(saving_convolutions(), min_size=10, max_size=10))
def test_so_are_those_made_with_fewer_products(cases):
    check_convolutions(native, cases)


@pytest.mark.parametrize("channels", [(24, 40), (64, 64), (128, 128)])
def test_fewer_products_lose_no_digits(channels, rng):
    window = Window(padding=((1, 1), (1, 1)))
    x, kernel, dy = (
        rng.normal(size=shape).astype("float32")
        for shape in ((8, 14, 14, channels[0]), (3, 3, *channels), (8, 14, 14, channels[1]))
    )

    found = (
        native.forward(x, kernel, None, window, "linear"),
        native.input_gradient(dy, kernel, window, x.shape),
        native.kernel_gradient(x, dy, window, kernel.shape),
    )

    wanted = convolution(x, kernel, window), *convolution_gradients(x, kernel, dy, window)
    for part, exact in zip(found, wanted, strict=True):
        assert np.abs(part - exact).max() < 1e-6 * np.abs(exact).max()


@pytest.mark.parametrize("activation", ["linear", "relu", "sigmoid", "tanh"])
def test_fewer_products_end_in_any_activation(activation, rng):
    x_shape, kernel_shape, window = LARGE["fewer products"]
    x, kernel, bias = (rng.normal(size=shape).astype("float32") for shape in (x_shape, kernel_shape, kernel_shape[3:]))
    kernel /= 10  # so that sums are of the size at which activations bend

    close(native.forward(x, kernel, bias, window, activation), twin.forward(x, kernel, bias, window, activation))


@pytest.mark.parametrize("spoiled", [np.nan, np.inf, 1e38])
def test_one_image_leaves_the_others_alone(spoiled, rng):
    x, kernel = (rng.normal(size=shape).astype("float32") for shape in ((5, 15, 13, 20), (3, 3, 20, 33)))
    wanted = np.asarray(native.forward(x, kernel, None, Window(), "relu"))
    x[2, 7:9] = spoiled

    found = np.asarray(native.forward(x, kernel, None, Window(), "relu"))

    others = [0, 1, 3, 4]
    np.testing.assert_array_equal(found[others], wanted[others])


@pytest.mark.parametrize("case", LARGE)
def test_large_sizes_give_what_the_twin_gives(case, rng):
    x_shape, kernel_shape, window = LARGE[case]
    x, kernel = (rng.normal(size=shape).astype("float32") for shape in (x_shape, kernel_shape))
    bias = rng.normal(size=kernel_shape[3]).astype("float32")
    wanted = twin.forward(x, kernel, bias, window, "relu")
    dy = rng.normal(size=wanted.shape).astype("float32")

    close(native.forward(x, kernel, bias, window, "relu"), wanted)
    close(native.input_gradient(dy, kernel, window, x_shape), twin.input_gradient(dy, kernel, window, x_shape))
    close(native.kernel_gradient(x, dy, window, kernel_shape), twin.kernel_gradient(x, dy, window, kernel_shape))


@pytest.mark.parametrize("activation", ["linear", "relu", "sigmoid", "tanh"])
def test_activations_hold_over_all_that_a_float_can_be(activation):
    x = np.array([0, -0.0, 1e-30, 0.3, -0.41, 0.7, 3, -8, 20, -90, 1e30, -1e30, np.inf, -np.inf, np.nan], "float32")
    images, one = x.reshape(1, 1, -1, 1), np.ones((1, 1, 1, 1), "float32")

    y = native.forward(images, one, None, Window(), activation)

    exact = {
        "linear": lambda x: x,
        "relu": lambda x: np.maximum(x, 0),
        "sigmoid": lambda x: np.where(x >= 0, 1 / (1 + np.exp(-np.abs(x))), 1 - 1 / (1 + np.exp(-np.abs(x)))),
        "tanh": np.tanh,
    }[activation](x.astype("float64"))
    np.testing.assert_allclose(y.ravel(), exact, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("case", ["more rows, columns and taps than one block takes", "fewer products"])
def test_the_same_numbers_come_each_time(case, rng):
    x_shape, kernel_shape, window = LARGE[case]
    x, kernel = (rng.normal(size=shape).astype("float32") for shape in (x_shape, kernel_shape))
    dy = native.forward(x, kernel, None, window, "relu")

    first, *others = (np.asarray(native.kernel_gradient(x, dy, window, kernel_shape)) for _ in range(4))

    assert all((other == first).all() for other in others)


def test_sizes_that_do_not_fit_together_are_refused(rng):
    x, kernel = np.ones((1, 4, 4, 2), "float32"), np.ones((3, 3, 2, 5), "float32")

    with pytest.raises(Exception, match="lamina kernels: the sizes of a convolution do not fit together"):
        np.asarray(native.input_gradient(x, kernel, Window(), (1, 9, 9, 2)))


@pytest.mark.parametrize("number", [-1, 2**31, 2**62])
@pytest.mark.parametrize("place", range(9))
def test_numbers_that_would_overflow_are_refused(place, number):
    window, one = [1, 1, 0, 0, 0, 0, 1, 1, 1], np.ones((1, 1, 1, 1), "float32")
    window[place] = number

    with pytest.raises(Exception, match="lamina kernels: the sizes of a convolution do not fit together"):
        np.asarray(call("convolve_input_gradient", floats(one.shape), one, one, window=window))


def close(found, wanted):
    np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-5 * float(np.abs(wanted).max()))
