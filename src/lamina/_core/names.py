"""Names of layers, inputs and files: plain words, unique in their model."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lamina._core import checks
from lamina.errors import ArgumentError

PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
LONGEST = 100


def check_name(where: str, name: object) -> None:
    """Check a plain name: letters, digits, ``_ - .``, so that it can name tensors in a file and nothing else."""
    if not isinstance(name, str) or len(name) > LONGEST or not PLAIN.fullmatch(name):
        raise checks.problem(
            ArgumentError,
            where,
            expected="a plain name of letters, digits, '_', '-' or '.', starting with a letter",
            got=checks.plain(name),
            fix='write something like name="encoder".',
        )


def numbered(word: str, taken: Iterable[str]) -> str:
    """Return `word`, or ``word_1``, ``word_2`` ... if it is taken."""
    taken = set(taken)
    if word not in taken:
        return word
    index = 1
    while f"{word}_{index}" in taken:
        index += 1
    return f"{word}_{index}"
