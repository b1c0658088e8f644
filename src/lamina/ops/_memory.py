"""Keep the memory that a program of XLA needs from one call to the next.

A compiled program asks for its room to work in anew each time it is called. glibc gives large blocks back to the system
when they are freed, and the system clears each page again when it is next touched: 2 GB/s, where writing to memory
that is at hand runs at 20 GB/s. A stretch of training of a small convolutional network spends a quarter of its time on
that. So blocks of every size are taken from the one heap, which keeps them.

It concerns the whole process, and happens once, when Lamina is first used. ``LAMINA_KEEP_MEMORY=0`` leaves all as it
is.
"""

from __future__ import annotations

import ctypes
import os
import sys
from typing import Any

__all__ = ["give_back", "keep_memory"]

TRIM_THRESHOLD, MMAP_MAX, ARENA_MAX = -1, -4, -8  # names of glibc's mallopt, from malloc.h
LARGEST = 2**31 - 1


def keep_memory() -> bool:
    """Let the C library keep freed memory for reuse, and tell whether it does: with glibc, unless switched off."""
    if not sys.platform.startswith("linux") or os.environ.get("LAMINA_KEEP_MEMORY") == "0":
        return False
    mallopt = _of_glibc("mallopt")
    if mallopt is None:  # another C library
        return False
    return all(mallopt(option, value) for option, value in ((ARENA_MAX, 1), (MMAP_MAX, 0), (TRIM_THRESHOLD, LARGEST)))


def give_back() -> None:
    """Give memory that is free to the system, where the C library is glibc."""
    malloc_trim = _of_glibc("malloc_trim")
    if malloc_trim is not None:
        malloc_trim(0)


def _of_glibc(name: str) -> Any:
    """Return a function of the C library, None where it has no such."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform.startswith("linux") else None


KEPT = keep_memory()  # before the first array, since threads that have begun keep the heap they began with
