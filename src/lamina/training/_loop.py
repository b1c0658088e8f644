"""The training loop, on one page.

An epoch is one pass over the feed. Python is entered between stretches of about a fifth of a second, to report
progress, to notice Ctrl-C, and to see whether the numbers are still finite. The state before a stretch is kept until
the stretch is known to be good, so there is always a last good one.
"""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Mapping
from types import FrameType
from typing import Any, NamedTuple

import numpy as np

from lamina import ops
from lamina._core import checks
from lamina.errors import DivergedError
from lamina.training._events import Events, Holder, Session
from lamina.training._feed import Feed
from lamina.training._history import History
from lamina.training._plan import Plan
from lamina.training._program import Batches, Program, Stretch, Sums, Trained, finished
from lamina.training._state import State

STRETCH_SECONDS = 0.2
MOST_GROWTH = 64
"""How many times longer a stretch may be than the one before; the first is a single step, and contains compilation."""


class Pace:
    """How many steps fill a stretch, learned from the stretches before."""

    def __init__(self, *, one_at_a_time: bool = False) -> None:
        self._steps = 1.0
        self._most = 1.0 if one_at_a_time else math.inf

    def steps(self) -> int:
        """Return how many steps to run next."""
        return int(min(self._steps, self._most))

    def learn(self, steps: int, seconds: float) -> None:
        """Take note of how long a stretch took."""
        wanted = steps * STRETCH_SECONDS / max(seconds, 1e-9)
        self._steps = max(1.0, min(wanted, self._steps * MOST_GROWTH))


class Interrupt:
    """Turns Ctrl-C into a wish that the loop looks at between stretches; a second Ctrl-C acts at once."""

    def __init__(self) -> None:
        self.wished = False
        self._before: Any = None

    def __enter__(self) -> Interrupt:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self.wished:
            raise KeyboardInterrupt
        self.wished = True


class Watch(NamedTuple):
    """What an epoch looks at besides the numbers: which one it is, who is told, and whether Ctrl-C was pressed."""

    epoch: int
    events: Events
    interrupt: Interrupt


def run(session: Session, program: Program, feed: Feed, validation: Feed | None, events: Events) -> History:
    """Train for the epochs of a session; its model has the last good state whenever Python is entered.

    Args:
        session: what callbacks see of this call.
        program: the compiled programs.
        feed: where the rows to train on come from.
        validation: where the rows to validate on come from, or None.
        events: who is told. The end of training is told also where it is an error.
    """
    history, first_step, logs = History(program.plan.directions), int(session.model.state.step), {}
    pace, validation_pace = Pace(one_at_a_time=events.wants_batches), Pace()
    try:
        events.send("on_train_begin")
        with Interrupt() as interrupt:
            for epoch in range(session.first_epoch, session.epochs):
                started = time.perf_counter()
                events.send("on_epoch_begin", epoch)
                values = train_epoch(session.model, program, feed, pace, watch=Watch(epoch, events, interrupt))
                if values is None:
                    break
                logs = values
                if validation is not None:
                    scores = score(session.model, program, validation, validation_pace)
                    logs |= {f"val_{name}": value for name, value in scores.items()}
                history.add(epoch, logs, time.perf_counter() - started)
                events.send("on_epoch_end", epoch, logs)
                if interrupt.wished or session.stop_training:
                    break
        history.interrupted = session.interrupted = interrupt.wished
        if int(session.model.state.step) > first_step:
            session.model.state = finished(program.plan, session.model.state)
    finally:
        events.send("on_train_end", logs)
    return history


def train_epoch(holder: Holder, program: Program, feed: Feed, pace: Pace, *, watch: Watch) -> dict[str, Any] | None:
    """Train on every row once and return the loss and metrics, averaged over the epoch as it went.

    None after Ctrl-C in the middle of the epoch: the state is kept, but half an epoch is not recorded as one.
    """
    sums, done = program.empty, 0
    values: dict[str, Any] = {}
    for portion in feed.portions(int(holder.state.seed), int(holder.state.step)):
        index = 0
        while index < portion.steps:
            if watch.interrupt.wished:
                return None
            stop = min(index + pace.steps(), portion.steps)
            started = time.perf_counter()
            result = call_train(
                program, holder.state, sums, portion.stretch(index, stop), portion.batches(feed.batch_size)
            )
            values = fetched(program.plan, result.values)
            if not bool(result.finite):
                raise diverged(f"epoch {watch.epoch + 1}, step {done + int(result.step) - index}", holder)
            pace.learn(stop - index, time.perf_counter() - started)
            holder.state, sums = result.state, result.sums
            done, index = done + stop - index, stop
            watch.events.send_batch(done, values)
            watch.events.send("on_progress", done, values)
    return values


def call_train(program: Program, state: State, sums: Sums, stretch: Stretch, batches: Batches) -> Trained:
    """Train on a stretch of batches, compiled, or step by step in Python where the plan says debug."""
    with ops.disable_jit(program.plan.debug):
        result: Trained = program.train(state, sums, stretch, batches=batches)
    return result


def score(holder: Holder, program: Program, feed: Feed, pace: Pace) -> dict[str, Any]:
    """Return the loss and metrics of the current state over every row once, changing nothing."""
    state, sums, values = holder.state, program.empty, {}
    for portion in feed.portions(int(state.seed), int(state.step)):
        index, batches = 0, portion.batches(feed.batch_size)
        while index < portion.steps:
            stop = min(index + pace.steps(), portion.steps)
            started = time.perf_counter()
            with ops.disable_jit(program.plan.debug):
                sums, found = program.test(state, sums, portion.stretch(index, stop), batches=batches)
            values = fetched(program.plan, found)
            pace.learn(stop - index, time.perf_counter() - started)
            index = stop
    return values


def fetched(plan: Plan, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values of the device in the order of their names: floats, and arrays for those that are tables."""
    arrays = {name: np.asarray(values[name]) for name in plan.value_names}
    return {name: float(array) if array.ndim == 0 else array for name, array in arrays.items()}


def diverged(where: str, holder: Holder) -> DivergedError:
    """Return the error for numbers that stopped being finite; the holder still has the last good state."""
    rates = [float(value) for name, value in holder.state.settings.items() if name.endswith("learning_rate")]
    smaller = f"a learning rate of {rates[0] / 10:g}" if rates else "a smaller learning rate"
    return checks.problem(
        DivergedError,
        where,
        expected="a finite loss and finite weights",
        got="numbers that are infinite or undefined; the weights from before this stretch of steps are restored",
        fix=f"try {smaller}, scale the inputs to about -1 … 1, or clip gradients: [ClipNorm(1.0), optimizer].",
    )
