"""What every worker process does: obey one JSON line at a time.

    python -m benchmarks.worker keras mlp full

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

from benchmarks import workloads

# Each worker_*.py has `build(workload, x, y)`, which returns `train(epochs)` and `predict(rows)`. Both return only when
# the work is done, not merely queued.
Train: TypeAlias = Callable[[int], object]
Predict: TypeAlias = Callable[[np.ndarray], np.ndarray]

_MEGABYTE = 2**20


class Worker:
    """The commands that the driver may give; each answers with one number."""

    def __init__(self, library: str, workload: str, *, quick: bool) -> None:
        self.library, self.quick = library, quick
        self.workload, self.x, self.y = workloads.load(workload, quick=quick)
        self.row = self.x[:1].copy()
        self.predicts = workload == "predict"
        self.train: Train
        self.predict: Predict

    def ready(self) -> float:
        """Answer as soon as the data is loaded."""
        return 0.0

    def first(self) -> float:
        """Import the library, build the network, train one epoch or predict once; return the seconds."""
        start = perf_counter()
        build = import_module(f"benchmarks.worker_{self.library}").build
        self.train, self.predict = build(self.workload, self.x, self.y)
        if self.predicts:
            self.predict(self.row)
        else:
            self.train(1)
        return perf_counter() - start

    def round(self) -> float:
        """Return the seconds of one step (the mean of a round) or of one prediction (the median)."""
        if self.predicts:
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
        rows = slice(workloads.LOSS_ROWS)
        return workloads.mean_loss(self.workload, self.y[rows], np.asarray(self.predict(self.x[rows])))

    def growth(self) -> float:
        """Return by how many megabytes the memory grows over 100,000 predictions."""
        calls = 1_000 if self.quick else 100_000
        for _ in range(calls // 10):
            self.predict(self.row)
        before = _memory_now()
        for _ in range(calls):
            self.predict(self.row)
        return _memory_now() - before

    def _one_prediction(self) -> float:
        calls: list[float] = []
        enough = 0.05 if self.quick else 0.5
        while len(calls) < 20 or sum(calls) < enough:
            start = perf_counter()
            self.predict(self.row)
            calls.append(perf_counter() - start)
        return statistics.median(calls)


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
    worker = Worker(library, workload, quick=size == "quick")
    for line in sys.stdin:
        try:
            answer = getattr(worker, json.loads(line))()
        except Exception as problem:  # whatever a library raises is its result
            traceback.print_exc()
            answer = f"{type(problem).__name__}: {problem}"
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
