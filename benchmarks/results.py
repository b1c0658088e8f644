"""What was measured, who was best, and which targets are met."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.rivals import FLOOR, HALVES, LAMINA
from benchmarks.workloads import WORKLOADS

_TRAINED = tuple(name for name, workload in WORKLOADS.items() if not (workload.is_dense or workload.predicts))


@dataclass
class Result:
    """The numbers of one library in one workload.

    Attributes:
        workload: name of the workload.
        library: name of the library.
        numbers: every answer of the worker, by command.
        problem: why there are no more numbers; empty if all went well.
        trained_otherwise: it reached another loss than the others, so its times prove nothing.
    """

    workload: str
    library: str
    numbers: dict[str, list[float]] = field(default_factory=dict)
    problem: str = ""
    trained_otherwise: bool = False

    def record(self, command: str, number: float) -> None:
        """Keep one answer."""
        self.numbers.setdefault(command, []).append(number)

    def value(self, measure: str) -> float | None:
        """Return what was measured, None if it was not.

        Args:
            measure: ``"round"``, the median seconds of one step, prediction or import; ``"first"``, the seconds to the
                end of the first epoch in a fresh process; ``"second"``, the same in a second process; ``"memory"``
                and ``"growth"`` in megabytes; ``"loss"``.
        """
        if measure in ("first", "second"):
            return dict(zip(("first", "second"), self.numbers.get("first", []), strict=False)).get(measure)
        return statistics.median(self.numbers[measure]) if measure in self.numbers else None


def compare_losses(results: Sequence[Result]) -> None:
    """Mark those whose loss is not that of the others in their workload, so that nobody wins by doing less."""
    for name, workload in WORKLOADS.items():
        trained = [(r, loss) for r in results if r.workload == name and (loss := r.value("loss")) is not None]
        usual = statistics.median([loss for _, loss in trained if math.isfinite(loss)] or [math.nan])
        for result, loss in trained:
            result.trained_otherwise = not abs(loss - usual) <= workload.tolerance  # true for not-a-number


@dataclass(frozen=True)
class Target:
    """A limit from the design.

    Attributes:
        name: what is measured, in words.
        workload: where.
        measure: see `Result.value`.
        limit: the largest value that is good.
        unit: ``"× best other"``, ``"× torch"`` and ``"× first process"`` are ratios; the others are units of the
            measure.
        scale: units in one of the measure's own.
    """

    name: str
    workload: str
    measure: str
    limit: float
    unit: str
    scale: float = 1


TARGETS = (
    Target("mlp, one step", "mlp", "round", 0.75, "× best other"),
    Target("tiny, one step", "tiny", "round", 0.06, "× best other"),
    Target("autoencoder, one step", "autoencoder", "round", 0.9, "× best other"),
    Target("cnn28, one step", "cnn28", "round", 0.8, "× best other"),
    Target("cnn100, one step", "cnn100", "round", 0.9, "× best other"),
    Target("lstm, one step", "lstm", "round", 0.4, "× best other"),
    *(Target(f"{name}, one step", name, "round", 1, "× best other") for name in ("gru", "conv1d", "depthwise")),
    *(Target(f"{name}, peak memory", name, "memory", 1, "× torch") for name in _TRAINED),
    Target("prediction of one row", "predict", "round", 0.1, "ms", 1000),
    Target("memory after 100,000 calls", "predict", "growth", 2, "MB more"),
    Target("import", "import", "round", 0.2, "s"),
    Target("mlp, first epoch", "mlp", "first", 1, "× best other"),
    Target("mlp, second process", "mlp", "second", 1, "× first process"),
)


@dataclass(frozen=True)
class Verdict:
    """A target beside what was reached.

    Attributes:
        target: the limit.
        value: what Lamina reached, in the target's unit; None where a side of the comparison is missing.
        best_other: the best of the libraries compared with; empty for targets that do not ask for it.
        trained_otherwise: see `Result`; then no target is met.
    """

    target: Target
    value: float | None
    best_other: str = ""
    trained_otherwise: bool = False

    @property
    def word(self) -> str:
        """``"met"``, ``"MISSED"`` or ``"not measured"``."""
        if self.value is None:
            return "not measured"
        return "met" if self.value <= self.target.limit and not self.trained_otherwise else "MISSED"


def judge(results: Sequence[Result]) -> list[Verdict]:
    """Return one verdict for each target whose workload was measured."""
    measured = {result.workload for result in results}
    return [_verdict(target, results) for target in TARGETS if target.workload in measured]


def _verdict(target: Target, results: Sequence[Result]) -> Verdict:
    rows = {result.library: result for result in results if result.workload == target.workload}
    ours = rows[LAMINA.name]
    value, best_other = ours.value(target.measure), ""
    reference: float | None = 1 / target.scale
    if target.unit == "× best other":
        best_other, reference = _best_other(target.measure, rows)
    elif target.unit == "× torch":
        reference = rows["torch"].value(target.measure) if "torch" in rows else None
    elif target.unit == "× first process":
        reference = ours.value("first")
    ratio = value / reference if value is not None and reference else None
    return Verdict(target, ratio, best_other, ours.trained_otherwise)


def _best_other(measure: str, rows: Mapping[str, Result]) -> tuple[str, float | None]:
    """Return the name and value of the best library that competes: not ours, not the floor, and trained alike."""
    values = {
        name: value
        for name, row in rows.items()
        if name not in (LAMINA.name, HALVES.name, FLOOR.name)
        and not row.trained_otherwise
        and (value := row.value(measure)) is not None
    }
    best = min(values, key=values.__getitem__, default="")
    return best, values.get(best)
