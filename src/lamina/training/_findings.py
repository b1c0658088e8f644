"""What looks wrong in a network that a few rows went through, in words, with what to try."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from lamina.errors import (
    DeadUnitsWarning,
    ExplodingGradientsWarning,
    TrainingWarning,
    VanishingGradientsWarning,
)
from lamina.training._examination import LayerReport

DEAD = 0.75
"""The share of dead units that is no longer normal; half of them are where the first layer has one positive input."""
SATURATED = 0.75
FEW_ROWS = 16
"""How many rows tell of single units; with fewer of them a unit may be 0, or at an end of its range, for each."""
VANISHED = 1e-5
"""How much smaller than elsewhere a gradient, compared with the weights, is when hardly anything of it is left."""
EXPLODED = 1e3
"""How much larger than the weights a gradient is when steps along it lead anywhere."""


class Finding(NamedTuple):
    """One thing that looks wrong.

    Args:
        kind: the warning that it is, in training.
        where: the layer.
        sign: what was seen.
        advice: what to try, as it goes on after "try".
    """

    kind: type[TrainingWarning]
    where: str
    sign: str
    advice: str

    def __str__(self) -> str:
        return f"{self.where}: {self.sign}. Try {self.advice}."


def findings(reports: Sequence[LayerReport], *, rows: int) -> list[Finding]:
    """Return what looks wrong, that of the first layers first.

    Args:
        reports: what was seen of each layer.
        rows: how many rows went through the network.
    """
    undefined = _undefined(reports)
    if undefined is not None:
        return [undefined]  # whatever else looks wrong follows from it
    dead = [report for report in reports if _is_most(report.dead, report, rows, DEAD)]
    saturated = [report for report in reports if not report.is_output]
    saturated = [report for report in saturated if _is_most(report.saturated, report, rows, SATURATED)]
    found = [*map(_dead, dead), *map(_saturated, saturated)]
    known = sorted((report for report in reports if report.ratio is not None), key=_ratio)
    if not known:
        return found
    least, most = known[0], known[-1]
    is_cut = any(report.dead == report.units for report in dead)  # no gradient passes a layer that is dead as a whole
    if not is_cut and math.isfinite(_ratio(most)) and _ratio(least) < VANISHED * _ratio(most):
        found.append(_vanishing(least, most))
    if _ratio(most) > EXPLODED:
        found.append(_exploding(most))
    return found


def _undefined(reports: Sequence[LayerReport]) -> Finding | None:
    """Return where numbers stop being finite: outputs do so from the first layer on, gradients from the last."""
    advice = "a lower learning rate, inputs scaled to about -1 … 1, or ClipGlobalNorm(1.0) before the optimizer"
    # The mean of no numbers at all, where a mask leaves out every step, is undefined too, and no fault.
    outputs = (report for report in reports if not (math.isfinite(report.mean) or math.isnan(report.zeros)))
    gradients = (report for report in reversed(reports) if not math.isfinite(report.gradient_norm or 0.0))
    for found, what in ((outputs, "output"), (gradients, "gradient")):
        report = next(found, None)
        if report is not None:
            return Finding(ExplodingGradientsWarning, report.label, f"its {what} is infinite or undefined", advice)
    return None


def _is_most(count: int | None, report: LayerReport, rows: int, share: float) -> bool:
    least = share * report.units if rows >= FEW_ROWS else report.units
    return count is not None and count >= least


def _dead(report: LayerReport) -> Finding:
    sign = f"{report.dead} of {report.units} units are 0 for every row given: dead"
    advice = 'a lower learning rate, kernel_initializer="he_normal", or activation="leaky_relu"'
    return Finding(DeadUnitsWarning, report.label, sign, advice)


def _saturated(report: LayerReport) -> Finding:
    sign = f"{report.saturated} of {report.units} units are at an end of their range for every row given: saturated"
    advice = "inputs scaled to about -1 … 1, smaller initial weights, or a lower learning rate"
    return Finding(VanishingGradientsWarning, report.label, sign, advice)


def _vanishing(least: LayerReport, most: LayerReport) -> Finding:
    here, there = f"{_ratio(least):.1e}", f"{_ratio(most):.1e}"
    sign = f"its gradient is {here} of its weights, that of {most.layer} {there}: it vanishes on the way back"
    advice = 'activation="relu" with kernel_initializer="he_normal", BatchNormalization, or fewer layers'
    return Finding(VanishingGradientsWarning, least.label, sign, advice)


def _exploding(most: LayerReport) -> Finding:
    sign = f"its gradient is {_ratio(most):.1e} times as large as its weights: it explodes"
    advice = "a lower learning rate, ClipGlobalNorm(1.0) before the optimizer, or inputs and targets of about -1 … 1"
    return Finding(ExplodingGradientsWarning, most.label, sign, advice)


def _ratio(report: LayerReport) -> float:
    return report.ratio or 0.0
