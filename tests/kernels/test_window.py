import jax
import numpy as np
import pytest

from lamina.kernels import Window
from lamina.kernels._window import taps, untaps

IMAGE = np.arange(12.0, dtype="float32").reshape(1, 3, 4, 1)


@pytest.mark.parametrize(
    ("window", "stops"),
    [
        (Window(), (2, 3)),
        (Window(strides=(2, 3)), (1, 1)),
        (Window(padding=((1, 0), (0, 2))), (3, 5)),
        (Window(dilation=(2, 3)), (1, 1)),
        (Window(dilation=(3, 1)), (0, 3)),
    ],
    ids=str,
)
def test_a_window_of_two_by_two_stops_where_it_fits(window, stops):
    assert window.stops((3, 4), (2, 2)) == stops


def test_the_numbers_of_a_kernel_lie_apart_by_the_dilation():
    assert list(Window(dilation=(2, 3)).offsets((2, 2))) == [(0, 0), (0, 3), (2, 0), (2, 3)]


def test_taps_are_what_each_number_of_the_kernel_meets():
    found = taps(IMAGE, (1, 2), Window(strides=(2, 1), padding=((0, 0), (1, 0))), fill=-1.0)

    left, right = (part[0, ..., 0].tolist() for part in found)
    assert left == [[-1, 0, 1, 2], [-1, 8, 9, 10]]
    assert right == [[0, 1, 2, 3], [8, 9, 10, 11]]


@pytest.mark.parametrize(
    "window", [Window(), Window((2, 1), ((1, 0), (2, 2)), (1, 2)), Window((3, 2), ((3, 3), (0, 0)))], ids=str
)
def test_untaps_is_the_transpose_of_taps(window, rng):
    size = (2, 2)
    parts = [rng.normal(size=part.shape).astype("float32") for part in taps(IMAGE, size, window)]

    found = untaps(parts, size, window, IMAGE.shape[1:3])

    (wanted,) = jax.vjp(lambda x: taps(x, size, window), IMAGE)[1](parts)
    np.testing.assert_allclose(found, wanted, rtol=1e-5)
