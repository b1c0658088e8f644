import numpy as np
import pytest

from lamina.errors import ArgumentError, ShapeError
from lamina.layers import Input, RandomRotation, RandomTranslation, RandomZoom

SQUARE = np.arange(1.0, 10.0, dtype=np.float32).reshape(1, 3, 3, 1)
ALL = [RandomRotation(0.5), RandomTranslation(0.5, 0.5), RandomZoom(0.5)]


def pixels(output):
    """Return the rows of the first picture."""
    return np.round(output[0, :, :, 0], 4).tolist()


def test_a_quarter_of_a_turn_is_counter_clockwise(call):
    output = call(RandomRotation((0.25, 0.25)), SQUARE, training=True)

    assert pixels(output) == [[3.0, 6.0, 9.0], [2.0, 5.0, 8.0], [1.0, 4.0, 7.0]]


def test_a_full_turn_changes_nothing(call):
    output = call(RandomRotation((1.0, 1.0)), SQUARE, training=True)

    np.testing.assert_allclose(output, SQUARE, atol=1e-4)


def test_pictures_are_moved_down_and_to_the_right(call):
    layer = RandomTranslation((1 / 3, 1 / 3), (2 / 3, 2 / 3), "constant", fill_value=-1)

    output = call(layer, SQUARE, training=True)

    assert pixels(output) == [[-1.0, -1.0, -1.0], [-1.0, -1.0, 1.0], [-1.0, -1.0, 4.0]]


def test_half_a_pixel_to_the_left_is_half_of_two_pixels(call):
    output = call(RandomTranslation(0.0, (-1 / 6, -1 / 6), "nearest"), SQUARE, training=True)

    assert pixels(output) == [[1.5, 2.5, 3.0], [4.5, 5.5, 6.0], [7.5, 8.5, 9.0]]


def test_a_positive_zoom_shows_more_than_there_is(call):
    output = call(RandomZoom((1.0, 1.0), fill_mode="constant"), SQUARE, training=True)

    assert pixels(output) == [[0.0, 0.0, 0.0], [0.0, 5.0, 0.0], [0.0, 0.0, 0.0]]


def test_a_negative_zoom_shows_less(call):
    output = call(RandomZoom((-0.5, -0.5)), SQUARE, training=True)

    assert pixels(output) == [[3.0, 3.5, 4.0], [4.5, 5.0, 5.5], [6.0, 6.5, 7.0]]


def test_without_a_width_factor_shapes_are_kept(call):
    both = call(RandomZoom((-0.5, -0.5)), SQUARE, training=True)
    height = call(RandomZoom((-0.5, -0.5), 0.0), SQUARE, training=True)

    assert pixels(both)[1] == [4.5, 5.0, 5.5]
    assert pixels(height)[1] == [4.0, 5.0, 6.0]


@pytest.mark.parametrize("layer", ALL, ids=repr)
def test_each_picture_of_a_batch_is_changed_in_its_own_way(layer, call):
    picture = np.arange(81.0, dtype=np.float32).reshape(1, 9, 9, 1)

    output = call(layer, np.repeat(picture, 8, axis=0), training=True)

    assert len(np.unique(output.reshape(8, -1), axis=0)) == 8


@pytest.mark.parametrize("layer", ALL, ids=repr)
def test_nothing_happens_outside_of_training(layer, call):
    assert call(layer, SQUARE).tolist() == SQUARE.tolist()


@pytest.mark.parametrize("layer", ALL, ids=repr)
def test_a_pixel_is_a_picture_too(layer, call):
    assert call(layer, np.full((2, 1, 1, 1), 7.0), training=True).ravel().tolist() == [7.0, 7.0]


@pytest.mark.parametrize("layer", ALL, ids=repr)
def test_what_has_no_channels_is_refused(layer):
    with pytest.raises(ShapeError, match=r"\(batch, height, width, channels\)"):
        layer(Input((28, 28)))


@pytest.mark.parametrize(
    ("arguments", "place"),
    [
        ({"fill_mode": "mirror"}, "fill_mode"),
        ({"interpolation": "bicubic"}, "interpolation"),
        ({"fill_value": float("nan")}, "fill_value"),
        ({"seed": -1}, "seed"),
    ],
)
@pytest.mark.parametrize(("kind", "factors"), [(RandomRotation, 1), (RandomTranslation, 2), (RandomZoom, 1)])
def test_words_and_numbers_that_are_not_known_are_refused(kind, factors, arguments, place):
    with pytest.raises(ArgumentError, match=rf"{kind.__name__}\({place}\): expected"):
        kind(*[0.1] * factors, **arguments)
