"""What the system has against writing a file, in the user's words."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import Any

from lamina._core import checks
from lamina.errors import ArgumentError


@contextlib.contextmanager
def writing(path: Any, *, where: str) -> Iterator[None]:
    """Turn the system's refusal to look at, make or write a file into an `ArgumentError` that names its path.

    Args:
        path: the file or folder, as the user gave it.
        where: the argument to name in the error.
    """
    try:
        yield
    except OSError as error:
        raise checks.problem(
            ArgumentError,
            where,
            expected="a path that can be written",
            got=f"{os.fspath(path)!r} ({error.strerror or error})",
            fix="make room or ask for permission there, or name another folder.",
        ) from error
