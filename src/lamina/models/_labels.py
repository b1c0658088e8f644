"""The labels that classes stand for, in the form a file can carry, and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from lamina._core import checks, portable

TYPES = {"U": "text", "S": "bytes", "b": "booleans"}
"""What a file calls labels of each of NumPy's kinds."""

MOST_CHARACTERS = 2**24
"""What all labels may take at the length of the longest, as NumPy keeps them."""


def encode_labels(labels: np.ndarray | None) -> dict[str, Any] | None:
    """Turn the labels of one output into plain JSON values; None where classes are numbers."""
    if labels is None:
        return None
    word = TYPES[labels.dtype.kind]
    values = [label.decode("latin-1") for label in labels.tolist()] if word == "bytes" else labels.tolist()
    return {"type": word, "labels": values}


def decode_labels(value: Any, count: int | None, *, where: str) -> np.ndarray | None:
    """Return the labels that `encode_labels` wrote.

    Args:
        value: what was saved.
        count: the size of the output; one output tells two classes apart.
        where: the place to name in errors.

    Raises:
        FormatError: for labels that are not of one type, in order, and as many as the output has classes.
    """
    if value is None:
        return None
    word, labels = portable.entries(value, ("type", "labels"), where=where)
    labels = portable.sequence(labels, where=where)
    with checks.refusing(where):
        checks.choice(where, word, TYPES.values())
    of_type = all(type(label) is (bool if word == "booleans" else str) for label in labels)
    wanted = 2 if count == 1 else count
    if not of_type or len(labels) != wanted or any(a >= b for a, b in zip(labels, labels[1:], strict=False)):
        raise portable.refusal(where, expected=f"{wanted} different labels in order", got=checks.plain(labels))
    longest = 1 if word == "booleans" else max(map(len, labels))
    if longest * len(labels) > MOST_CHARACTERS:
        raise portable.refusal(where, expected=f"labels that take at most {MOST_CHARACTERS:,} characters", got="more")
    with checks.refusing(where):
        return np.array([label.encode("latin-1") for label in labels] if word == "bytes" else labels)
