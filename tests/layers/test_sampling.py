import numpy as np
import pytest
from jax.scipy.ndimage import map_coordinates

from lamina.layers._sampling import FOLDS, Sampling, sampled

LINE = np.array([1.0, 2.0, 3.0, 4.0], np.float32).reshape(1, 1, 4, 1)


def along(places, fill_mode="reflect", interpolation="bilinear", fill_value=0.0):
    """Return the pixels of a line of four at some places."""
    columns = np.array(places, np.float32).reshape(1, 1, -1)
    how = Sampling(fill_mode, interpolation, fill_value)
    return np.ravel(sampled(LINE, np.zeros_like(columns), columns, how)).tolist()


def test_a_place_between_pixels_is_on_the_line_between_them():
    assert along([0, 0.25, 2.5, 3]) == [1.0, 1.25, 3.5, 4.0]


def test_a_place_between_four_pixels_takes_from_each_by_its_nearness():
    square = np.array([[0.0, 10.0], [20.0, 30.0]], np.float32).reshape(1, 2, 2, 1)
    place = np.full((1, 1, 1), 0.25, np.float32)

    found = sampled(square, place, 2 * place, Sampling("reflect", "bilinear", 0.0))

    assert float(found[0, 0, 0, 0]) == 0.75 * 5 + 0.25 * 25


def test_the_nearest_pixel_is_taken_whole():
    assert along([0.4, 0.6, 2.9], interpolation="nearest") == [1.0, 2.0, 4.0]


@pytest.mark.parametrize(
    ("fill_mode", "pixels"),
    [
        ("reflect", [2.0, 1.0, 1.0, 4.0, 4.0, 3.0]),
        ("wrap", [3.0, 4.0, 1.0, 4.0, 1.0, 2.0]),
        ("nearest", [1.0, 1.0, 1.0, 4.0, 4.0, 4.0]),
        ("constant", [9.0, 9.0, 1.0, 4.0, 9.0, 9.0]),
    ],
)
def test_beyond_the_edges_the_way_of_filling_decides(fill_mode, pixels):
    assert along([-2, -1, 0, 3, 4, 5], fill_mode, fill_value=9.0) == pixels


def test_half_beyond_the_edge_a_pixel_is_half_the_filling():
    assert along([-0.5, 3.5], "constant", fill_value=9.0) == [5.0, 6.5]


@pytest.mark.parametrize("fill_mode", FOLDS)
def test_far_places_are_found_as_array_libraries_find_them(fill_mode, rng):
    images = rng.normal(size=(2, 5, 4, 3)).astype(np.float32)
    rows, columns = rng.uniform(-12, 12, size=(2, 2, 6, 7)).astype(np.float32)

    found = sampled(images, rows, columns, Sampling(fill_mode, "bilinear", 0.5))

    for picture, down, right, own in zip(images, rows, columns, found, strict=True):
        for channel in range(3):
            wanted = map_coordinates(picture[..., channel], [down, right], order=1, mode=fill_mode, cval=0.5)
            np.testing.assert_allclose(own[..., channel], wanted, atol=1e-5)
