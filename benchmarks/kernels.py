"""Each kernel alone: ours, its twin in pure JAX, and oneDNN through PyTorch, beside the peak of the machine."""

from __future__ import annotations

import math
import os
import shlex
import statistics
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.driver import Entry
from benchmarks.results import Result
from benchmarks.rivals import FOLDER, LAMINA, RIVALS, Rival

TWIN = replace(LAMINA, name="twin", settings=(("LAMINA_KERNELS", "0"),))
TORCH = RIVALS["torch"]
NAME, PEAK = "kernels", "peak"

_GRADIENTS = ("input gradient", "kernel gradient")


@dataclass(frozen=True)
class Case:
    """A kernel at work on arrays of one shape.

    Attributes:
        name: of the layer.
        kind: ``"convolution"``, ``"max pooling"``, ``"average pooling"``, ``"LSTM"`` or ``"GRU"``.
        direction: ``"forward"``, ``"backward"``, or one of the two gradients of a convolution.
        shape: of the input.
        kernel: shape of the kernel of a convolution; height and width of the window of a pooling, which moves by as
            much; units of a recurrent layer.
        groups: of a convolution.
        padding: of a convolution: ``"valid"``, or ``"same"`` for images of the size that came in.
        stride: of a convolution, by how much its kernel moves.
    """

    name: str
    kind: str
    direction: str
    shape: tuple[int, ...]
    kernel: tuple[int, ...]
    groups: int = 1
    padding: str = "valid"
    stride: int = 1

    @property
    def pools(self) -> bool:
        """Whether it is a pooling."""
        return self.kind.endswith("pooling")

    @property
    def command(self) -> str:
        """What a worker is told to do."""
        return f"{self.name} · {self.direction}"

    @property
    def gates(self) -> int:
        """Gates of a recurrent layer."""
        return 4 if self.kind == "LSTM" else 3

    @property
    def unit(self) -> str:
        """What is counted: operations, or bytes where there is next to nothing to compute."""
        return "GB/s" if self.pools else "GFLOP/s"

    @property
    def work(self) -> float:
        """Operations, of which a multiplication and an addition are two; or bytes, those of the images in and out."""
        batch, *sizes, channels = self.shape
        if self.kind == "convolution":
            cut = 1 if self.padding == "valid" else 0
            spans = (size - cut * (reach - 1) for size, reach in zip(sizes, self.kernel, strict=False))
            stops = ((span + self.stride - 1) // self.stride for span in spans)
            return 2.0 * batch * math.prod(stops) * math.prod(self.kernel)
        if self.pools:
            return 4.0 * math.prod(self.shape) * (1 + 1 / math.prod(self.kernel))
        (units,), ways = self.kernel, 1 if self.direction == "forward" else 2
        return 2.0 * ways * batch * sizes[0] * (channels + units) * self.gates * units


def _convolution(
    name: str,
    shape: tuple[int, ...],
    kernel: tuple[int, ...],
    *,
    first: bool = False,
    groups: int = 1,
    padding: str = "valid",
    stride: int = 1,
) -> Iterator[Case]:
    """Yield its three directions; nobody asks for the gradient of the input of a network's first layer."""
    for direction in ("forward", *_GRADIENTS[first:]):
        yield Case(name, "convolution", direction, shape, kernel, groups, padding, stride)


def _both(name: str, kind: str, shape: tuple[int, ...], kernel: tuple[int, ...]) -> Iterator[Case]:
    for direction in ("forward", "backward"):
        yield Case(name, kind, direction, shape, kernel)


CASES = (
    *_convolution("cnn28 · 1 → 32", (128, 28, 28, 1), (3, 3, 1, 32), first=True),
    *_convolution("cnn28 · 32 → 64", (128, 26, 26, 32), (3, 3, 32, 64)),
    *_both("cnn28 · pooling", "max pooling", (128, 24, 24, 64), (2, 2)),
    *_convolution("cnn100 · 3 → 32", (16, 100, 100, 3), (3, 3, 3, 32), first=True),
    *_convolution("cnn100 · 32 → 32", (16, 98, 98, 32), (3, 3, 32, 32)),
    *_both("cnn100 · pooling", "max pooling", (16, 96, 96, 32), (2, 2)),
    *_convolution("cnn100 · 32 → 64", (16, 48, 48, 32), (3, 3, 32, 64)),
    *_convolution("cnn100 · 64 → 64", (16, 46, 46, 64), (3, 3, 64, 64)),
    *_convolution("strides of 2 · 64 → 64", (16, 57, 57, 64), (3, 3, 64, 64), stride=2),
    *_both("average pooling · 2 × 2", "average pooling", (128, 24, 24, 64), (2, 2)),
    *_convolution("conv1d · 64 → 64", (64, 1, 198, 64), (1, 3, 64, 64)),
    *_convolution("depthwise · 3 × 3", (16, 56, 56, 64), (3, 3, 1, 64), groups=64, padding="same"),
    *_convolution("depthwise · 1 × 1", (16, 56, 56, 64), (1, 1, 64, 128)),
    *_both("lstm · 32 → 32", "LSTM", (64, 50, 32), (32,)),
    *_both("gru · 32 → 32", "GRU", (64, 50, 32), (32,)),
)
HEADINGS = ("kernel", "direction", "best, ms", "median, ms", "rate", "of the peak", "torch", "twin")


def measure(rivals: Sequence[Rival], *, rounds: int, size: str, say: Callable[[str], None]) -> list[Result]:
    """Let the libraries take turns at each kernel; return one result for each, and one with the peak of the machine.

    Args:
        rivals: those of the workloads; `TWIN` joins them, and only those stay that have kernels here.
        rounds: turns of each.
        size: ``"full"``, or ``"quick"`` for a few calls only.
        say: told what is going on, for a display.
    """
    measured_peak = Result(NAME, PEAK)
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory())
        entries = [
            Entry(rival, NAME, size=size, cache=folder)
            for rival in (LAMINA, TWIN, TORCH)
            if rival is TWIN or rival in rivals
        ]
        for entry in entries:
            stack.callback(entry.stop)
        program = _compiled_peak()
        for case in CASES:
            if program:
                measured_peak.record(PEAK, _peak(program, seconds=0.02 if size == "quick" else 0.2))
            for _ in range(rounds):
                for entry in entries:
                    say(f"{case.command} · {entry.rival.name}")
                    entry.do(case.command)
    return [*(entry.result for entry in entries), measured_peak]


def rows(results: Sequence[Result]) -> Iterator[tuple[str, ...]]:
    """Yield the lines of the table, under `HEADINGS`; there are none where kernels were not measured.

    Rates are those of the best of Lamina's turns, beside the best of the peak's; the times of the others are given as
    multiples of Lamina's, median by median.
    """
    by_name = {result.library: result for result in results if result.workload == NAME}
    most = peak(results)
    for case in CASES if LAMINA.name in by_name else ():
        turns = by_name[LAMINA.name].numbers.get(case.command)
        if turns:
            best, median = min(turns), statistics.median(turns)
            rate = case.work / best / 1e9
            others = [by_name[name].value(case.command) for name in (TORCH.name, TWIN.name) if name in by_name]
            yield (
                case.name,
                case.direction,
                f"{1000 * best:.3g}",
                f"{1000 * median:.3g}",
                f"{rate:.3g} {case.unit}",
                f"{rate / most:.0%}" if most and case.unit != "GB/s" else "",
                *("" if other is None else f"{other / median:.2f}" for other in others),
            )


def peak(results: Sequence[Result]) -> float | None:
    """Return the most that the machine did, in GFLOP/s; None where that was not measured."""
    found = [speed for result in results if result.library == PEAK for speed in result.numbers.get(PEAK, [])]
    return max(found, default=None)


def _compiled_peak() -> Path | None:
    """Compile the measure of the machine's peak for the very processor it runs on; return None without a compiler."""
    program = FOLDER / PEAK
    compiler = shlex.split(os.environ.get("CXX", "c++"))
    options = ["-std=c++17", "-O3", "-march=native", "-ffp-contract=fast", "-pthread"]
    try:
        subprocess.run([*compiler, *options, Path(__file__).with_name("peak.cpp"), "-o", program], check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return program


def _peak(program: Path, *, seconds: float) -> float:
    """Return the billions of operations a second that all cores together do in registers."""
    return float(subprocess.run([program, str(seconds)], check=True, capture_output=True, text=True).stdout)
