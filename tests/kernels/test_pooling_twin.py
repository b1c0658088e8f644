"""The twins of pooling equal a reference in float64, whatever the shapes."""

import jax
import numpy as np
from hypothesis import given, settings

from kernels.reference import pooling, poolings
from lamina.kernels import Window
from lamina.kernels import _pooling_twin as twin


@settings(max_examples=20, deadline=None)
@given(poolings())
def test_output_and_gradients_are_those_of_the_reference(shapes):
    x_shape, size, window = shapes
    rng = np.random.default_rng(0)
    x = rng.integers(4, size=x_shape).astype("float32")  # with equal numbers among them
    dy = rng.normal(size=(x_shape[0], *window.stops(x_shape[1:3], size), x_shape[3])).astype("float32")

    @jax.jit
    def both(x, dy):
        largest, places = twin.maximum(x, size, window)
        back = twin.maximum_gradient(dy, places, size, window, x_shape[1:3])
        mean = twin.average(x, size, window), twin.average_gradient(dy, size, window, x_shape[1:3])
        return (largest, back), mean

    jax.tree.map(
        lambda found, wanted: np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-5),
        both(x, dy),
        pooling(x, size, window, dy),
    )


def test_what_is_not_a_number_is_not_hidden():
    x = np.array([1, np.nan, 3], "float32").reshape(1, 1, 3, 1)

    y, places = twin.maximum(x, (1, 3), Window())

    assert np.isnan(y).all()
    assert places.item() == 1


def test_a_large_window_has_room_for_its_places(monkeypatch):
    x = np.array([1, 5], "float32").reshape(1, 1, 2, 1)
    monkeypatch.setattr(twin, "FEW_PLACES", 1)

    _, places = twin.maximum(x, (1, 2), Window())

    assert places.dtype == "int32"
    assert places.item() == 1


def test_what_was_chosen_is_read_from_its_place():
    x = np.array([[1, 5], [7, 3]], "float32").reshape(1, 2, 2, 1)
    y, places = twin.maximum(x, (2, 2), Window())

    assert y.item() == 7
    assert twin.chosen(10 * x, places, (2, 2), Window()).item() == 70
