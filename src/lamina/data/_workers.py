"""Processes that call a function on items, and give the results in the order of the items.

They are started as programs of their own, not as copies of this process: JAX's threads do not survive a copy, and a
script needs no ``if __name__ == "__main__"``. They import the function, and not JAX.
"""

from __future__ import annotations

import collections
import contextlib
import os
import pickle
import queue
import subprocess
import sys
import weakref
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from lamina._core import checks
from lamina.data._attempts import Attempt, Failure, attempt
from lamina.errors import ArgumentError

K = TypeVar("K")

TASKS_AHEAD = 2
"""How many tasks each process has before it besides the one it works on."""


class Workers:
    """Calls a function on items, in this process or in others.

    Args:
        function: what to call; where there are processes, one that they can import.
        count: how many processes; 0 to work in this one.
        where: the place to name in an error.

    Raises:
        ArgumentError: for a function that another process cannot import; raised when the first item is there.
    """

    def __init__(self, function: Callable[[Any], Any], count: int, *, where: str) -> None:
        checks.integer(f"{where.partition('(')[0]}(workers)", count, least=0)
        self._function = function
        self._count = count
        self._where = where
        self._free: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        self._is_started = False

    def run(self, tasks: Iterable[tuple[K, list[Any]]]) -> Iterator[tuple[K, list[Attempt]]]:
        """Yield what came of the items of each task, in the order of the tasks.

        Args:
            tasks: a key, which comes back with the results, and items.
        """
        if not self._count:
            yield from ((key, [attempt(self._function, item) for item in items]) for key, items in tasks)
            return
        self._start()
        waiting: collections.deque[tuple[K, Future[list[Attempt]]]] = collections.deque()
        pool = ThreadPoolExecutor(self._count)
        try:
            for key, items in tasks:
                waiting.append((key, pool.submit(self._attempts, items)))
                if len(waiting) > self._count * (1 + TASKS_AHEAD):
                    first, future = waiting.popleft()
                    yield first, future.result()
            while waiting:
                first, future = waiting.popleft()
                yield first, future.result()
        finally:
            pool.shutdown(cancel_futures=True)

    def _start(self) -> None:
        """Start the processes; they stay until this object is dropped."""
        if self._is_started:
            return
        try:
            function = pickle.dumps(self._function)
        except Exception as error:  # each class has errors of its own for what it cannot pack
            raise self._not_importable(f"{type(error).__name__}: {error}") from error
        for _ in range(self._count):
            worker = _Worker(function)
            weakref.finalize(self, worker.stop)
            self._free.put(worker)
        self._is_started = True

    def _attempts(self, items: list[Any]) -> list[Attempt]:
        """Return what a process that is free makes of some items."""
        worker = self._free.get()
        try:
            found = worker.ask(items)
            if found is None and len(items) > 1:  # it died: of which of them?
                return [attempt for item in items for attempt in worker.ask([item]) or [worker.death()]]
            return found or [worker.death()]
        except _CannotImport as error:
            raise self._not_importable(str(error)) from error
        finally:
            self._free.put(worker)

    def _not_importable(self, reason: str) -> ArgumentError:
        return checks.problem(
            ArgumentError,
            f"{self._where.partition('(')[0]}(workers)",
            expected="a function that another process can import",
            got=reason,
            fix="move it to a module of its own and import it, or leave workers out.",
        )


class _CannotImport(Exception):
    """The process could not unpack the function."""


class _Worker:
    """One process, which is asked one thing at a time.

    Args:
        function: what it calls, packed.
    """

    def __init__(self, function: bytes) -> None:
        self._function = function
        self._process: Any = None
        self._exit_code: int | None = None

    def ask(self, items: list[Any]) -> list[Attempt] | None:
        """Return what came of some items; None where the process died of one of them."""
        question = pickle.dumps(items)
        try:
            self._begin()
            answer: list[Attempt] = self._exchange(question)
        except (EOFError, OSError):
            self.stop()
            return None
        return answer

    def death(self) -> Attempt:
        """Return the failure of an item that the process died of."""
        return Attempt(failure=Failure(f"the process that read it ended with exit code {self._exit_code}", ""))

    def stop(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(OSError):  # what was written last may have nobody to read it
                process.stdin.close()
            process.stdout.close()
            self._exit_code = process.wait()

    def _begin(self) -> None:
        """Start the process where none is running."""
        if self._process is not None:
            return
        self._process = subprocess.Popen(
            [sys.executable, "-m", "lamina.data._worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        problem = self._exchange(self._function)
        if problem is not None:
            self.stop()
            raise _CannotImport(problem)

    def _exchange(self, message: bytes) -> Any:
        """Send a message and return the answer."""
        self._process.stdin.write(message)
        self._process.stdin.flush()
        return pickle.load(self._process.stdout)
