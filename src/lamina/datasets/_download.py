"""Download a file of known size and SHA-256 over HTTPS: whole, or not at all."""

from __future__ import annotations

import hashlib
import os
import tempfile
import urllib.request
from pathlib import Path
from typing import IO

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from lamina._core import checks
from lamina.errors import FormatError

BLOCK = 1 << 16
TIMEOUT_SECONDS = 30


def fetch(url: str, target: Path, *, size: int, sha256: str) -> None:
    """Download `url` to `target`, which appears only once its size and SHA-256 are right.

    Args:
        url: an address that starts with ``https://``.
        target: path of the file to make; its folder is made too.
        size: number of bytes the file must have; no more than that is ever read.
        sha256: SHA-256 of the file, in hexadecimal.

    Raises:
        FormatError: the server sent something else.
        OSError: the server cannot be reached, or the disk refuses.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    # The part lies beside the target: a rename within one folder either happens or does not.
    descriptor, part = tempfile.mkstemp(dir=target.parent, prefix=f"{target.name}.", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file, open_https(url) as response:
            received, digest = _copy(response, file, size=size, label=target.name)
            file.flush()
            os.fsync(file.fileno())
        if received != size:
            raise _wrong(url, f"a file of {size:,} bytes", f"{received:,}" if received < size else "more")
        if digest != sha256:
            raise _wrong(url, f"a file with SHA-256 {sha256}", digest)
        os.replace(part, target)
    finally:
        Path(part).unlink(missing_ok=True)


def open_https(url: str) -> IO[bytes]:
    """Open `url` with an opener that speaks nothing but HTTPS, so that no redirect can lead elsewhere."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    response: IO[bytes] = opener.open(url, timeout=TIMEOUT_SECONDS)
    return response


def _copy(response: IO[bytes], file: IO[bytes], *, size: int, label: str) -> tuple[int, str]:
    """Copy until the end, or until there is more than there may be; return the size and SHA-256 of what came."""
    received, digest = 0, hashlib.sha256()
    with _progress() as progress:
        task = progress.add_task(label, total=size)
        while received <= size and (block := response.read(BLOCK)):
            file.write(block)
            digest.update(block)
            received += len(block)
            progress.update(task, completed=received)
    return received, digest.hexdigest()


def _progress() -> Progress:
    """Return a progress line on the terminal; where there is none it shows nothing."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, disable=not console.is_terminal)


def _wrong(url: str, expected: str, got: str) -> FormatError:
    fix = "download it again; if this stays so, the file at this address was changed."
    return checks.problem(FormatError, url, expected=expected, got=got, fix=fix)
