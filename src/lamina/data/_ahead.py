"""Work that a thread does in advance."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias, TypeVar

T = TypeVar("T")
Ready: TypeAlias = "queue.Queue[tuple[Any, BaseException | None]]"

PATIENCE = 5.0
"""How many seconds to wait for a thread that is told to end; one that is stuck in a source ends with the program."""

_END: Any = object()


def ahead(items: Iterable[T], count: int) -> Iterator[T]:
    """Yield the items of an iterator that a thread goes through, some items ahead.

    The thread ends with this generator.

    Args:
        items: what to go through; by the thread alone, and only once the first item is asked for.
        count: how many items may be ready and not yet asked for.

    Raises:
        BaseException: whatever the iterator raises.
    """
    ready: Ready = queue.Queue(count)
    ended = threading.Event()
    thread = threading.Thread(target=_work, args=(iter(items), ready, ended), name="lamina-ahead", daemon=True)
    thread.start()
    try:
        while True:
            item, error = ready.get()
            if error is not None:
                raise error
            if item is _END:
                return
            yield item
    finally:
        ended.set()
        deadline = time.monotonic() + PATIENCE
        while thread.is_alive() and time.monotonic() < deadline:  # it may be waiting for room
            with contextlib.suppress(queue.Empty):
                ready.get(timeout=0.01)


def _work(items: Iterator[Any], ready: Ready, ended: threading.Event) -> None:
    """Put items where they are asked for, and at the end what went wrong, if anything did."""
    problem = None
    try:
        for item in items:
            ready.put((item, None))
            if ended.is_set():
                break
    except BaseException as error:  # whatever it is, it belongs to who asks for the items
        problem = error
    if hasattr(items, "close"):
        items.close()
    ready.put((_END, problem))
