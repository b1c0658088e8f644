"""What single things cost that the guides and the design notes speak of.

    .bench/lamina/bin/python -m benchmarks.costs            all of it
    .bench/lamina/bin/python -m benchmarks.costs int8       one table: events, checkpoints, int8 or compiling
    .bench/lamina/bin/python -m benchmarks.costs --write    all of it, into benchmarks/COSTS.md

What is compared takes turns, and medians count, so that a slow minute of the machine hits all alike.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import tempfile
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter
from typing import Any

import jax
import numpy as np

import lamina as lm
from benchmarks.products import BATCH, CLASSES, HIDDEN, INPUTS, Table, drawn, network
from benchmarks.report import machine, markdown_table

_compilation = import_module("lamina.ops._compilation")  # whose name in `lamina.ops` is that of a list

FILE = Path(__file__).parent / "COSTS.md"
TURNS, PROCESSES = 21, 9
SMALL, MLP = (4, 8, 2), (INPUTS, HIDDEN, CLASSES)
ROWS = 50 * BATCH


def events() -> Table:
    """Measure an epoch of 50 steps without batch events, with one after every step, and after every hundredth."""

    class Every(lm.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: Mapping[str, Any]) -> None:
            """Be told."""

    class Hundredth(Every):
        wants_batches = 100

    rows: Table = [("network", "epoch, ms", "with an event after each step", "for each", "after each hundredth")]
    for sizes in (SMALL, MLP):
        fit = _training(sizes)
        plain, every, hundredth = _in_turn(fit, partial(fit, callbacks=Every()), partial(fit, callbacks=Hundredth()))
        each = (every - plain) / (ROWS // BATCH)
        rows.append((_name(sizes), *_milliseconds((plain, every, each, hundredth))))
    return rows


def checkpoints() -> Table:
    """Measure an epoch of 50 steps with and without a checkpoint at its end."""
    rows: Table = [("network", "epoch, ms", "with a checkpoint", "more")]
    for sizes in (SMALL, MLP):
        fit = _training(sizes)
        with tempfile.TemporaryDirectory() as folder:
            plain, saved = _in_turn(fit, partial(_train_in_new_folder, fit, folder))
        rows.append((_name(sizes), *_milliseconds((plain, saved, saved - plain))))
    return rows


def int8() -> Table:
    """Measure the file of a network and of the one quantised from it, and predictions of both."""
    model = network(MLP).build(seed=1)
    small = lm.models.quantize(model)
    rows: Table = [(_name(MLP), "float32", "int8", "ratio")]
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("float32.safetensors", "int8.safetensors")]
        for each, path in zip((model, small), paths, strict=True):
            each.save(path)
        before, after = (path.stat().st_size for path in paths)
    rows.append(("file, bytes", f"{before:,}", f"{after:,}", f"{after / before:.2f}"))
    for count in (1, 32, 1024):
        x = drawn(count, INPUTS)
        before, after = _in_turn(partial(model.predict, x), partial(small.predict, x), calls=20)
        name = f"prediction of {count:,} {'row' if count == 1 else 'rows'}, ms"
        rows.append((name, f"{1000 * before:.3g}", f"{1000 * after:.3g}", f"{after / before:.2f}"))
    return rows


def compiling() -> Table:
    """Measure a first epoch, and functions, with LLVM's dearest passes and without, as `lamina.ops.compiled` does."""
    x = drawn(1024, 1024)
    parts: dict[str, tuple[Callable[..., Any], tuple[np.ndarray, ...]]] = {
        "GELU of 2²⁰ numbers": (jax.nn.gelu, (x,)),
        "softmax of 2²⁰ numbers": (jax.nn.softmax, (x,)),
        "slope of sigmoid, 2²⁰ numbers": (jax.vmap(jax.grad(lambda row: jax.nn.sigmoid(row).sum())), (x,)),
        "2²⁰ random numbers": (lambda x: x + jax.random.uniform(jax.random.key(0), x.shape), (x,)),
        "loss of `mlp` and its gradient": (
            jax.grad(_loss, argnums=(1, 2)),
            (drawn(BATCH, INPUTS), drawn(INPUTS, HIDDEN), drawn(HIDDEN, CLASSES)),
        ),
    }
    turns = [[_first_fit(passes=passes) for passes in (True, False)] for _ in range(PROCESSES)]
    first = map(statistics.median, zip(*turns, strict=True))
    rows: Table = [("ms", "with", "without"), ("first epoch of `mlp` in a fresh process", *_milliseconds(first))]
    for name, (part, given) in parts.items():
        arrays = jax.device_put(given)
        lowered = jax.jit(part).lower(*arrays)
        runs = [
            partial(_finished, lowered.compile({"xla_llvm_disable_expensive_passes": not passes}), arrays)
            for passes in (True, False)
        ]
        rows.append((name, *_milliseconds(_in_turn(*runs, calls=5))))
    return rows


def _first_fit(*, passes: bool) -> float:
    """Return the seconds of an epoch in a process of its own, which compiles everything."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_fit_once, args=(there, passes))
    process.start()
    there.close()
    seconds = float(here.recv())  # ends in EOFError where the process failed
    process.join()
    return seconds


def _fit_once(answer: Connection, passes: bool) -> None:
    jax.config.update("jax_enable_compilation_cache", False)  # or it would only read files
    _compilation.QUICK["xla_llvm_disable_expensive_passes"] = not passes
    start = perf_counter()
    _training(MLP)
    answer.send(perf_counter() - start)


def _training(sizes: tuple[int, ...]) -> Callable[..., Any]:
    """Return a function that trains a network for one epoch, compiled already."""
    model, x = network(sizes), drawn(ROWS, sizes[0])
    y = np.eye(sizes[-1], dtype=np.float32)[np.arange(ROWS) % sizes[-1]]

    def fit(**options: Any) -> None:
        model.fit(x, y, batch_size=BATCH, verbose=0, **options)

    fit()
    return fit


def _train_in_new_folder(fit: Callable[..., Any], folder: str) -> None:
    fit(checkpoint=tempfile.mkdtemp(dir=folder))


def _in_turn(*ways: Callable[[], Any], calls: int = 1) -> list[float]:
    """Return the median seconds of one call of each way, which take turns of some calls."""
    times: list[list[float]] = [[] for _ in ways]
    for way in ways:
        way()
    for _ in range(TURNS):
        for way, own in zip(ways, times, strict=True):
            start = perf_counter()
            for _ in range(calls):
                way()
            own.append((perf_counter() - start) / calls)
    return [statistics.median(own) for own in times]


def _milliseconds(times: Iterable[float]) -> list[str]:
    return [f"{1000 * time:.3g}" for time in times]


def _finished(run: Callable[..., Any], arrays: tuple[jax.Array, ...]) -> None:
    jax.block_until_ready(run(*arrays))


def _loss(x: jax.Array, w1: jax.Array, w2: jax.Array) -> jax.Array:
    return jax.nn.logsumexp(jax.nn.relu(x @ w1) @ w2, axis=-1).mean()


def _name(sizes: tuple[int, ...]) -> str:
    return "-".join(map(str, sizes))


HEADING = "<!-- Written by python -m benchmarks.costs --write. Do not edit. -->\n\n# What single things cost"
TABLES: dict[str, Callable[[], Table]] = {
    "events": events,
    "checkpoints": checkpoints,
    "int8": int8,
    "compiling": compiling,
}


def main() -> None:
    """Print the tables that were asked for, and write them down where that is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.costs", description=__doc__.partition("\n")[0])
    parser.add_argument("tables", nargs="*", metavar="TABLE", help=f"of {', '.join(TABLES)} (default: all)")
    parser.add_argument("--write", action="store_true", help=f"write them into {FILE.name}; needs all of them")
    options = parser.parse_args()
    chosen = options.tables or TABLES
    for name in chosen:
        if name not in TABLES:
            parser.error(f"expected some of {', '.join(TABLES)}, got {name!r}")
    if options.write and options.tables:
        parser.error(f"expected no tables beside --write, got {', '.join(options.tables)}")
    parts = [f"Measured on {machine()} with jax {jax.__version__}."]
    for name in chosen:
        headings, *rows = TABLES[name]()
        parts.append(f"## {name.capitalize()}\n\n{markdown_table(headings, rows)}")
        print(f"{parts[-1]}\n", flush=True)
    if options.write:
        FILE.write_text("\n\n".join((HEADING, *parts)) + "\n")


if __name__ == "__main__":
    main()
