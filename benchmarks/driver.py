"""Runs the libraries in turn, A B A B …, so that a slow minute of the machine hits all alike."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from tempfile import TemporaryDirectory

from benchmarks.results import Result
from benchmarks.rivals import FOLDER, LAMINA, ROOT, Rival
from benchmarks.workloads import WORKLOADS

Say = Callable[[str], None]


LONGEST_ANSWER = 900.0  # seconds after which a process is given up; several times what the slowest library needs


class WorkerError(Exception):
    """A worker did not answer with a number."""


class Entry:
    """One library in one workload: its process, and what was measured of it so far."""

    def __init__(self, rival: Rival, workload: str, *, size: str, cache: str) -> None:
        self.rival, self.workload, self.size, self.cache = rival, workload, size, cache
        self.limit = LONGEST_ANSWER
        self.result = Result(workload, rival.name)
        self.process: subprocess.Popen[str] | None = None
        self.log = FOLDER / "logs" / f"{workload}-{rival.name}.log"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.log.unlink(missing_ok=True)

    def do(self, command: str) -> None:
        """Give one command and keep the number it answers; after a failure do nothing more."""
        if self.result.problem:
            return
        try:
            if self.process is None:
                self.process = self._start()
                self._ask(self.process, "ready")
            self.result.record(command, self._ask(self.process, command))
        except WorkerError as problem:
            self.result.problem = str(problem)
        except OSError as problem:
            self.result.problem = f"{problem.strerror}; is .bench/{self.rival.environment} whole?"

    def stop(self) -> None:
        """Close the pipe, which ends the process; the next command starts a fresh one."""
        if self.process is not None:
            with _time_limit(self.process, self.limit):
                self.process.communicate()
            self.process = None

    def _start(self) -> subprocess.Popen[str]:
        with self.log.open("a") as log:
            return subprocess.Popen(
                [self.rival.python, "-m", "benchmarks.worker", self.rival.worker, self.workload, self.size],
                cwd=ROOT,
                env=self.rival.variables(self.cache),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def _ask(self, process: subprocess.Popen[str], command: str) -> float:
        line = ""
        with _time_limit(process, self.limit) as late, suppress(BrokenPipeError):
            print(json.dumps(command), file=process.stdin, flush=True)
            line = process.stdout.readline() if process.stdout else ""
        if not line:
            status = process.wait()
            end = f"gave no answer within {self.limit:g} s" if late.is_set() else f"ended with status {status}"
            raise WorkerError(f"{end}, see {self.log.relative_to(ROOT)}")
        answer = json.loads(line)
        if isinstance(answer, str):
            raise WorkerError(answer)
        return float(answer)


@contextmanager
def _time_limit(process: subprocess.Popen[str], seconds: float) -> Iterator[threading.Event]:
    """Kill a process that is not done in time, which ends the wait for its answer; the event says that it was."""
    late = threading.Event()

    def give_up() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(seconds, give_up)
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()


def warm_up(rivals: Sequence[Rival], *, say: Say) -> None:
    """Train each library once on a few rows, so that its files are read and its bytecode is written before time counts.

    What has just been installed takes longer to read from the disk than a first epoch takes.
    """
    for rival in rivals:
        say(f"reading {rival.name} from the disk")
        with TemporaryDirectory() as cache:
            entry = Entry(rival, "tiny", size="quick", cache=cache)
            entry.do("first")
            entry.stop()


def measure(workload: str, rivals: Sequence[Rival], *, rounds: int, size: str, say: Say) -> list[Result]:
    """Measure one workload in all libraries and return one result for each.

    Args:
        workload: its name.
        rivals: the libraries, in the order in which they take turns.
        rounds: timed rounds of each.
        size: ``"full"``, or ``"quick"`` for a few steps only.
        say: told what is going on, for a display.
    """
    if workload == "import":
        return _imports(rivals, rounds=rounds, say=say)
    with ExitStack() as stack:
        entries = []
        for rival in rivals:
            cache = stack.enter_context(TemporaryDirectory())
            entries.append(Entry(rival, workload, size=size, cache=cache))
            stack.callback(entries[-1].stop)
        for entry, command in _schedule(entries, rounds):
            say(f"{workload} · {command} · {entry.rival.name}")
            entry.do(command)
        return [entry.result for entry in entries]


def _schedule(entries: Sequence[Entry], rounds: int) -> Iterator[tuple[Entry, str]]:
    """Say who does what next.

    All processes stay alive until the last round; ``first`` comes again at the end, from fresh processes, when what a
    library keeps between processes lies in its cache folder. For the dense networks alone, or the whole would take too
    long.
    """
    workload = WORKLOADS[entries[0].workload]
    for command in ("first", *["round"] * rounds, "memory"):
        yield from ((entry, command) for entry in entries)
    for entry in entries:
        if not workload.predicts:
            yield entry, "loss"
        elif workload.name == "predict" and entry.rival is LAMINA:
            yield entry, "growth"
        entry.stop()
    for entry in entries if workload.is_dense else ():
        yield entry, "first"
        entry.stop()


def _imports(rivals: Sequence[Rival], *, rounds: int, say: Say) -> list[Result]:
    """Time the import of every library, in a fresh process each; the round before the first writes the bytecode."""
    results = {rival: Result("import", rival.name) for rival in rivals}
    for number in range(rounds + 1):
        for rival, result in results.items():
            say(f"import · round {number} · {rival.name}")
            try:
                seconds = _import_seconds(rival)
            except (OSError, subprocess.SubprocessError):
                result.problem = f"cannot import {rival.imports}"
            else:
                if number:
                    result.record("round", seconds)
    return list(results.values())


def _import_seconds(rival: Rival) -> float:
    program = f"from time import perf_counter as now; t = now(); import {rival.imports}; print(now() - t)"
    with TemporaryDirectory() as folder:
        done = subprocess.run(
            [rival.python, "-c", program],
            cwd=folder,
            env=rival.variables(cache=folder),
            capture_output=True,
            text=True,
            check=True,
            timeout=LONGEST_ANSWER,
        )
    return float(done.stdout.split()[-1])
