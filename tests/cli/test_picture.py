"""Pictures show the image, in what the terminal can show."""

import io
import re
import sys

import numpy as np
import pytest

from lamina.cli import _picture
from lamina.cli._picture import picture, side_by_side, terminal_style
from lamina.errors import ArgumentError, ShapeError


class Terminal(io.TextIOWrapper):
    """A terminal of some encoding."""

    def __init__(self, encoding, is_terminal=True):
        super().__init__(io.BytesIO(), encoding=encoding)
        self.is_terminal = is_terminal

    def isatty(self):
        return self.is_terminal


@pytest.fixture
def environment(monkeypatch):
    for name in ("NO_COLOR", "COLORTERM", "TERM"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_blocks_show_two_pixels_in_a_character():
    image = np.array([[1, 0, 1, 0], [0, 1, 1, 0]])

    assert picture(image, width=4, style="blocks") == "▀▄█ "


def test_letters_show_the_mean_of_two_pixels():
    image = np.array([[0.0, 1.0, 1.0], [0.0, 0.0, 1.0]])

    assert picture(image, width=3, style="ascii") == " =@"


def test_true_colour_gives_the_upper_pixel_in_front_of_the_lower():
    image = np.array([[0, 255], [51, 0]], np.uint8)

    assert picture(image, width=2, style="truecolor") == (
        "\x1b[38;2;0;0;0;48;2;51;51;51m▀\x1b[38;2;255;255;255;48;2;0;0;0m▀\x1b[0m"
    )


def test_older_terminals_get_black_white_and_the_greys_between():
    image = np.array([[0.0, 1.0], [0.04, 0.96]])

    assert picture(image, width=2, style="256color") == "\x1b[38;5;16;48;5;232m▀\x1b[38;5;231;48;5;255m▀\x1b[0m"


def test_equal_neighbours_share_one_colour_code():
    drawn = picture(np.zeros((2, 28)), style="truecolor")

    assert drawn.count("\x1b[") == 2
    assert "▀" * 28 in drawn


@pytest.mark.parametrize("style", _picture.STYLES)
@pytest.mark.parametrize(
    ("shape", "width", "lines"), [((28, 28), 28, 14), ((28, 28), 10, 5), ((8, 8), 28, 14), ((1, 9), 3, 1)]
)
def test_the_picture_has_the_width_asked_for_and_the_shape_of_the_image(style, shape, width, lines):
    drawn = picture(np.random.default_rng(0).uniform(size=shape), width=width, style=style)

    rows = [re.sub("\x1b\\[[0-9;]*m", "", row) for row in drawn.split("\n")]
    assert [len(row) for row in rows] == [width] * lines


def test_a_smaller_picture_keeps_the_mean_of_the_pixels():
    image = np.random.default_rng(0).uniform(size=(12, 9))

    smaller = _picture._resized(image, 3)

    np.testing.assert_allclose(smaller, image.reshape(4, 3, 3, 3).mean(axis=(1, 3)))


def test_a_larger_picture_repeats_pixels():
    image = np.array([[0.0, 1.0], [1.0, 0.0]])

    larger = _picture._resized(image, 6)

    np.testing.assert_allclose(larger, np.kron(image, np.ones((3, 3))))


def test_shades_are_relative_to_the_image():
    assert picture(np.array([[0, 16], [0, 16]]), width=2, style="ascii") == " @"
    assert picture(np.array([[-1.0, 1.0], [-1.0, 1.0]]), width=2, style="ascii") == " @"
    assert picture(np.full((2, 2), 7), width=2, style="ascii") == "@@"
    assert picture(np.zeros((2, 2)), width=2, style="ascii") == "  "


def test_a_last_axis_of_one_channel_is_dropped():
    image = np.eye(4)

    assert picture(image[..., None], style="blocks") == picture(image, style="blocks")


@pytest.mark.parametrize(
    ("encoding", "variables", "style"),
    [
        ("ascii", {"COLORTERM": "truecolor"}, "ascii"),
        ("latin-1", {}, "ascii"),
        ("utf-8", {"COLORTERM": "truecolor"}, "truecolor"),
        ("utf-8", {"COLORTERM": "24bit"}, "truecolor"),
        ("utf-8", {"TERM": "xterm-256color"}, "256color"),
        ("utf-8", {"NO_COLOR": "1", "COLORTERM": "truecolor"}, "blocks"),
        ("utf-8", {"TERM": "dumb"}, "blocks"),
        ("cp437", {}, "256color"),
    ],
)
def test_the_style_follows_the_terminal(environment, encoding, variables, style):
    environment.setattr(sys, "stdout", Terminal(encoding))
    for name, value in variables.items():
        environment.setenv(name, value)

    assert terminal_style() == style


def test_a_file_gets_no_colour_codes(environment):
    environment.setenv("COLORTERM", "truecolor")
    environment.setattr(sys, "stdout", Terminal("utf-8", is_terminal=False))

    assert picture(np.array([[1, 0], [0, 1]]), width=2) == "▀▄"


def test_captions_are_centred_below_pictures_of_any_height():
    drawn = side_by_side(["####\n####\n####", "@@"], ["one", "two, wide"], gap=1)

    assert drawn.split("\n") == ["#### @@", "####", "####", "one  two, wide"]


def test_colour_codes_take_no_room():
    coloured = picture(np.zeros((2, 4)), width=4, style="truecolor")

    last = side_by_side([coloured, coloured], ["a", "b"], gap=2).split("\n")[-1]

    assert last == " a     b"


def test_no_pictures_are_an_empty_line():
    assert side_by_side([], []) == ""


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: picture(np.zeros(4)),
            ShapeError,
            r"picture\(image\): expected an image of shape \(height, width\), got \(4,\)",
        ),
        (lambda: picture(np.zeros((4, 4, 3))), ShapeError, r"got \(4, 4, 3\)\.\n  Fix: give one grey image"),
        (lambda: picture(np.zeros((0, 4))), ShapeError, r"got \(0, 4\)"),
        (lambda: picture(np.array([[np.nan, 1.0]])), ArgumentError, "expected finite values, got NaN or infinity"),
        (lambda: picture(np.eye(2), width=0), ArgumentError, r"picture\(width\): expected a positive integer, got 0"),
        (lambda: picture(np.eye(2), style="asci"), ArgumentError, "did you mean 'ascii'"),
        (lambda: side_by_side(["#"], []), ArgumentError, "expected 1 captions, one for each picture, got 0"),
        (
            lambda: side_by_side([], [], gap=-1),
            ArgumentError,
            r"side_by_side\(gap\): expected an integer of at least 0",
        ),
    ],
)
def test_what_cannot_be_drawn_is_an_error(call, error, message):
    with pytest.raises(error, match=message):
        call()
