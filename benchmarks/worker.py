"""What every worker process does: obey one JSON line at a time.

    python -m benchmarks.worker keras mlp full
    python -m benchmarks.worker torch kernels full

In between it waits for its standard input and takes no processor time from the library whose turn it is.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import TypeAlias

import numpy as np

from benchmarks import data
from benchmarks.kernels import CASES
from benchmarks.workloads import WORKLOADS

# Each worker_*.py has `build(workload, x, y)`, which returns `train(epochs)` and `predict(rows)`; each kernels_*.py has
# `build(case)`, which returns ways to run a kernel. All of them return only when the work is done, not merely queued.
Train: TypeAlias = Callable[[int], object]
Predict: TypeAlias = Callable[[np.ndarray], np.ndarray]

_MEGABYTE = 2**20
_PART = 500  # rows predicted at once, where a library may hold whatever it computes on the way


class Worker:
    """The commands that the driver may give; each answers with one number."""

    def __init__(self, library: str, workload: str, *, quick: bool) -> None:
        self.library, self.quick = library, quick
        self.workload = WORKLOADS[workload].reduced() if quick else WORKLOADS[workload]
        self.x, self.y = data.load(self.workload)
        self.few = self.x[: self.workload.predicts].copy()
        self.train: Train
        self.predict: Predict

    def answer(self, command: str) -> float:
        """Do as told."""
        return float(getattr(self, command)())

    def ready(self) -> float:
        """Answer as soon as the data is loaded."""
        return 0.0

    def first(self) -> float:
        """Import the library, build the network, train one epoch or predict once; return the seconds."""
        start = perf_counter()
        build = import_module(f"benchmarks.worker_{self.library}").build
        self.train, self.predict = build(self.workload, self.x, self.y)
        if self.workload.predicts:
            self.predict(self.few)
        else:
            self.train(1)
        return perf_counter() - start

    def round(self) -> float:
        """Return the seconds of one step (the mean of a round) or of one prediction (the median)."""
        if self.workload.predicts:
            return self._one_prediction()
        start = perf_counter()
        self.train(self.workload.epochs)
        return (perf_counter() - start) / (self.workload.epochs * self.workload.steps)

    def memory(self) -> float:
        """Return the largest memory this process ever held, in megabytes."""
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / _MEGABYTE if sys.platform == "darwin" else peak / 1024

    def loss(self) -> float:
        """Return the loss that the network reaches on the training data."""
        x, y = self.x[: data.LOSS_ROWS], self.y[: data.LOSS_ROWS]
        parts = [np.asarray(self.predict(x[start : start + _PART])) for start in range(0, len(x), _PART)]
        return data.mean_loss(self.workload, y, np.concatenate(parts))

    def growth(self) -> float:
        """Return by how many megabytes the memory grows over 100,000 predictions."""
        calls = 1_000 if self.quick else 100_000
        for _ in range(calls // 10):
            self.predict(self.few)
        before = _memory_now()
        for _ in range(calls):
            self.predict(self.few)
        return _memory_now() - before

    def _one_prediction(self) -> float:
        return _one_call(lambda: self.predict(self.few), calls=20, seconds=0.05 if self.quick else 0.5)


class KernelWorker:
    """The kernels alone; each command names one of them, and is answered with the seconds of one call."""

    def __init__(self, library: str, *, quick: bool) -> None:
        self.library, self.quick = library, quick
        self.command, self.ways = "ready", list[Callable[[], object]]()

    def answer(self, command: str) -> float:
        """Run the kernel in every way that the library has, and return the median seconds of the quickest."""
        if command != self.command:
            case = next(case for case in CASES if case.command == command)
            self.command, self.ways = command, import_module(f"benchmarks.kernels_{self.library}").build(case)
            for way in self.ways:
                way()
        seconds = 0.01 if self.quick else 0.1
        return min((_one_call(way, calls=5, seconds=seconds) for way in self.ways), default=0.0)


def _one_call(call: Callable[[], object], *, calls: int, seconds: float) -> float:
    """Return the median seconds of so many calls at least, and of as many as fill the time."""
    times: list[float] = []
    while len(times) < calls or sum(times) < seconds:
        start = perf_counter()
        call()
        times.append(perf_counter() - start)
    return statistics.median(times)


def _memory_now() -> float:
    """Return the megabytes this process holds now (Linux), else the most it ever held."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * resource.getpagesize() / _MEGABYTE
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MEGABYTE


def main() -> None:
    """Answer each command with a number, or with a sentence if it failed, until the driver closes the pipe."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the libraries print goes to the log, not among the answers
    library, workload, size = sys.argv[1:]
    quick = size == "quick"
    worker = KernelWorker(library, quick=quick) if workload == "kernels" else Worker(library, workload, quick=quick)
    for line in sys.stdin:
        try:
            answer = worker.answer(json.loads(line))
        except Exception as problem:  # whatever a library raises is its result
            traceback.print_exc()
            answer = f"{type(problem).__name__}: {problem}"
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
