"""One seed, many independent streams.

Every random choice is drawn from a stream named by what it is for (``"weights", "dense_1/kernel"`` or ``"order",
epoch``), so adding a layer or skipping an epoch changes no other stream. Streams are NumPy's Philox generators keyed by
a SHA-256 of the seed and the names; they give the same numbers on every machine.
"""

from __future__ import annotations

import hashlib
import secrets

import numpy as np

from lamina._core import checks
from lamina.errors import ArgumentError

LARGEST_SEED = 2**32 - 1


def draw() -> int:
    """Draw a new seed from the operating system, between 0 and 2**32 - 1."""
    return secrets.randbelow(LARGEST_SEED + 1)


def chosen(seed: int | None, *, where: str, before: int | None = None) -> int:
    """Return `seed` checked; for None the one from before, or a newly drawn one where there is none either."""
    if seed is None:
        return draw() if before is None else before
    checks.integer(where, seed, least=0)
    if seed > LARGEST_SEED:
        kind = f"an integer from 0 to {LARGEST_SEED}"
        raise checks.problem(ArgumentError, where, expected=kind, got=str(seed), fix=f"give {kind}.")
    return int(seed)


def stream(seed: int, *names: str | int) -> np.random.Generator:
    """Return the generator of the stream that `names` point to."""
    return np.random.Generator(np.random.Philox(key=_digest(seed, names)))


def key_data(seed: int, *names: str | int) -> np.ndarray:
    """Return the two 32-bit words that key the device's own random numbers for a stream."""
    digest = _digest(seed, names)
    return np.array([digest & 0xFFFFFFFF, (digest >> 32) & 0xFFFFFFFF], dtype=np.uint32)


def _digest(seed: int, names: tuple[str | int, ...]) -> int:
    text = "\0".join(str(part) for part in (seed, *names))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "little")
