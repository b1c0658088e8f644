"""The two tables, on the terminal and in a Markdown file."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.results import Result, Verdict
from benchmarks.rivals import LAMINA, RIVALS, versions
from benchmarks.workloads import images_are_real

_MEASURED = ("workload", "library", "ms", "range", "× lamina", "first", "second", "MB", "loss")
_TARGETS = ("target", "lamina", "limit", "best other", "")

_EXPLANATION = """\
**ms**: median of the rounds, of one training step, one prediction through the library's public function, or one
import; **range**: the quickest and the slowest round; **× lamina**: how many times Lamina's. **first**: seconds to
import the library, build the network and train the first epoch (or predict once) in a fresh process with empty caches;
**second**: the same in a second process. **MB**: the most memory the process held, data included. **loss**: on the
training data, at the end, computed in one way for all; where it is not that of the others (LOSS DIFFERS), the times do
not count. The libraries take turns: each one round, then each the next. `import lamina` is short because JAX is loaded
when it is first used; **first** counts that too.

All use their defaults and the whole processor. They train on the same data, shuffled every epoch, with the same sizes,
Glorot-uniform weights, RMSprop (0.001, 0.9), number of steps, short last batch and running metrics. `torch` is an eager
loop without DataLoader. `jax-loop` is the floor and no competitor: one compiled loop written by hand. `sklearn` has no
RMSprop (Adam stands in) and counts no accuracy while it trains."""


def show(results: Sequence[Result], verdicts: Sequence[Verdict], console: Console) -> None:
    """Print both tables and what went wrong."""
    console.print(_table(_MEASURED, [_measured_row(result, results) for result in results], right=range(2, 9)))
    for remark in _remarks(results):
        console.print(remark, markup=False)
    if verdicts:
        console.print()
        console.print(_table(_TARGETS, [_target_row(verdict) for verdict in verdicts], right=range(1, 2)))


def markdown(results: Sequence[Result], verdicts: Sequence[Verdict], command: str) -> str:
    """Return the report that is kept: both tables, the machine, the versions and how it was measured."""
    images = "MNIST" if images_are_real() else "random images in the shape of MNIST (`LAMINA_DATA` was not set)"
    libraries = dict.fromkeys(result.library for result in results)
    paragraphs = (
        "<!-- Written by scripts/bench. Do not edit. -->",
        "# Lamina beside other libraries",
        f"{date.today():%d %B %Y} · {_machine()} · {images} · `{command}`",
        "## Targets",
        _markdown_table(_TARGETS, [_target_row(verdict) for verdict in verdicts]),
        "## Measurements",
        _markdown_table(_MEASURED, [_measured_row(result, results) for result in results]),
        *_remarks(results),
        _EXPLANATION,
        "## Versions",
        _markdown_table(("library", "versions"), [(name, versions(RIVALS[name])) for name in libraries]),
    )
    return "\n\n".join(paragraphs) + "\n"


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


def _markdown_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


def _machine() -> str:
    """Return the processor, its cores, the system and the version of Python, such as one can compare by."""
    processor = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = cpuinfo.read_text().splitlines()
        processor = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), processor)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = f"{platform.system()} {platform.machine()}"
    return f"{processor}, {os.cpu_count()} cores, {memory:.0f} GB · {system} · Python {platform.python_version()}"
