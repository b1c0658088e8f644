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


class Numbering:
    """Gives names that are not taken: ``dense``, then ``dense_1``, ``dense_2`` ...

    Args:
        taken: names that may not be given.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)
        self._next: dict[str, int] = {}

    def name(self, word: str) -> str:
        """Return `word`, or the word with the lowest number that is free."""
        found, index = word, self._next.get(word, 1)
        while found in self._taken:
            found, index = f"{word}_{index}", index + 1
        self._taken.add(found)
        self._next[word] = index
        return found
