import pytest

from lamina._core import windows


def test_one_number_stands_for_all_axes():
    assert windows.per_axis(3, 2) == (3, 3)
    assert windows.per_axis((3, 4), 2) == (3, 4)


def test_a_plane_has_a_first_axis_of_its_own_where_there_is_only_one():
    assert [windows.plane(values, 1) for values in ((5,), (4, 5), (3, 4, 5))] == [(1, 5), (4, 5), (4, 5)]


def test_a_dilated_window_covers_the_gaps_too():
    assert [windows.reach(3), windows.reach(3, 2), windows.reach(1, 9)] == [3, 5, 1]


@pytest.mark.parametrize(
    ("length", "covered", "stride", "padding", "stops", "edges"),
    [
        (7, 3, 2, "valid", 3, (0, 0)),
        (8, 3, 2, "valid", 3, (0, 0)),
        (2, 3, 1, "valid", 0, (0, 0)),
        (7, 3, 2, "same", 4, (1, 1)),
        (8, 3, 2, "same", 4, (0, 1)),
        (5, 2, 1, "same", 5, (0, 1)),
        (5, 1, 3, "same", 2, (0, 0)),
        (2, 9, 1, "same", 2, (4, 4)),
        (7, 3, 2, "causal", 4, (2, 0)),
    ],
)
def test_stops_and_edges_are_those_of_keras(length, covered, stride, padding, stops, edges):
    assert windows.stops(length, covered, stride=stride, padding=padding) == stops
    assert windows.edges(length, covered, stride=stride, padding=padding) == edges


@pytest.mark.parametrize("covered", [1, 2, 3, 5])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_unrolled_is_what_a_convolution_would_have_come_from(covered, stride, padding):
    longer = windows.unrolled(4, covered, stride=stride, padding=padding)

    assert windows.stops(longer, covered, stride=stride, padding=padding) == 4


def test_places_can_be_added_at_the_end():
    assert windows.unrolled(4, 3, stride=3, padding="valid", more=2) == 14
    assert windows.unrolled(4, 3, stride=3, padding="same", more=2) == 12
    assert windows.unrolled(4, 2, stride=3, padding="same", more=0) == 9
