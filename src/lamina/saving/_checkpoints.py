"""A folder of numbered files, the newest of which is whole, whatever happened.

Each file is written beside its place and put there when it is whole; only then does the list of files, the manifest,
name it, with its hash; only then are older files removed. So a process may be killed at any moment: the manifest that
is there names files that are there.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import warnings
from pathlib import Path
from typing import NamedTuple

from lamina._core import callers, checks, portable
from lamina._core.writing import writing
from lamina.errors import FormatError, LaminaWarning
from lamina.saving._contents import Contents
from lamina.saving._read import read
from lamina.saving._strict_json import canonical, parse
from lamina.saving._write import place, to_bytes

MANIFEST = "manifest.json"
NUMBERED = re.compile(r"\d{6,}\.safetensors")
UNFINISHED = re.compile(r"\.(\d{6,}\.safetensors|manifest\.json)\.[0-9a-f]{8}\.part")
DIGEST = re.compile(r"[0-9a-f]{64}")


class Entry(NamedTuple):
    """A file in the manifest: its name, its hash, and whether it is of the best epoch."""

    file: str
    sha256: str
    best: bool


class Checkpoints:
    """The checkpoints in a folder.

    Args:
        folder: where; made when the first one is written.
        keep: how many of the newest are kept; the best is kept besides.
    """

    def __init__(self, folder: Path, *, keep: int = 3) -> None:
        self.folder = folder
        self.keep = keep

    def __bool__(self) -> bool:
        """Tell whether there are any."""
        return (self.folder / MANIFEST).exists() or bool(self._numbered())

    def write(self, contents: Contents, *, best: bool, where: str) -> None:
        """Add a checkpoint, and remove those that are too old.

        Args:
            contents: what it holds.
            best: whether it is of the best epoch so far.
            where: the argument that names the folder, for errors.

        Raises:
            ArgumentError: where the disk is full or may not be written; the older checkpoints are as they were.
        """
        data = to_bytes(contents)
        with writing(self.folder, where=where):
            self.folder.mkdir(parents=True, exist_ok=True)
            entries = self._listed()
            number = 1 + max((_number(entry.file) for entry in entries), default=0)
            entries.append(Entry(f"{number:06}.safetensors", hashlib.sha256(data).hexdigest(), best))
            place(self.folder / entries[-1].file, data)
            others, newest = entries[: -self.keep], entries[-self.keep :]
            kept = [entry for entry in others if entry.best and not _has_best(newest)][-1:] + newest
            place(self.folder / MANIFEST, _manifest(kept))
            self._remove_others(kept)

    def newest(self, *, where: str) -> Contents | None:
        """Return the newest checkpoint that is whole; None where there is none at all.

        Each one that was damaged is passed over with a warning.

        Raises:
            FormatError: where all of them were damaged.
        """
        entries = self._listed()
        for entry in reversed(entries):
            try:
                return self._read(entry)
            except FormatError as error:
                first = str(error).partition("\n")[0]
                warnings.warn(
                    f"{where}: passed over a checkpoint. {first}", LaminaWarning, stacklevel=callers.levels_up()
                )
        if not entries and not self:
            return None
        raise checks.problem(
            FormatError,
            where,
            expected="a whole checkpoint",
            got=f"none in {str(self.folder)!r}",
            fix="name another folder to begin anew.",
        )

    def remove(self) -> None:
        """Remove all checkpoints, and the folder if nothing else is in it."""
        with contextlib.suppress(OSError):
            (self.folder / MANIFEST).unlink(missing_ok=True)
            self._remove_others([])
            self.folder.rmdir()

    def _read(self, entry: Entry) -> Contents:
        contents = read(self.folder / entry.file)
        if _hash(self.folder / entry.file) != entry.sha256:
            expected, got, fix = "the file that the manifest names", "another one", "put it back."
            raise checks.problem(FormatError, entry.file, expected=expected, got=got, fix=fix)
        return contents

    def _listed(self) -> list[Entry]:
        """Return the entries of the manifest, the oldest first; those of all files where there is no manifest."""
        path = self.folder / MANIFEST
        if path.is_file():
            try:
                return _entries(path.read_bytes())
            except FormatError as error:
                first = str(error).partition("\n")[0]
                warnings.warn(
                    f"{first} All files in the folder are looked at.", LaminaWarning, stacklevel=callers.levels_up()
                )
        return [Entry(name, _hash(self.folder / name), best=False) for name in self._numbered()]

    def _numbered(self) -> list[str]:
        names = (item.name for item in self.folder.iterdir()) if self.folder.is_dir() else ()
        return sorted(filter(NUMBERED.fullmatch, names), key=_number)

    def _remove_others(self, kept: list[Entry]) -> None:
        """Remove older checkpoints, and what a process that was killed left half-written."""
        names = {entry.file for entry in kept}
        for item in self.folder.iterdir():
            is_ours = NUMBERED.fullmatch(item.name) or UNFINISHED.fullmatch(item.name)
            if is_ours and item.name not in names:
                item.unlink()


def _number(file: str) -> int:
    return int(file.partition(".")[0])


def _has_best(entries: list[Entry]) -> bool:
    return any(entry.best for entry in entries)


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _manifest(entries: list[Entry]) -> bytes:
    return canonical({"format": 1, "checkpoints": [entry._asdict() for entry in entries]}).encode()


def _entries(data: bytes) -> list[Entry]:
    """Return what a manifest lists; names that are no plain numbered files are refused like all else."""
    version, listed = portable.entries(parse(data, where=MANIFEST), ("format", "checkpoints"), where=MANIFEST)
    if version != 1:
        expected, got = "format version 1", checks.plain(version)
        raise checks.problem(FormatError, MANIFEST, expected=expected, got=got, fix=portable.UPDATE)
    entries = []
    for item in portable.sequence(listed, where=MANIFEST):
        file, sha256, best = portable.entries(item, Entry._fields, where=MANIFEST)
        if not (_fits(NUMBERED, file) and _fits(DIGEST, sha256) and isinstance(best, bool)):
            raise portable.refusal(
                MANIFEST, expected="numbered files, their hashes, True or False", got=checks.plain(item)
            )
        entries.append(Entry(file, sha256, best))
    return entries


def _fits(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None
