"""Where the files of a data set lie: the `LAMINA_DATA` folder, the user's cache, or a download into that cache."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path

from platformdirs import user_cache_path

from lamina._core import checks
from lamina.errors import DataError, FormatError


@dataclass(frozen=True)
class RemoteFile:
    """A published file, known to the byte."""

    name: str
    size: int
    sha256: str


def folders() -> list[Path]:
    """Return the folders to look in, the first choice first; the last one is the cache, where downloads go."""
    cache = user_cache_path("lamina", appauthor=False) / "datasets"
    named = os.environ.get("LAMINA_DATA")
    if not named:
        return [cache]
    folder = Path(named).expanduser()
    if not folder.is_dir():
        # Going on to download what the user believes to have would hide a misspelt name.
        fix = "create the folder, or unset LAMINA_DATA."
        raise checks.problem(DataError, "LAMINA_DATA", expected="the name of a folder", got=repr(named), fix=fix)
    return [folder, cache]


def find(dataset: str, name: str) -> Path | None:
    """Return where a file of a data set lies on this machine, or None."""
    places = (folder / dataset / name for folder in folders())
    return next((place for place in places if place.is_file()), None)


def locate(dataset: str, files: Sequence[RemoteFile], mirrors: Sequence[str]) -> list[Path]:
    """Return the paths of all `files`, in their order; what is missing is downloaded first.

    Raises:
        DataError: a file is missing and no mirror gives it; the message names the folders and files that would do.
    """
    found = {file.name: find(dataset, file.name) for file in files}
    missing = [file for file in files if found[file.name] is None]
    for file in missing:
        found[file.name] = _download(dataset, file, mirrors, [file.name for file in missing])
    return [path for path in found.values() if path is not None]


def _download(dataset: str, file: RemoteFile, mirrors: Sequence[str], missing: list[str]) -> Path:
    # Imported here, because the network and progress modules take longer to import than MNIST takes to read.
    from lamina.datasets._download import fetch  # noqa: PLC0415

    target = folders()[-1] / dataset / file.name
    reasons = []
    for mirror in mirrors:
        try:
            fetch(mirror + file.name, target, size=file.size, sha256=file.sha256)
        except (OSError, HTTPException, FormatError) as reason:
            first_line, *_ = f"{mirror}: {reason}".split("\n")
            reasons.append(first_line)
        else:
            return target
    places = [str(folder / dataset) for folder in folders()]
    raise checks.problem(
        DataError,
        dataset,
        expected=f"the file {file.name!r} in {checks.listed(places)}, or a connection to download it",
        got=f"neither ({'; '.join(reasons)})",
        fix=f"put {checks.listed(missing, 'and')} into {places[0]!r}, or name the folder that has them in "
        f"'{dataset}' with the environment variable LAMINA_DATA.",
    )
