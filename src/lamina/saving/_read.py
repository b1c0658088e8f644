"""Read a file, or say what it is instead."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, BinaryIO

from safetensors import SafetensorError, safe_open

from lamina._core import checks, portable
from lamina.errors import FormatError
from lamina.saving._contents import Contents, understand
from lamina.saving._strict_json import parse

LONGEST_HEADER = 16 * 2**20
ENTRY = ("dtype", "shape", "data_offsets")
DTYPES = ("BOOL", "F16", "F32", "F64", "I8", "I16", "I32", "I64", "U8", "U16", "U32", "U64")

FOREIGN = {
    b"PK\x03\x04": "a zip archive, as Keras' .keras and PyTorch's .pt files are",
    b"\x89HDF": "an HDF5 file, as Keras' .h5 files are",
    b"\x80": "a Python pickle, which could run any code",
    b"\x93NUMPY": "a NumPy array",
    b"\x1f\x8b": "a gzip archive",
}
"""How files of other kinds begin, and what they are."""

USE_THE_ARRAYS = "build the model here, read the arrays with the program that wrote them, and give them to set_weights."


def read(path: Any) -> Contents:
    """Return what a file holds, whole and unchanged since it was written.

    Args:
        path: where the file is.

    Raises:
        ArgumentError: for something that is no path.
        FormatError: for a file that is not there, is of another kind, or was damaged or changed.
    """
    path = as_path(path, where="load(path)")
    try:
        text = _description(path)
        with safe_open(path, framework="numpy") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no dictionary
    except FormatError:
        raise
    except OSError as error:
        got, fix = f"{str(path)!r} ({error.strerror or error})", "ask for permission to read it."
        raise _refusal(path, "a file that can be read", got, fix) from error
    except (SafetensorError, ValueError) as error:
        raise _refusal(path, "a whole safetensors file", checks.plain(str(error)), "use another copy.") from error
    return understand(text, tensors, where=path.name)


def as_path(path: Any, *, where: str) -> Path:
    """Return a path given as text or as an object, or raise `ArgumentError` for something else."""
    return checks.path(where, path, of="file", example="model.safetensors")


def _description(path: Path) -> str:
    """Return the text beside the tensors, the header being checked beyond what safetensors asks for.

    Readers differ in which of two entries of one name they believe, and skip what they do not know; here neither is.
    """
    if not path.is_file():
        raise _absence(path)
    with path.open("rb") as stream:
        header = parse(_header(stream, path), where=f"{path.name}: header")
    metadata = header.pop("__metadata__", {})
    if not isinstance(metadata, dict) or "lamina" not in metadata:
        raise _refusal(path, "a file that Lamina wrote", "a safetensors file of other origin", USE_THE_ARRAYS)
    (text,) = portable.entries(metadata, ["lamina"], where=f"{path.name}: metadata")
    if not isinstance(text, str):
        raise portable.refusal(path.name, expected="a description in text", got=checks.plain(text))
    for name, entry in header.items():
        place = f"{path.name}: tensor {checks.plain(name)}"
        dtype, *_ = portable.entries(entry, ENTRY, where=place)
        if dtype not in DTYPES:
            raise portable.refusal(place, expected="numbers of a known type", got=checks.plain(dtype))
    return text


def _header(stream: BinaryIO, path: Path) -> bytes:
    """Return the JSON at the beginning of the file, whose length stands in the first eight bytes."""
    start = stream.read(8)
    size = os.fstat(stream.fileno()).st_size
    length = int.from_bytes(start, "little")
    header = stream.read(min(length, LONGEST_HEADER)) if length <= size - 8 else b""
    if header.startswith(b"{") and length <= LONGEST_HEADER:
        return header
    if header.startswith(b"{"):
        raise portable.refusal(
            path.name, expected=f"a description of at most {LONGEST_HEADER:,} bytes", got=f"{length:,}"
        )
    for magic, kind in FOREIGN.items():
        if start.startswith(magic):
            raise _refusal(path, "a file that Lamina wrote", kind, USE_THE_ARRAYS)
    got = "bytes of no known kind, or part of a file" if size else "an empty file"
    raise _refusal(path, "a file that Lamina wrote", got, "check the path, or use another copy.")


def _absence(path: Path) -> FormatError:
    if path.is_dir():
        return _refusal(path, "a file", "a folder", "name the file inside it.")
    others = [item.name for item in path.parent.iterdir()] if path.parent.is_dir() else []
    near = checks.nearest(path.name, others)
    fix = f"did you mean {near!r}?" if near else f"check the path: {path.absolute()}."
    return _refusal(path, "a file", "nothing of that name", fix)


def _refusal(path: Path, expected: str, got: str, fix: str) -> FormatError:
    return checks.problem(FormatError, path.name or str(path), expected=expected, got=got, fix=fix)
