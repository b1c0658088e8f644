"""Training from Parquet files beside training from arrays: rows a second, and memory.

Run as ``python -m benchmarks.streaming``. Each way runs in a process of its own, which first trains on a few rows, so
that what is measured is neither importing nor compiling. The target: at least 80 % of the steps a second of arrays in
memory, and less than 1 GB above what the library itself takes.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

COLUMNS, CLASSES, BATCH = 32, 10, 128
ROWS_PER_FILE, ROWS_PER_GROUP = 1_000_000, 100_000
WAYS = ("arrays", "parquet", "parquet, shuffled")


def main() -> int:
    """Measure each way, and print a table."""
    options = _options()
    if options.way:
        print(json.dumps(_measure(options.way, options.rows, options.folder)))
        return 0
    with _files(options) as folder:
        if options.write:
            return 0
        results = {way: _in_process(way, options.rows, folder) for way in WAYS}
    print(f"{options.rows:,} rows of {COLUMNS} numbers, batches of {BATCH}; one epoch after a warm-up\n")
    print(f"{'':20}{'steps/s':>10}{'of arrays':>12}{'loss':>9}{'MB above the library':>23}")
    for way, result in results.items():
        share = result["steps_a_second"] / results["arrays"]["steps_a_second"]
        print(
            f"{way:20}{result['steps_a_second']:>10,.0f}{share:>12.0%}{result['loss']:>9.4f}{result['megabytes']:>23,.0f}"
        )
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.streaming", description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000, help="rows of the table (default: %(default)s)")
    parser.add_argument("--folder", type=Path, help="where the files are, or are written and stay; 2 GB for all rows")
    parser.add_argument("--write", action="store_true", help="only write the files into the folder, for another run")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    return parser.parse_args()


@contextlib.contextmanager
def _files(options: argparse.Namespace) -> Iterator[str]:
    """Give a folder of files, which goes away with what was written there unless it was named."""
    with contextlib.ExitStack() as stack:
        folder = options.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if not any(folder.glob("*.parquet")):
            _write(options.rows, folder)
        yield str(folder)


def _in_process(way: str, rows: int, folder: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.streaming", "--way", way, "--rows", str(rows), "--folder", folder]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _measure(way: str, rows: int, folder: Path) -> dict[str, float]:
    """Train for one epoch and return how fast that was, how far it came, and what memory it took."""
    import lamina as lm

    model = lm.Sequential(
        [
            lm.Input((COLUMNS,)),
            lm.layers.Dense(512, activation="relu"),
            lm.layers.Dense(CLASSES, activation="softmax"),
        ]
    )
    model.compile("rmsprop", "sparse_categorical_crossentropy")
    names = [f"x{index}" for index in range(COLUMNS)]
    dataset = lm.data.Dataset.from_parquet(folder, "y", x=names).batch(BATCH)
    dataset = dataset.shuffle() if way.endswith("shuffled") else dataset
    arrays = _joined(dataset) if way == "arrays" else ()

    def train(some: int | None) -> Any:
        if arrays:
            return model.fit(*(part[:some] for part in arrays), batch_size=BATCH, shuffle=False, verbose=0, seed=1)
        return model.fit(dataset if some is None else dataset.take(some), verbose=0)

    model.build(seed=1)
    before = _memory()
    train(min(rows, 3 * ROWS_PER_GROUP))  # as many as give blocks of the same size, whose program is then compiled
    start = time.perf_counter()
    history = train(None)
    seconds = time.perf_counter() - start
    return {
        "steps_a_second": -(-rows // BATCH) / seconds,
        "loss": history.history["loss"][-1],
        "megabytes": _memory() - before + sum(part.nbytes for part in arrays) / 2**20,
    }


def _joined(dataset: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return all rows in memory."""
    blocks = list(dataset.blocks())
    return np.concatenate([block.x for block in blocks]), np.concatenate([block.y for block in blocks])


def _memory() -> float:
    """Return the most memory that this process has had so far, in megabytes; it never falls."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10


def _write(rows: int, folder: Path) -> None:
    """Write a table whose class follows from the columns, in files of a million rows."""
    import pyarrow
    from pyarrow import parquet

    random = np.random.default_rng(0)
    directions = random.normal(size=(COLUMNS, CLASSES)).astype(np.float32)
    for start in range(0, rows, ROWS_PER_FILE):
        x = random.normal(size=(min(ROWS_PER_FILE, rows - start), COLUMNS)).astype(np.float32)
        noise = random.normal(size=(len(x), CLASSES)).astype(np.float32)
        columns = {f"x{index}": x[:, index] for index in range(COLUMNS)}
        columns["y"] = (x @ directions + noise).argmax(axis=1).astype(np.int8)
        path = folder / f"{start // ROWS_PER_FILE:04}.parquet"
        parquet.write_table(pyarrow.table(columns), path, row_group_size=ROWS_PER_GROUP, compression="none")


if __name__ == "__main__":
    sys.exit(main())
