"""The tables, on the terminal and in a Markdown file."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import kernels
from benchmarks.data import images_are_real
from benchmarks.results import Result, Verdict
from benchmarks.rivals import LAMINA, RIVALS, versions
from benchmarks.workloads import WORKLOADS

_MEASURED = ("workload", "library", "ms", "range", "× lamina", "first", "second", "MB", "loss")
_TARGETS = ("target", "lamina", "limit", "best other", "")

_EXPLANATION = """\
**ms**: median of the rounds, of one training step, one prediction through the library's public function, or one
import. A round of training is one call of the library's own `fit` (or its loop) over all rows, divided by its number of
steps: so the checks of the data, shuffling, metrics and the short last batch count. **range**: the quickest and the
slowest round; **× lamina**: how many times Lamina's. **first**: seconds to import the library, build the network and
train the first epoch (or predict once) in a fresh process with empty caches; **second**: the same in a second process,
of the dense networks alone. All libraries have their bytecode. **MB**: the most memory the process held until its last
round, data included. **loss**: on the training data, at the end, computed in one way for all; where it is not that of
the others (LOSS DIFFERS), the times do not count. The libraries take turns: each one round, then each the next.
`import lamina` is short because JAX is loaded when it is first used; **first** counts that too.

**× best other**: Lamina's figure divided by the smallest that another library reached in the same run with the same
loss, whichever it is; the floor is none of them. **× torch**: divided by that of eager PyTorch. **MB more**: how much
the process grew over 100,000 predictions of one row, after 10,000 others. A target is met at its limit.

All use their defaults and the whole processor. They train on the same data, shuffled every epoch, with the same sizes,
Glorot-uniform weights, RMSprop (0.001, 0.9; for `cnn100` 0.0001), number of steps, short last batch and running
metrics. `torch` is an eager loop without DataLoader, its images channels last. `jax-loop` is the floor of the dense
networks and no competitor: one compiled loop written by hand. `lamina-bfloat16` is Lamina with
`precision="mixed_bfloat16"`, no competitor either; its **× lamina** says what 16 bits bring on this processor, or cost.
`sklearn` has no RMSprop (Adam stands in) and counts no accuracy while it trains. All predict in one batch."""

_ABOUT_KERNELS = """\
One call of each kernel from Python, with new memory for its result: **best** and **median** of the turns, a turn being
the median of some calls. **rate**: operations, or for poolings the bytes of the images in and out, by the best time;
**of the peak**: beside the most that all cores together multiply and add in registers in this run, {peak}.
**torch**, which calls oneDNN for most, in the better of its two layouts, and **twin**, the same in pure JAX: how many
times Lamina's time, median by median. Recurrent kernels include the product with the inputs, convolutions the bias.
Operations are those of the sums written out: a convolution of 3 × 3 taps makes fewer, and can pass the peak."""


def show(results: Sequence[Result], verdicts: Sequence[Verdict], console: Console) -> None:
    """Print the tables and what went wrong."""
    for headings, rows, right in (
        (_MEASURED, _measured_rows(results), range(2, 9)),
        (kernels.HEADINGS, list(kernels.rows(results)), range(2, 8)),
    ):
        if rows:
            console.print(_table(headings, rows, right=right), end="\n\n")
    for remark in _remarks(results):
        console.print(remark, markup=False)
    if verdicts:
        console.print(_table(_TARGETS, [_target_row(verdict) for verdict in verdicts], right=range(1, 2)))


def markdown(results: Sequence[Result], verdicts: Sequence[Verdict], command: str) -> str:
    """Return the report that is kept: the tables, the machine, the versions and how it was measured."""
    images = "MNIST" if images_are_real() else "random images in the shape of MNIST (`LAMINA_DATA` was not set)"
    libraries = [name for name in RIVALS if any(result.library == name for result in results)]
    paragraphs = [
        "<!-- Written by scripts/bench. Do not edit. -->",
        "# Lamina beside other libraries",
        f"{date.today():%d %B %Y} · {machine()} · {images} · `{command}`",
        *_section("Targets", _TARGETS, [_target_row(verdict) for verdict in verdicts]),
        *_section("Measurements", _MEASURED, _measured_rows(results), _EXPLANATION, _steps()),
        *_section("Kernels alone", kernels.HEADINGS, list(kernels.rows(results)), _about_kernels(results)),
        *_remarks(results),
        *_section("Versions", ("library", "versions"), [(name, versions(RIVALS[name])) for name in libraries]),
    ]
    return "\n\n".join(paragraphs) + "\n"


def _section(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], *more: str) -> tuple[str, ...]:
    """Return the paragraphs of a table, none where it would be empty."""
    return (f"## {title}", markdown_table(headings, rows), *more) if rows else ()


def _measured_rows(results: Sequence[Result]) -> list[tuple[str, ...]]:
    return [_measured_row(result, results) for result in results if result.workload != kernels.NAME]


def _measured_row(result: Result, results: Sequence[Result]) -> tuple[str, ...]:
    rounds = [1000 * seconds for seconds in result.numbers.get("round", [])]
    ours = next(row for row in results if (row.workload, row.library) == (result.workload, LAMINA.name))
    time, our_time = result.value("round"), ours.value("round")
    return (
        result.workload,
        result.library,
        _number(time and 1000 * time),
        f"{_number(min(rounds))}–{_number(max(rounds))}" if rounds else "",
        _number(time and our_time and time / our_time),
        *(_number(result.value(measure)) for measure in ("first", "second", "memory", "loss")),
    )


def _steps() -> str:
    """Say how many steps of each network are timed."""
    counts = (
        f"{name} {workload.epochs * workload.steps}" for name, workload in WORKLOADS.items() if not workload.predicts
    )
    return f"Steps in a round, the same for all: {', '.join(counts)}."


def _about_kernels(results: Sequence[Result]) -> str:
    peak = kernels.peak(results)
    return _ABOUT_KERNELS.format(peak=f"{_number(peak)} GFLOP/s" if peak else "unknown without a compiler")


def _remarks(results: Sequence[Result]) -> list[str]:
    differ = [f"{r.workload}, {r.library}: LOSS DIFFERS" for r in results if r.trained_otherwise]
    return differ + [f"{r.workload}, {r.library}: FAILED. {r.problem.splitlines()[0]}" for r in results if r.problem]


def _target_row(verdict: Verdict) -> tuple[str, ...]:
    limit = f"≤ {verdict.target.limit:g} {verdict.target.unit}"
    return verdict.target.name, _number(verdict.value), limit, verdict.best_other, verdict.word


def _number(value: float | None) -> str:
    """Write three figures, as in 0.0123, 1.23 and 1230."""
    if value is None:
        return ""
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:#.3g}".rstrip(".")


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]], right: range) -> Table:
    """Return a table for the terminal, the given columns flush right; a name that repeats is written once."""
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for index, heading in enumerate(headings):
        table.add_column(heading, justify="right" if index in right else "left", no_wrap=True)
    previous = ""
    for name, *numbers in rows:
        table.add_row("" if name == previous else name, *numbers)
        previous = name
    return table


def markdown_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table as Markdown."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


def machine() -> str:
    """Return the processor, its cores, the system and the version of Python, such as one can compare by."""
    processor = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = cpuinfo.read_text().splitlines()
        processor = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), processor)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = f"{platform.system()} {platform.machine()}"
    return f"{processor}, {os.cpu_count()} cores, {memory:.0f} GB · {system} · Python {platform.python_version()}"
