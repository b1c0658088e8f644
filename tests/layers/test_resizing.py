import numpy as np
import pytest

from lamina.errors import ArgumentError, ShapeError
from lamina.layers import CenterCrop, Input, RandomCrop, Resizing

SQUARE = np.arange(16.0, dtype=np.float32).reshape(1, 4, 4, 1)
WIDE = np.arange(8.0, dtype=np.float32).reshape(1, 2, 4, 1)


def pixels(output):
    """Return the rows of the first picture."""
    return output[0, :, :, 0].tolist()


def test_a_smaller_picture_lies_between_the_pixels(call):
    assert pixels(call(Resizing(2, 2), SQUARE)) == [[2.5, 4.5], [10.5, 12.5]]


def test_a_larger_picture_has_pixels_on_the_lines_between(call):
    assert pixels(call(Resizing(1, 4), [[[[0.0], [4.0]]]])) == [[0.0, 1.0, 3.0, 4.0]]


def test_the_nearest_pixels_are_repeated(call):
    assert pixels(call(Resizing(1, 4, "nearest"), [[[[0.0], [4.0]]]])) == [[0.0, 0.0, 4.0, 4.0]]


def test_cropping_to_the_shape_takes_the_middle(call):
    assert pixels(call(Resizing(2, 2, crop_to_aspect_ratio=True), WIDE)) == [[1.0, 2.0], [5.0, 6.0]]


def test_padding_to_the_shape_adds_edges(call):
    output = call(Resizing(4, 4, pad_to_aspect_ratio=True, fill_value=-1), WIDE)

    assert pixels(output) == [[-1.0] * 4, [0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0], [-1.0] * 4]


def test_blurring_first_takes_all_pixels_into_account(call):
    spot = np.zeros((1, 1, 9, 1), np.float32)
    spot[0, 0, 3] = 9

    assert call(Resizing(1, 3), spot).max() == 0
    assert call(Resizing(1, 3, antialias=True), spot).max() > 1


@pytest.mark.parametrize("size", [(3, 5), (7, 2), (1, 1)])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"interpolation": "bicubic", "antialias": True},
        {"interpolation": "lanczos3"},
        {"interpolation": "lanczos5"},
        {"interpolation": "nearest", "crop_to_aspect_ratio": True},
        {"pad_to_aspect_ratio": True, "fill_value": 0.5},
    ],
    ids=str,
)
def test_pictures_are_resized_as_in_keras(size, options, call, rng):
    keras = pytest.importorskip("keras")
    pictures = rng.normal(size=(2, 5, 4, 3)).astype(np.float32)

    output = call(Resizing(*size, **options), pictures)

    np.testing.assert_allclose(output, keras.layers.Resizing(*size, **options)(pictures), atol=1e-5)


def test_the_middle_is_cut_out(call):
    assert pixels(call(CenterCrop(2, 2), SQUARE)) == [[5.0, 6.0], [9.0, 10.0]]
    assert pixels(call(CenterCrop(1, 3), SQUARE)) == [[4.0, 5.0, 6.0]]


@pytest.mark.parametrize("size", [(2, 2), (3, 1), (4, 5), (6, 3)])
def test_the_middle_is_that_of_keras_also_of_pictures_that_are_too_small(size, call, rng):
    keras = pytest.importorskip("keras")
    pictures = rng.normal(size=(2, 5, 4, 3)).astype(np.float32)

    output = call(CenterCrop(*size), pictures)

    np.testing.assert_allclose(output, keras.layers.CenterCrop(*size)(pictures), atol=1e-5)


def test_each_picture_is_cut_at_a_place_of_its_own(call):
    output = call(RandomCrop(2, 3), np.repeat(SQUARE, 300, axis=0), training=True)

    corners, counts = np.unique(output[:, 0, 0, 0], return_counts=True)
    assert corners.tolist() == [0.0, 1.0, 4.0, 5.0, 8.0, 9.0]
    np.testing.assert_allclose(counts / 300, 1 / 6, atol=0.08)
    np.testing.assert_array_equal(output[:, 1, :, 0] - output[:, 0, :1, 0], np.tile([4.0, 5.0, 6.0], (300, 1)))


def test_a_crop_of_the_whole_is_the_whole(call):
    assert call(RandomCrop(4, 4), SQUARE, training=True).tolist() == SQUARE.tolist()


def test_outside_of_training_a_crop_is_the_largest_part_of_the_shape(call):
    output = call(RandomCrop(1, 1), SQUARE)

    assert output.ravel().tolist() == [7.5]
    assert output.tolist() == call(Resizing(1, 1, crop_to_aspect_ratio=True), SQUARE).tolist()


def test_pictures_that_are_too_small_are_drawn_larger(call):
    small = call(RandomCrop(4, 2), WIDE, training=True)

    assert small.tolist() == call(Resizing(4, 2, crop_to_aspect_ratio=True), WIDE).tolist()


@pytest.mark.parametrize("layer", [Resizing(2, 2), CenterCrop(2, 2), RandomCrop(2, 2)], ids=repr)
def test_what_has_no_channels_is_refused(layer):
    with pytest.raises(ShapeError, match=r"\(batch, height, width, channels\)"):
        layer(Input((28, 28)))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Resizing(0, 2), r"Resizing\(height\): expected a positive integer, got 0"),
        (lambda: CenterCrop(2, 2.5), r"CenterCrop\(width\): expected a positive integer, got 2.5"),
        (lambda: RandomCrop(2, -1), r"RandomCrop\(width\): expected a positive integer, got -1"),
        (lambda: RandomCrop(2, 2, seed=-1), r"RandomCrop\(seed\): expected"),
        (lambda: Resizing(2, 2, "cubic"), r"Resizing\(interpolation\): expected 'bicubic', .* got 'cubic'"),
        (lambda: Resizing(2, 2, antialias=1), r"Resizing\(antialias\): expected True or False, got 1"),
        (lambda: Resizing(2, 2, fill_value="x"), r"Resizing\(fill_value\): expected a finite number, got 'x'"),
        (lambda: Resizing(2, 2, crop_to_aspect_ratio=1), r"Resizing\(crop_to_aspect_ratio\): expected True or False"),
        (
            lambda: Resizing(2, 2, crop_to_aspect_ratio=True, pad_to_aspect_ratio=True),
            r"Resizing\(pad_to_aspect_ratio\): expected cropping or padding, got both.\n  Fix: leave one out",
        ),
    ],
)
def test_arguments_out_of_range_are_refused(make, message):
    with pytest.raises(ArgumentError, match=message):
        make()
