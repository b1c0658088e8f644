import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamina.models._layout import arrange

GAP = 10.0


@st.composite
def networks(draw):
    """Draw boxes in an order of computation, each reading some of those before it."""
    widths = draw(st.lists(st.floats(20, 300), min_size=1, max_size=14))
    edges = [
        (start, end)
        for end in range(1, len(widths))
        for start in draw(st.sets(st.integers(0, end - 1), min_size=1, max_size=3))
    ]
    return dict(enumerate(widths)), edges


def by_rank(layout):
    points = [place for line in layout.lines for place in line] + list(layout.places.values())
    places = sorted({id(place): place for place in points}.values(), key=lambda place: (place.rank, place.x))
    return [list(row) for _, row in itertools.groupby(places, key=lambda place: place.rank)]


@given(networks())
@settings(max_examples=60, deadline=None)
def test_nothing_overlaps_in_a_rank(network):
    layout = arrange(*network, gap=GAP)

    for row in by_rank(layout):
        for left, right in itertools.pairwise(row):
            assert right.x - right.width / 2 - (left.x + left.width / 2) >= GAP - 1e-6


@given(networks())
@settings(max_examples=60, deadline=None)
def test_every_line_goes_down_rank_by_rank_from_its_start_to_its_end(network):
    _, edges = network

    layout = arrange(*network, gap=GAP)

    assert [(line[0].key, line[-1].key) for line in layout.lines] == edges
    for line in layout.lines:
        assert [place.rank for place in line] == list(range(line[0].rank, line[-1].rank + 1))


@given(networks())
@settings(max_examples=60, deadline=None)
def test_everything_lies_within_the_width(network):
    layout = arrange(*network, gap=GAP)

    for place in layout.places.values():
        assert place.x - place.width / 2 >= -1e-6
        assert place.x + place.width / 2 <= layout.width + 1e-6


def test_a_chain_stands_in_one_straight_line():
    layout = arrange({"a": 40, "b": 100, "c": 60}, [("a", "b"), ("b", "c")], gap=GAP)

    assert [layout.places[key].rank for key in "abc"] == [0, 1, 2]
    assert {layout.places[key].x for key in "abc"} == {50.0}
    assert layout.width == 100


def test_a_box_stands_below_the_lowest_of_what_it_reads():
    layout = arrange(dict.fromkeys("abcd", 40), [("a", "b"), ("b", "c"), ("a", "d"), ("c", "d")], gap=GAP)

    assert layout.places["d"].rank == 3


def test_a_line_passes_beside_the_boxes_of_the_ranks_between():
    layout = arrange(dict.fromkeys("abc", 40), [("a", "b"), ("b", "c"), ("a", "c")], gap=GAP)

    start, point, end = layout.lines[2]

    assert (start.key, end.key) == ("a", "c")
    assert abs(point.x - layout.places["b"].x) >= 20 + GAP


def test_two_crossing_lines_are_untangled():
    layout = arrange(dict.fromkeys("abcd", 40), [("a", "d"), ("b", "c")], gap=GAP)

    upper = sorted("ab", key=lambda key: layout.places[key].x)
    lower = sorted("cd", key=lambda key: layout.places[key].x)

    assert (upper, lower) in [(["a", "b"], ["d", "c"]), (["b", "a"], ["c", "d"])]


def test_one_box_alone_fills_the_width():
    layout = arrange({"only": 70.0}, [], gap=GAP)

    assert layout.places["only"].x == pytest.approx(35)
    assert layout.width == 70
