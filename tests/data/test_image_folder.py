import os

import numpy as np
import pytest

from lamina.data._image_folder import ImageReader, image_source
from lamina.data._source import Order
from lamina.errors import ArgumentError, DataError

pillow = pytest.importorskip("PIL.Image")

RAMP = np.arange(0, 160, 10, dtype=np.uint8).reshape(2, 8)


@pytest.fixture
def ramp(tmp_path):
    """Return the file of a gray picture of two rows and eight columns, which gets brighter from pixel to pixel."""
    pillow.fromarray(RAMP).save(tmp_path / "ramp.png")
    return tmp_path / "ramp.png"


@pytest.fixture
def pets(tmp_path):
    """Return a folder with pictures of three cats and two dogs, each of one colour."""
    for name, grays in (("cat", (10, 20, 30)), ("dog", (200, 210))):
        (tmp_path / name / "more").mkdir(parents=True)
        for index, gray in enumerate(grays):
            home = tmp_path / name / ("more" if index else "")
            pillow.fromarray(np.full((5, 7, 3), gray, np.uint8)).save(home / f"{index}.PNG")
    (tmp_path / "dog" / "notes.txt").write_text("not a picture")
    (tmp_path / ".hidden").mkdir()
    return tmp_path


def test_pictures_become_bytes_of_one_size(ramp):
    found = ImageReader((2, 8), "grayscale")(ramp)

    assert found.dtype == np.uint8
    assert found[..., 0].tolist() == RAMP.tolist()


@pytest.mark.parametrize(("color_mode", "channels"), [("grayscale", 1), ("rgb", 3), ("rgba", 4)])
def test_the_color_mode_decides_the_channels(ramp, color_mode, channels):
    found = ImageReader((3, 5), color_mode)(ramp)

    assert found.shape == (3, 5, channels)
    assert (found[..., 0] == found[..., min(channels, 3) - 1]).all()


def test_a_picture_is_stretched_or_cropped(ramp):
    stretched = ImageReader((1, 2), "grayscale", "area")(ramp)
    cropped = ImageReader((2, 2), "grayscale", "nearest", crop_to_aspect_ratio=True)(ramp)

    assert stretched.ravel().tolist() == [RAMP[:, :4].mean(), RAMP[:, 4:].mean()]
    assert cropped[..., 0].tolist() == RAMP[:, 3:5].tolist()


@pytest.mark.parametrize("interpolation", ["bilinear", "nearest", "bicubic", "area", "lanczos3"])
def test_every_interpolation_makes_a_picture(ramp, interpolation):
    found = ImageReader((4, 16), "grayscale", interpolation)(ramp)

    assert found.mean() == pytest.approx(RAMP.mean(), abs=3)


def test_sub_folders_are_the_classes(pets):
    (block,) = image_source(pets, ImageReader((2, 2)), workers=0).blocks(Order(0, 0))

    assert block.y.tolist() == ["cat", "cat", "cat", "dog", "dog"]
    assert block.x[:, 0, 0, 0].tolist() == [10, 20, 30, 200, 210]


def test_the_source_knows_what_it_has(pets):
    source = image_source(pets, ImageReader((2, 2)), workers=0)

    assert (source.rows, source.classes, source.is_sorted) == (5, ("cat", "dog"), True)
    assert source.place(4) == "dog/more/1.PNG"


def test_processes_read_the_same_pictures(pets):
    (here,) = image_source(pets, ImageReader((2, 2)), workers=0).blocks(Order(1, 0, shuffled=True))
    (there,) = image_source(pets, ImageReader((2, 2))).blocks(Order(1, 0, shuffled=True))

    np.testing.assert_array_equal(there.x, here.x)
    assert there.y.tolist() == here.y.tolist()


def test_a_folder_without_sub_folders_has_no_targets(ramp):
    source = image_source(ramp.parent, ImageReader((2, 2)), workers=0)

    (block,) = source.blocks(Order(0, 0))

    assert block.y is None
    assert (source.classes, source.is_sorted) == (None, False)


@pytest.mark.parametrize("workers", [0, 1])
def test_a_file_that_is_no_picture_is_named(pets, workers):
    (pets / "dog" / "broken.jpg").write_text("not a picture")

    with pytest.raises(DataError, match=r"from_images\('.*'\), dog/broken.jpg: expected no error, got Unidentified"):
        list(image_source(pets, ImageReader((2, 2)), workers=workers).blocks(Order(0, 0)))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_file_that_cannot_be_read_to_its_end_is_named(pets):
    source = image_source(pets, ImageReader((2, 2)), workers=1, timeout=5)
    (pets / "dog" / "0.PNG").unlink()
    os.mkfifo(pets / "dog" / "0.PNG")  # what nobody writes to gives whoever reads it neither a byte nor an error

    with pytest.raises(DataError, match=r"dog/0\.PNG: expected no error, got TimeoutError: its process .* 5 seconds"):
        list(source.blocks(Order(0, 0)))


def test_a_picture_that_is_cut_short_can_be_skipped(pets):
    whole = (pets / "dog" / "0.PNG").read_bytes()
    (pets / "dog" / "short.png").write_bytes(whole[: len(whole) // 2])
    source = image_source(pets, ImageReader((2, 2)), workers=0, on_error="skip")

    (block,) = source.blocks(Order(0, 0))

    assert block.y.tolist() == ["cat", "cat", "cat", "dog", "dog"]
    assert list(source.skipped) == ["dog/short.png"]
    assert source.rows is None


def test_a_class_without_pictures_is_refused(pets):
    (pets / "bird").mkdir()

    with pytest.raises(DataError, match=r"expected pictures \(.bmp, .*\) in bird, got none.\n  Fix: name the folder"):
        image_source(pets, ImageReader((2, 2)))


def test_a_file_in_place_of_a_folder_is_refused(tmp_path):
    (tmp_path / "picture.png").touch()

    with pytest.raises(DataError, match=r"expected pictures \(.*\) in it, got a file\.\n"):
        image_source(tmp_path / "picture.png", ImageReader((2, 2)))


def test_what_is_no_path_is_refused():
    with pytest.raises(ArgumentError, match=r"^from_images\(folder\): expected the path of a folder, got 5"):
        image_source(5, ImageReader((2, 2)))


def test_a_folder_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"expected pictures \(.*\) in it, got a folder that does not exist"):
        image_source(tmp_path / "nowhere", ImageReader((2, 2)))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((28,), r"from_images\(image_size\): expected a height and a width, got 28.\n  Fix: write two numbers"),
        (((28,),), r"from_images\(image_size\): expected a height and a width, got \(28,\)"),
        (((0, 5),), r"from_images\(image_size\): expected a tuple of positive integers, got \(0, 5\)"),
        (((5, 5), "hsv"), r"from_images\(color_mode\): expected 'grayscale', 'rgb' or 'rgba', got 'hsv'"),
        (
            ((5, 5), "rgb", "cubic"),
            r"from_images\(interpolation\): expected 'area', .* got 'cubic'.\n  Fix: did you mean",
        ),
        (((5, 5), "rgb", "area", 1), r"from_images\(crop_to_aspect_ratio\): expected True or False, got 1"),
    ],
)
def test_another_way_of_reading_is_refused(arguments, message):
    with pytest.raises(ArgumentError, match=message):
        ImageReader(*arguments)
