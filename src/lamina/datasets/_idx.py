"""Read one gzipped IDX file, the format MNIST is published in.

An IDX file of bytes is a magic number (0, 0, 8 for unsigned bytes, the number of axes), the size of each axis as a
big-endian 32-bit integer, and the values in row order.

Reference:
    LeCun, Cortes and Burges, The MNIST database, https://web.archive.org/web/2015/http://yann.lecun.com/exdb/mnist/
"""

from __future__ import annotations

import gzip
import struct
import zlib
from pathlib import Path

import numpy as np

from lamina._core import checks
from lamina.errors import FormatError

UNSIGNED_BYTES = 8


def read(path: Path, shape: tuple[int, ...]) -> np.ndarray:
    """Return the unsigned bytes of an IDX file that must hold an array of `shape`.

    Because the shape is known beforehand, the file cannot make us allocate more, whatever its header says.

    Raises:
        FormatError: not gzip, another magic number or shape, cut short, or longer than its header says.
    """
    size = int(np.prod(shape))
    try:
        with gzip.open(path) as stream:
            _check_header(path, stream.read(4 + 4 * len(shape)), shape)
            # One byte more than there may be: it shows what is too much, and reading to the end checks the gzip sum.
            values = stream.read(size + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise _damaged(path, "a whole gzip file", f"one that cannot be read ({error})") from error
    if len(values) != size:
        got = f"only {len(values):,}" if len(values) < size else "more"
        raise _damaged(path, f"{size:,} values after the header", got)
    return np.frombuffer(values, np.uint8).reshape(shape).copy()


def _check_header(path: Path, header: bytes, shape: tuple[int, ...]) -> None:
    magic, sizes = header[:4], header[4:]
    if magic != bytes([0, 0, UNSIGNED_BYTES, len(shape)]):
        raise _damaged(path, f"an IDX file of unsigned bytes with {len(shape)} axes", f"magic number 0x{magic.hex()}")
    if sizes != struct.pack(f">{len(shape)}I", *shape):
        found = struct.unpack(f">{len(sizes) // 4}I", sizes[: len(sizes) // 4 * 4])
        raise _damaged(path, f"an array of shape {shape}", f"shape {found}")


def _damaged(path: Path, expected: str, got: str) -> FormatError:
    fix = "delete the file, so that it is downloaded again, or put the published one in its place."
    return checks.problem(FormatError, str(path), expected=expected, got=got, fix=fix)
