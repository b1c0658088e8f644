"""IDX files are read exactly, or refused."""

import gzip
import struct

import numpy as np
import pytest

from lamina.datasets._idx import read
from lamina.errors import FormatError

SHAPE = (2, 1, 3)
HEADER = bytes([0, 0, 8, 3]) + struct.pack(">3I", *SHAPE)
VALUES = bytes([0, 1, 2, 253, 254, 255])


@pytest.fixture
def path(tmp_path):
    return tmp_path / "images.gz"


def test_values_stand_in_row_order(path):
    path.write_bytes(gzip.compress(HEADER + VALUES))

    array = read(path, SHAPE)

    np.testing.assert_array_equal(array, np.array([[[0, 1, 2]], [[253, 254, 255]]], np.uint8))
    assert array.dtype == np.uint8
    assert array.flags.writeable


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (bytes([0, 0, 13, 3]) + HEADER[4:] + VALUES, "unsigned bytes with 3 axes, got magic number 0x00000d03"),
        (bytes([0, 0, 8, 2]) + HEADER[4:] + VALUES, "unsigned bytes with 3 axes, got magic number 0x00000802"),
        (bytes([1, 0, 8, 3]) + HEADER[4:] + VALUES, "got magic number 0x01000803"),
        (HEADER[:4] + struct.pack(">3I", 2, 3, 1) + VALUES, r"shape \(2, 1, 3\), got shape \(2, 3, 1\)"),
        (HEADER[:4] + struct.pack(">3I", 2**32 - 1, 2**32 - 1, 3) + VALUES, r"got shape \(4294967295, 4294967295, 3\)"),
        (HEADER[:10], r"shape \(2, 1, 3\), got shape \(2,\)"),
        (b"", "got magic number 0x"),
        (HEADER + VALUES[:-1], "6 values after the header, got only 5"),
        (HEADER + VALUES + b"\0", "6 values after the header, got more"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(path, content, message):
    path.write_bytes(gzip.compress(content))

    with pytest.raises(FormatError, match=message):
        read(path, SHAPE)


def _flipped(content, position):
    return content[:position] + bytes([content[position] ^ 0xFF]) + content[position + 1 :]


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-9],  # cut short
        lambda content: _flipped(content, -6),  # another checksum
        lambda content: _flipped(content, 10),  # no deflate stream
        lambda content: HEADER + VALUES,  # not compressed
    ],
)
def test_damaged_gzip_is_refused_with_the_fix(path, damage):
    path.write_bytes(damage(gzip.compress(HEADER + VALUES)))

    with pytest.raises(FormatError, match=r"images\.gz: expected a whole gzip file.*\n  Fix: delete the file"):
        read(path, SHAPE)


def test_a_file_that_unpacks_to_very_much_is_not_unpacked(path, monkeypatch):
    path.write_bytes(gzip.compress(HEADER + bytes(10_000_000)))
    unpacked = []
    original = gzip.GzipFile.read
    monkeypatch.setattr(gzip.GzipFile, "read", lambda self, size: unpacked.append(size) or original(self, size))

    with pytest.raises(FormatError, match="got more"):
        read(path, SHAPE)

    assert sum(unpacked) == len(HEADER) + len(VALUES) + 1
