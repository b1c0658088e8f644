"""The native pooling equals the reference in float64, and its twin where there are many channels."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.reference import check_poolings, pooled, poolings
from lamina.kernels import Window, _library, max_pool
from lamina.kernels import _pooling_native as native
from lamina.kernels import _pooling_twin as twin
from lamina.kernels._convolution_native import numbers
from lamina.kernels._library import call, floats

pytestmark = pytest.mark.skipif(_library.instruction_set() is None, reason="installed without native kernels")


@settings(max_examples=15, deadline=None)
@given(st.lists(poolings(), min_size=20, max_size=20))
def test_outputs_and_gradients_are_those_of_the_reference(cases):
    check_poolings(native, cases)


@pytest.mark.parametrize("channels", [1, 7, 8, 37])
def test_any_number_of_channels_gives_what_the_twin_gives(channels, rng):
    window = Window((2, 1), ((1, 0), (1, 1)))
    x = rng.normal(size=(3, 11, 9, channels)).astype("float32")
    dy = rng.normal(size=(3, *window.stops((11, 9), (3, 2)), channels)).astype("float32")

    for found, wanted in zip(pooled(native, x, (3, 2), window, dy), pooled(twin, x, (3, 2), window, dy), strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-5)


def test_what_is_not_a_number_is_not_hidden():
    x = np.array([1, np.nan, 3], "float32").reshape(1, 1, 3, 1)

    y, places = native.maximum(x, (1, 3), Window())

    assert np.isnan(y).all()
    assert places.item() == 1


def test_the_places_of_maxima_are_written_for_a_gradient_alone():
    x, moves = np.ones((1, 4, 4, 2), "float32"), {"window_size": (2, 2), "strides": (2, 2), "padding": ((0, 0), (0, 0))}

    def called(function):
        lines = jax.jit(function).lower(x).as_text().splitlines()
        return next(line for line in lines if "lamina_max_pool" in line)

    assert "tensor<0xui8>" in called(lambda x: max_pool(x, **moves))
    assert "tensor<0xui8>" not in called(jax.grad(lambda x: jnp.sum(max_pool(x, **moves))))


@pytest.mark.parametrize(("size", "dtype"), [((16, 16), "uint8"), ((257, 1), "int32")])
def test_the_last_place_of_a_large_window_is_found(size, dtype, rng):
    x = rng.normal(size=(1, *size, 19)).astype("float32")
    x[0, -1, -1] = 10  # the largest
    dy = np.ones((1, 1, 1, 19), "float32")

    _, places = native.maximum(x, size, Window())
    slopes = native.maximum_gradient(dy, places, size, Window(), size)

    assert places.dtype == dtype
    assert places.ravel().tolist() == [size[0] * size[1] - 1] * 19
    np.testing.assert_array_equal(slopes, x == 10)


def test_places_that_do_not_fit_the_window_are_refused():
    slopes = np.ones((1, 1, 1, 1), "float32")

    with pytest.raises(Exception, match="lamina kernels: the sizes of a pooling do not fit together"):
        call(
            "max_pool_gradient",
            floats((1, 1, 257, 1)),
            slopes,
            np.zeros(slopes.shape, "uint8"),
            size=(1, 257),
            window=numbers(Window()),
        ).block_until_ready()


def test_sizes_that_do_not_fit_together_are_refused():
    x = np.ones((1, 4, 4, 2), "float32")

    with pytest.raises(Exception, match="lamina kernels: the sizes of a pooling do not fit together"):
        np.asarray(native.average_gradient(x, (2, 2), Window((2, 2)), (20, 20)))


@pytest.mark.parametrize("number", [-1, 2**31, 2**62])
@pytest.mark.parametrize("place", range(10))
def test_numbers_that_would_overflow_are_refused(place, number):
    numbers, one = [1, 1, 0, 0, 0, 0, 1, 1, 1, 1], np.ones((1, 1, 1, 1), "float32")
    numbers[place] = number
    window, size = (*numbers[:8], 1), numbers[8:]

    with pytest.raises(Exception, match="lamina kernels: the sizes of a pooling do not fit together"):
        np.asarray(call("average_pool", floats(one.shape), one, size=size, window=window))
