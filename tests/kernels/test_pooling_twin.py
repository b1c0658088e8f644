"""The twins of pooling equal a reference in float64, whatever the shapes."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.reference import check_poolings, poolings
from lamina.kernels import Window, _window
from lamina.kernels import _pooling_twin as twin


@settings(max_examples=5, deadline=None)
@given(st.lists(poolings(), min_size=20, max_size=20))
def test_outputs_and_gradients_are_those_of_the_reference(cases):
    check_poolings(twin, cases)


def test_what_is_not_a_number_is_not_hidden():
    x = np.array([1, np.nan, 3], "float32").reshape(1, 1, 3, 1)

    y, places = twin.maximum(x, (1, 3), Window())

    assert np.isnan(y).all()
    assert places.item() == 1


def test_a_large_window_has_room_for_its_places(monkeypatch):
    x = np.array([1, 5], "float32").reshape(1, 1, 2, 1)
    monkeypatch.setattr(_window, "FEW_PLACES", 1)

    _, places = twin.maximum(x, (1, 2), Window())

    assert places.dtype == "int32"
    assert places.item() == 1


def test_what_was_chosen_is_read_from_its_place():
    x = np.array([[1, 5], [7, 3]], "float32").reshape(1, 2, 2, 1)
    y, places = twin.maximum(x, (2, 2), Window())

    assert y.item() == 7
    assert twin.chosen(10 * x, places, (2, 2), Window()).item() == 70
