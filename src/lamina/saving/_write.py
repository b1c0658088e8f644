"""Write a file whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save

from lamina._core import checks
from lamina._core.writing import writing
from lamina.errors import ArgumentError
from lamina.saving._contents import Contents, describe
from lamina.saving._read import as_path, read


def write(path: Any, contents: Contents, prove: Callable[[Contents], None]) -> None:
    """Write a file, read it back, have it proved, and only then put it in the place of what was there.

    Args:
        path: where the file goes; what is there is replaced.
        contents: what it holds.
        prove: is given what was read back, and raises where it will not do.

    Raises:
        ArgumentError: for a folder, a path in a folder that does not exist, and a disk that is full or may not be
            written; what was there is as it was.
    """
    given = as_path(path, where="save(path)")
    data = to_bytes(contents)
    with writing(given, where="save(path)"):
        place(_target(given), data, lambda beside: prove(read(beside)))


def to_bytes(contents: Contents) -> bytes:
    """Return the file that holds `contents`."""
    tensors = {name: np.asarray(array, order="C") for name, array in contents.tensors.items()}
    data: bytes = save(tensors, {"lamina": describe(contents._replace(tensors=tensors))})
    return data


def place(target: Path, data: bytes, prove: Callable[[Path], None] | None = None) -> None:
    """Put bytes in the place of what was there, whole or not at all.

    Args:
        target: where they go, in a folder that exists.
        data: the bytes.
        prove: is given the file beside its place, and raises where it will not do.

    Raises:
        OSError: where the disk is full, or may not be written.
    """
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        with beside.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if prove is not None:
            prove(beside)
        beside.replace(target)
    finally:
        with contextlib.suppress(OSError):  # it is there no more, or never was
            beside.unlink()
    _sync_folder(target.parent)


def _target(path: Path) -> Path:
    """Return where to write: the file that a link leads to, not the link."""
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise checks.problem(
            ArgumentError,
            "save(path)",
            expected="the path of a file",
            got=f"the folder {str(path)!r}",
            fix=f"write {str(path / 'model.safetensors')!r}.",
        )
    if not target.parent.is_dir():
        raise checks.problem(
            ArgumentError,
            "save(path)",
            expected="a folder that exists",
            got=f"{str(path.parent)!r}, which does not",
            fix=f"create it first: pathlib.Path({str(path.parent)!r}).mkdir(parents=True).",
        )
    return target


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut, where the system lets a folder be opened."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
