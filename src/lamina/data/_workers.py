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
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, TypeVar

from lamina._core import checks
from lamina.data._attempts import Attempt, Failure, attempt
from lamina.errors import ArgumentError

K = TypeVar("K")

TASKS_AHEAD = 2
"""How many tasks each process has before it besides the one it works on."""

TIMEOUT = 300.0
"""How many seconds an item may take, where nobody says another number."""

PATIENCE = 5.0
"""How many seconds a process that is told to end may go on with what it is at."""


class Workers:
    """Calls a function on items, in this process or in others.

    Args:
        function: what to call; where there are processes, one that they can import.
        count: how many processes; 0 to work in this one.
        where: the place to name in an error.
        timeout: how many seconds a process may take for an item before it is ended, and the item has failed.

    Raises:
        ArgumentError: for a function that another process cannot import; raised when the first item is there.
    """

    def __init__(self, function: Callable[[Any], Any], count: int, *, where: str, timeout: float | None = None) -> None:
        verb = where.partition("(")[0]
        checks.integer(f"{verb}(workers)", count, least=0)
        if timeout is not None:
            checks.number(f"{verb}(timeout)", timeout, low=0, open_low=True)
        self._function = function
        self._count = count
        self._where = where
        self._timeout = TIMEOUT if timeout is None else timeout
        self._workers: list[_Worker] = []
        self._free: queue.SimpleQueue[_Worker] = queue.SimpleQueue()

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
        pool, busy, ended = ThreadPoolExecutor(self._count), set[_Worker](), threading.Event()
        try:
            for key, items in tasks:
                waiting.append((key, pool.submit(self._attempts, items, busy, ended)))
                if len(waiting) > self._count * (1 + TASKS_AHEAD):
                    yield waiting[0][0], waiting[0][1].result()
                    waiting.popleft()
            while waiting:
                yield waiting[0][0], waiting[0][1].result()
                waiting.popleft()
        finally:  # be it that nobody wants the rest
            ended.set()
            pool.shutdown(wait=False, cancel_futures=True)
            if wait([future for _, future in waiting if not future.cancelled()], PATIENCE).not_done:
                for worker in tuple(busy):
                    worker.stop(patience=0)
            pool.shutdown()

    def _start(self) -> None:
        """Start the processes; they stay until this object is dropped."""
        if self._workers:
            return
        try:
            function = pickle.dumps(self._function)
        except Exception as error:  # each class has errors of its own for what it cannot pack
            raise self._not_importable(f"{type(error).__name__}: {error}") from error
        self._workers = [_Worker(function, self._timeout) for _ in range(self._count)]
        for worker in self._workers:
            weakref.finalize(self, worker.stop)
            self._free.put(worker)

    def _attempts(self, items: list[Any], busy: set[_Worker], ended: threading.Event) -> list[Attempt]:
        """Return what a process that is free makes of some items; of the first of them where nobody wants the rest."""
        worker, found = self._free.get(), list[Attempt]()
        busy.add(worker)
        try:
            while len(found) < len(items) and not ended.is_set():
                found += worker.ask(items[len(found) :])
        except _CannotImport as error:
            raise self._not_importable(str(error)) from error
        finally:
            busy.remove(worker)
            self._free.put(worker)
        return found

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

    A thread reads what it answers, as only that can be waited for with a limit on every system.

    Args:
        function: what it calls, packed.
        timeout: how many seconds it may take for an item.
    """

    def __init__(self, function: bytes, timeout: float) -> None:
        self._function = function
        self._timeout = timeout
        self._process: Any = None
        self._answers: queue.SimpleQueue[tuple[Any, Exception | None]] = queue.SimpleQueue()

    def ask(self, items: list[Any]) -> list[Attempt]:
        """Return what came of some items; where the process died or was stuck, of those up to the one it was at."""
        question = pickle.dumps(items)
        found: list[Attempt] = []
        self._begin()
        try:
            self._say(question)
            for _ in items:
                found.append(self._answer(self._timeout))
        except queue.Empty:
            self.stop(patience=0)
            reason = f"TimeoutError: its process was not done within {self._timeout:g} seconds"
            found.append(Attempt(failure=Failure(reason, "")))
        except (EOFError, OSError, pickle.UnpicklingError):
            reason = f"the process that read it ended with exit code {self.stop()}"
            found.append(Attempt(failure=Failure(reason, "")))
        except Exception as error:  # what unpacking an object of the user's may raise
            self.stop(patience=0)
            found.append(Attempt(failure=Failure(f"{type(error).__name__}: {error}", "")))
        return found

    def stop(self, *, patience: float = PATIENCE) -> int | None:
        """End the process, and return its exit code; None where there is none, or the system does not let it go.

        Args:
            patience: how many seconds it may still take for what it is at.
        """
        process, self._process = self._process, None
        if process is None:
            return None
        with contextlib.suppress(OSError):  # what was written last may have nobody to read it
            process.stdin.close()
        for seconds in (patience, PATIENCE):
            with contextlib.suppress(subprocess.TimeoutExpired):
                code: int = process.wait(seconds)
                return code
            process.kill()
        return None

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
        self._answers = queue.SimpleQueue()
        threading.Thread(
            target=_read, args=(self._process.stdout, self._answers), name="lamina-worker", daemon=True
        ).start()
        try:
            self._say(self._function)
            problem = self._answer(TIMEOUT)  # importing takes its time
        except (queue.Empty, EOFError, OSError) as error:
            problem = f"{type(error).__name__} while it was imported"
        if problem is not None:
            self.stop(patience=0)
            raise _CannotImport(problem)

    def _say(self, message: bytes) -> None:
        self._process.stdin.write(message)
        self._process.stdin.flush()

    def _answer(self, seconds: float) -> Any:
        """Return the next answer, or raise `queue.Empty` where there is none for so many seconds."""
        answer, error = self._answers.get(timeout=seconds)
        if error is not None:
            raise error
        return answer


def _read(stream: Any, answers: queue.SimpleQueue[tuple[Any, Exception | None]]) -> None:
    """Pass answers on as they come, and at last the error that says there are no more."""
    with stream:
        try:
            while True:
                answers.put((pickle.load(stream), None))
        except Exception as error:  # the end, or what unpacking an object of the user's may raise
            answers.put((None, error))
