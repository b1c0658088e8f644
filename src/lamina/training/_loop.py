"""The training loop, on one page.

An epoch is one pass over the feed. Python is entered between stretches of about a fifth of a second, to report
progress, to notice Ctrl-C, and to see whether the numbers are still finite. The state before a stretch is kept until
the stretch is known to be good, so there is always a last good one.
"""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from types import FrameType
from typing import Any, NamedTuple

import numpy as np

from lamina import ops
from lamina._core import checks
from lamina.errors import DivergedError
from lamina.training._events import Events
from lamina.training._feed import Feed
from lamina.training._history import History
from lamina.training._plan import Plan
from lamina.training._program import Batches, Program, Stretch, Sums, Trained, finished, join
from lamina.training._session import Holder, Position, Session
from lamina.training._state import State

STRETCH_SECONDS = 0.2
MOST_GROWTH = 64
"""How many times longer a stretch may be than the one before; the first is a single step, and contains compilation."""


class Pace:
    """How many steps fill a stretch, learned from the stretches before."""

    def __init__(self) -> None:
        self._steps = 1.0

    def steps(self) -> int:
        """Return how many steps to run next."""
        return int(self._steps)

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
    """What an epoch looks at besides the numbers: who is told, and whether Ctrl-C was pressed."""

    events: Events
    interrupt: Interrupt


def run(session: Session, program: Program, feed: Feed, validation: Feed | None, events: Events) -> History:
    """Train for the epochs of a session; its model has the last good state whenever Python is entered.

    Args:
        session: what callbacks see of this call; it says where to begin.
        program: the compiled programs.
        feed: where the rows to train on come from.
        validation: where the rows to validate on come from, or None.
        events: who is told. The end of training is told also where it is an error.
    """
    history, logs = session.history, {}
    pace, validation_pace = Pace(), Pace()
    try:
        events.begin()
        with Interrupt() as interrupt, tolerating_divergence(session, events):
            while session.position.epoch < session.epochs and not is_over(session, interrupt):
                epoch, started = session.position.epoch, time.perf_counter()
                if session.position.done == 0:
                    events.send("on_epoch_begin", epoch)
                values = train_epoch(session, program, feed, pace, watch=Watch(events, interrupt))
                if values is None:
                    break
                if validation is not None:
                    values |= validated(session.model, program, validation, validation_pace, events=events)
                logs = values | session.reported
                history.add(epoch, logs, time.perf_counter() - started)
                events.send("on_epoch_end", epoch, logs)
        history.interrupted = session.interrupted = interrupt.wished
        if int(session.model.state.step) > session.first_step:
            session.model.state = finished(program.plan, session.model.state)
    finally:
        events.end(logs)
    history.weights_epoch = session.weights_epoch
    return history


def is_over(session: Session, interrupt: Interrupt) -> bool:
    """Tell whether someone wished training to end."""
    return session.stop_training or session.stop_now or interrupt.wished


@contextlib.contextmanager
def tolerating_divergence(session: Session, events: Events) -> Iterator[None]:
    """Let callbacks know of numbers that stopped being finite; end quietly where one of them wishes to."""
    try:
        yield
    except DivergedError as error:
        events.send("on_divergence", error)
        if not session.stop_training:
            raise


def train_epoch(session: Session, program: Program, feed: Feed, pace: Pace, *, watch: Watch) -> dict[str, Any] | None:
    """Train on every row once and return the loss and metrics, averaged over the epoch as it went.

    The epoch goes on from where the session stands, and leaves it at the beginning of the next one. None after Ctrl-C
    or `stop_now` in the middle of the epoch: the state is kept, but half an epoch is not recorded as one.
    """
    model, position = session.model, session.position
    for portion in feed.portions(int(model.state.seed), position.first_step, position.done):
        index = 0
        while index < portion.steps:
            if watch.interrupt.wished or session.stop_now:
                session.interrupted = watch.interrupt.wished
                watch.events.send("on_interrupt")
                return None
            watch.events.begin_batch(position.done)
            steps = int(min(pace.steps(), watch.events.steps_to_next(session.batches), portion.steps - index))
            started = time.perf_counter()
            stretch = portion.stretch(index, index + steps)
            result = call_train(program, model.state, position.sums, stretch, portion.batches)
            values = fetched(program.plan, result.values)
            if not bool(result.finite):
                raise diverged(f"epoch {position.epoch + 1}, step {position.done + int(result.step) - index}", model)
            pace.learn(steps, time.perf_counter() - started)
            model.state, session.weights_epoch, index = result.state, None, index + steps
            position.sums, position.values, position.done = result.sums, values, position.done + steps
            watch.events.end_batch(position.done - 1, session.batches, values)
            watch.events.send("on_progress", position.done, values)
    session.position = Position(position.epoch + 1, position.first_step + position.done, program.empty)
    session.weights_epoch = position.epoch
    return dict(position.values)


def call_train(program: Program, state: State, sums: Sums, stretch: Stretch, batches: Batches) -> Trained:
    """Train on a stretch of batches, compiled, or step by step in Python where the plan says debug."""
    with ops.disable_jit(program.plan.debug):
        result: Trained = program.train(state, sums, stretch, batches=batches)
    return result


def score(holder: Holder, program: Program, feed: Feed, pace: Pace) -> dict[str, Any]:
    """Return the loss and metrics of the current state over every row once, changing nothing.

    Stateful layers begin where they stand, go on from batch to batch, and are left where they stood.
    """
    state, sums, values = holder.state, program.empty, {}
    for portion in feed.portions(int(state.seed), int(state.step)):
        index = 0
        while index < portion.steps:
            stop = min(index + pace.steps(), portion.steps)
            started = time.perf_counter()
            with ops.disable_jit(program.plan.debug):
                stretch = portion.stretch(index, stop)
                sums, found, states = program.test(state, sums, stretch, batches=portion.batches)
            values, state = fetched(program.plan, found), state.replace(moving=join(state.moving, states))
            pace.learn(stop - index, time.perf_counter() - started)
            index = stop
    return values


def validated(holder: Holder, program: Program, feed: Feed, pace: Pace, *, events: Events) -> dict[str, Any]:
    """Return the loss and metrics of validation under the names they have in the record."""
    events.send("on_test_begin")
    scores = score(holder, program, feed, pace)
    events.send("on_test_end", scores)
    return {f"val_{name}": value for name, value in scores.items()}


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
