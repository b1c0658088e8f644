"""Warnings of training that leads nowhere, which cost a healthy training nothing.

After each epoch, two questions are asked of losses that are known anyway: has the loss grown far beyond where it began,
and does it stay where one and the same answer for every row would put it? Only after a yes do some rows go through the
network, to find the layer that is the reason.
"""

from __future__ import annotations

import functools
import math
import warnings
from collections.abc import Sequence

from lamina._core import callers, checks
from lamina._core.shown import number
from lamina.errors import DivergedError, ExplodingGradientsWarning, LaminaError, TrainingWarning
from lamina.training._diagnosis import (
    Diagnosis,
    diagnose,
    loss_of_new_weights,
    loss_of_one_answer,
    without_a_sign,
)
from lamina.training._events import Callback
from lamina.training._findings import Finding
from lamina.training._session import Logs

GROWN = 10.0
"""How many times the first loss, that of zeros as the only answer, and that of new weights is too much."""
FLAT = 0.01
"""How far the loss may move, as a part of it, while it counts as standing still."""
FEWEST_EPOCHS, FEWEST_STEPS = 3, 50
"""How long it must have stood still."""
NO_BETTER = 0.98
"""The part of the loss of one answer for all rows that is no success yet."""
UNMOVED = 0.9
"""The same of the first loss, where the loss of one answer is not known."""
NOTHING = 1e-3
"""The part of the loss of zeros as the only answer that is as good as none."""
SAME = 1e-6
"""How far a loss moves, as a part of it, by rounding alone."""
STEEP = 0.01
"""A gradient of this part of the weights, or more, shows a way down."""


class Advice(Callback):
    """Warn of gradients that vanish or explode, of dead units, and of a loss that does not fall.

    A kind of warning comes once. One object serves one call of fit. `lamina.config.silence` switches kinds off.
    """

    def __init__(self) -> None:
        self._first: float | None = None
        self._asked: set[str] = set()
        self._told: set[type[TrainingWarning]] = set()
        self._is_over = False

    def on_progress(self, done: int, logs: Logs) -> None:
        """Remember the loss before the first step."""
        if self._first is None and self.session.batches == 1:
            self._first = logs["loss"]

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:
        """Look at the losses so far."""
        losses = self.session.history.history["loss"]
        if self._has_grown(losses) and self._is_new("growth"):
            self._tell(losses, self._of_growth(losses))
        if self._stands_still(losses) and self._is_new("standstill"):
            self._tell(losses, self._of_standstill(losses))

    def on_divergence(self, error: DivergedError) -> None:
        """Add to the error which layer it was, where one stands out."""
        self._is_over = True
        found = [finding for finding in self._diagnosis().findings if finding.kind is ExplodingGradientsWarning]
        if found:
            error.args = (f"{error}\n  Seen before: {found[0]}",)

    def on_train_end(self, logs: Logs) -> None:
        """Say so where the loss has stood still to the end, even where no layer looks wrong."""
        session = self.session
        is_whole = session.position.epoch >= session.epochs or (session.stop_training and not self._is_over)
        losses = session.history.history.get("loss", [])
        if is_whole and not self._told and not session.interrupted and self._stands_still(losses):
            self._tell(losses, self._of_standstill(losses, is_last=True))

    def _has_grown(self, losses: Sequence[float]) -> bool:
        return self._first is not None and losses[-1] > GROWN * self._first > 0

    def _stands_still(self, losses: Sequence[float]) -> bool:
        count = max(FEWEST_EPOCHS, math.ceil(FEWEST_STEPS / (self.session.steps or FEWEST_STEPS)))
        last = losses[-count:]
        if len(last) < count or min(last) <= 0 or max(last) - min(last) > FLAT * max(last):
            return False
        if _has_not_moved(losses):
            return self.session.first_step == 0
        level = self._loss_of_one_answer
        if level is not None:
            return last[-1] >= NO_BETTER * level
        # A model that was trained before may have come as far as it can.
        return self._first is not None and self.session.first_step == 0 and last[-1] >= UNMOVED * self._first

    def _of_growth(self, losses: Sequence[float]) -> list[Finding]:
        """Return why the loss has grown; nothing where it is still small for such targets, or for such a network.

        The first loss may be that of a row or two, which is small by chance now and then.
        """
        seen = self._diagnosis()
        if not seen.loss > GROWN * seen.of_zero or not seen.loss > GROWN * self._loss_of_new_weights():
            return []
        if any(finding.kind is ExplodingGradientsWarning for finding in seen.findings):
            return seen.findings
        sign = f"the loss was {number(self._first or 0.0)} at first"
        advice = "a lower learning rate, ClipGlobalNorm(1.0) before the optimizer, or inputs scaled to about -1 … 1"
        return [Finding(ExplodingGradientsWarning, "the model", sign, advice), *seen.findings]

    def _of_standstill(self, losses: Sequence[float], *, is_last: bool = False) -> list[Finding]:
        """Return why the loss does not fall; nothing where it is low, or where the answers do tell rows apart."""
        seen = self._diagnosis()
        is_better = seen.loss < NO_BETTER * seen.of_mean or seen.loss <= NOTHING * seen.of_zero
        if is_better and not (_has_not_moved(losses) and seen.steepest > STEEP):
            return []
        # There are problems where nothing happens for long and then everything, so the last word waits for the end.
        return seen.findings or ([without_a_sign(self.session.plan, self.session.sample)] if is_last else [])

    def _diagnosis(self) -> Diagnosis:
        return diagnose(self.session.program, self.model.state, self.session.sample)

    def _loss_of_new_weights(self) -> float:
        return loss_of_new_weights(self.session.plan, self.model.state, self.session.sample)

    @functools.cached_property
    def _loss_of_one_answer(self) -> float | None:
        return loss_of_one_answer(self.session.plan, self.session.sample)

    def _is_new(self, question: str) -> bool:
        is_new = question not in self._asked
        self._asked.add(question)
        return is_new

    def _tell(self, losses: Sequence[float], found: Sequence[Finding]) -> None:
        for finding in found:
            if finding.kind not in self._told:
                self._told.add(finding.kind)
                self._warn(losses, finding)

    def _warn(self, losses: Sequence[float], finding: Finding) -> None:
        problem = checks.problem(
            LaminaError,
            f"fit, epoch {self.session.position.epoch}",
            expected="training that leads somewhere",
            got=f"a loss of {number(losses[-1])}; {finding.where}: {finding.sign}",
            fix=f'try {finding.advice}; to hear no more of it, lamina.config.silence("{finding.kind.kind}").',
        )
        warnings.warn(str(problem), finding.kind, stacklevel=callers.levels_up())


def _has_not_moved(losses: Sequence[float]) -> bool:
    """Tell whether a loss is what it was after the first epoch."""
    return max(losses) - min(losses) <= SAME * max(losses)
