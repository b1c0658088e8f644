"""The command behind `scripts/bench`."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from benchmarks.rivals import LAMINA, RIVALS, ROOT, install
from benchmarks.workloads import WORKLOADS

_KEPT = ROOT / "benchmarks" / "RESULTS.md"
_KNOWN = ("import", *WORKLOADS, "kernels")


def main(arguments: Sequence[str]) -> int:
    """Measure what was asked for, print the tables, and keep those of a complete run."""
    options = _options(arguments)
    from rich.console import Console  # here and below: --help works before anything is installed

    from benchmarks import driver, kernels, report
    from benchmarks.results import compare_losses, judge

    rivals = [rival for rival in RIVALS.values() if rival is LAMINA or rival.name in options.rivals]
    for rival in rivals:
        install(rival)
    rounds, size = (2, "quick") if options.quick else (options.rounds, "full")
    results = []
    with Console(stderr=True).status("starting") as status:
        driver.warm_up(rivals, say=status.update)
        for workload in options.only:
            able = [rival for rival in rivals if workload not in rival.without]
            if workload == kernels.NAME:
                results += kernels.measure(able, rounds=rounds, size=size, say=status.update)
            else:
                results += driver.measure(workload, able, rounds=rounds, size=size, say=status.update)
    verdicts = []
    if not options.quick:  # a few steps prove nothing
        compare_losses(results)
        verdicts = judge(results)
    report.show(results, verdicts, Console())
    output = options.output or (None if arguments else _KEPT)
    if output:
        output.write_text(report.markdown(results, verdicts, shlex.join(["scripts/bench", *arguments])))
    return int(any(result.problem for result in results if result.library == LAMINA.name))


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        description="Measure Lamina beside other libraries, each in an environment of its own under .bench/. "
        "Images are MNIST's if LAMINA_DATA names the folder that holds mnist/, else random.",
        epilog="Without options it takes less than half an hour and writes benchmarks/RESULTS.md.",
    )
    others = tuple(name for name in RIVALS if name != LAMINA.name)
    for option, known in (("--only", _KNOWN), ("--rivals", others)):
        parser.add_argument(option, type=_some(known), default=known, metavar="NAME,…", help=f"of {', '.join(known)}")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="timed rounds (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="a few steps and two rounds, to see that everything runs")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write the report there as Markdown")
    return parser.parse_args(arguments)


def _some(known: Collection[str]) -> Callable[[str], list[str]]:
    def names(text: str) -> list[str]:
        chosen = text.split(",")
        for name in chosen:
            if name not in known:
                raise argparse.ArgumentTypeError(f"expected some of {', '.join(known)}, got {name!r}")
        return chosen

    return names


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
