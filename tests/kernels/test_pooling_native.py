"""The native pooling equals the reference in float64, and its twin where there are many channels."""

import numpy as np
import pytest
from hypothesis import given, settings

from kernels.reference import pooling, poolings
from lamina.kernels import Window, _library
from lamina.kernels import _pooling_native as native
from lamina.kernels import _pooling_twin as twin

pytestmark = pytest.mark.skipif(_library.instruction_set() is None, reason="installed without native kernels")


def all_of(engine, x, size, window, dy):
    image = x.shape[1:3]
    largest, places = engine.maximum(x, size, window)
    back = engine.maximum_gradient(dy, places, size, window, image)
    mean = engine.average(x, size, window), engine.average_gradient(dy, size, window, image)
    return largest, back, *mean


@settings(max_examples=80, deadline=None)
@given(poolings())
def test_output_and_gradients_are_those_of_the_reference(shapes):
    x_shape, size, window = shapes
    rng = np.random.default_rng(0)
    x = rng.integers(4, size=x_shape).astype("float32")  # with equal numbers among them
    dy = rng.normal(size=(x_shape[0], *window.stops(x_shape[1:3], size), x_shape[3])).astype("float32")

    found = all_of(native, x, size, window, dy)

    largest, mean = pooling(x, size, window, dy)
    for part, reference in zip(found, (*largest, *mean), strict=True):
        np.testing.assert_allclose(part, reference, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("channels", [1, 7, 8, 37])
def test_any_number_of_channels_gives_what_the_twin_gives(channels, rng):
    window = Window((2, 1), ((1, 0), (1, 1)))
    x = rng.normal(size=(3, 11, 9, channels)).astype("float32")
    dy = rng.normal(size=(3, *window.stops((11, 9), (3, 2)), channels)).astype("float32")

    for found, wanted in zip(all_of(native, x, (3, 2), window, dy), all_of(twin, x, (3, 2), window, dy), strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-5)


def test_what_is_not_a_number_is_not_hidden():
    x = np.array([1, np.nan, 3], "float32").reshape(1, 1, 3, 1)

    y, places = native.maximum(x, (1, 3), Window())

    assert np.isnan(y).all()
    assert places.item() == 1


def test_sizes_that_do_not_fit_together_are_refused():
    x = np.ones((1, 4, 4, 2), "float32")

    with pytest.raises(Exception, match="lamina kernels: the sizes of a pooling do not fit together"):
        np.asarray(native.average_gradient(x, (2, 2), Window((2, 2)), (20, 20)))
