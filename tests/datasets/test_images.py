"""An image set reads its four files in the right places."""

import gzip
import struct

import numpy as np
import pytest

from lamina.datasets._files import RemoteFile
from lamina.datasets._images import ImageSet
from lamina.errors import DataError, FormatError

NAMES = ("x-train.gz", "y-train.gz", "x-test.gz", "y-test.gz")
SHAPES = ((3, 2, 2), (3,), (1, 2, 2), (1,))
SMALL = ImageSet(
    "small",
    files=tuple(RemoteFile(name, 1, "0" * 64) for name in NAMES),
    mirrors=(),
    class_names=("a", "b"),
    train_rows=3,
    test_rows=1,
    shape=(2, 2),
)


@pytest.fixture
def arrays(tmp_path, monkeypatch):
    """Write the four files, and return what is in them."""
    monkeypatch.setenv("LAMINA_DATA", str(tmp_path))
    (tmp_path / "small").mkdir()
    arrays = {}
    for start, (name, shape) in enumerate(zip(NAMES, SHAPES, strict=True)):
        arrays[name] = np.arange(start, start + np.prod(shape), dtype=np.uint8).reshape(shape)
        header = bytes([0, 0, 8, len(shape)]) + struct.pack(f">{len(shape)}I", *shape)
        (tmp_path / "small" / name).write_bytes(gzip.compress(header + arrays[name].tobytes()))
    return arrays


def test_training_comes_before_test_and_images_before_labels(arrays):
    (x_train, y_train), (x_test, y_test) = SMALL.load_data()

    for name, array in zip(NAMES, (x_train, y_train, x_test, y_test), strict=True):
        np.testing.assert_array_equal(array, arrays[name])
        assert array.dtype == np.uint8


def test_swapped_files_are_refused(arrays, tmp_path):
    small = tmp_path / "small"
    (small / "x-test.gz").write_bytes((small / "x-train.gz").read_bytes())

    with pytest.raises(FormatError, match=r"x-test\.gz: expected an array of shape \(1, 2, 2\), got shape \(3, 2, 2\)"):
        SMALL.load_data()


def test_a_set_is_present_when_all_its_files_are(arrays, tmp_path):
    before = SMALL.is_present()

    (tmp_path / "small" / "y-test.gz").unlink()

    assert before
    assert not SMALL.is_present()
    with pytest.raises(DataError, match=r"small: expected the file 'y-test\.gz'"):
        SMALL.load_data()


def test_rows_are_training_and_test_together():
    assert SMALL.rows == 4
