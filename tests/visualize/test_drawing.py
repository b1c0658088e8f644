import sys

import numpy as np
import pytest
from matplotlib.figure import Figure

from lamina.errors import MissingDependencyError
from lamina.visualize import _drawing


def test_an_image_goes_from_black_to_white():
    assert _drawing.drawable(np.array([[-1.0, 1.0], [0.0, 3.0]])).tolist() == [[0, 0.5], [0.25, 1]]
    assert _drawing.drawable(np.full((2, 2), 7.0)).tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize(("channels", "shape"), [(1, (2, 2)), (3, (2, 2, 3)), (4, (2, 2))])
def test_three_channels_are_colours(channels, shape, rng):
    assert _drawing.drawable(rng.random((2, 2, channels))).shape == shape


@pytest.mark.parametrize(
    ("number", "of", "words"), [(1, 1, "1 map"), (16, 16, "16 maps"), (16, 32, "16 of 32 maps"), (1, 2, "1 of 2 maps")]
)
def test_it_says_how_many_are_shown(number, of, words):
    assert _drawing.counted(number, of, "map") == words


def test_tiles_stand_in_lines_without_touching():
    axis = Figure().subplots()

    _drawing.show_tiles(axis, [np.zeros((2, 3))] * 5, columns=4)

    places = [image.get_extent() for image in axis.images]
    lefts, bottoms = [place[0] for place in places], [place[2] for place in places]
    assert lefts[0] == lefts[4] < lefts[1] - 3
    assert bottoms[0] == bottoms[3] < bottoms[4] - 2


@pytest.mark.parametrize(("shape", "is_higher"), [((8, 8), True), ((8, 30, 3), False)])
def test_a_figure_is_as_high_as_its_image(shape, is_higher):
    figure, axis = _drawing.beside(np.zeros(shape), purpose="a test")

    assert bool(figure.get_figheight() > 3) is is_higher
    assert [each.get_title(loc="left") for each in figure.axes] == ["image", ""]
    assert axis is figure.axes[1]


def test_a_missing_matplotlib_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)

    with pytest.raises(MissingDependencyError, match=r"visualize.filters: expected matplotlib .*\n.*lamina\[plot\]"):
        _drawing.figure(1, 1, purpose="visualize.filters")
