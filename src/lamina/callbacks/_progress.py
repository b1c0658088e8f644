"""Show how training goes."""

from __future__ import annotations

import time
from collections.abc import Callable

from lamina._core import checks
from lamina.callbacks._numbers import duration, listed, numbers
from lamina.callbacks._writers import Epoch, LineWriter, Writer, writer_here
from lamina.errors import ArgumentError
from lamina.training import Callback, Logs

SECONDS_BETWEEN_UPDATES = 0.1


class ProgressBar(Callback):
    """Show the epochs of training as they pass.

    `fit` shows them as its `verbose` asks; given in `callbacks`, this takes the place of that.

    Args:
        writer: where to; a live display where there is a terminal or notebook, else lines on standard output.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((1,)), lm.layers.Dense(1, kernel_initializer="zeros")])
        >>> model.compile("sgd", "mse")
        >>> _ = model.fit([[0.0]], [2.0], epochs=2, verbose=2)
        Epoch 1/2  ... s  loss 4.0000
        Epoch 2/2  ... s  loss 3.8416
    """

    def __init__(self, writer: Writer | None = None) -> None:
        self._writer = writer or writer_here()
        self._began = self._shown = 0.0
        self._epoch = 0
        self._pace_from: tuple[float, int] | None = None

    def on_train_begin(self) -> None:
        """Open the display."""
        self._pace_from = None
        self._writer.start()

    def on_epoch_begin(self, epoch: int) -> None:
        """Note the time; before the first steps, which are compiled, show a bar."""
        self._epoch, self._began, self._shown = epoch, time.perf_counter(), 0.0
        if self._pace_from is None:
            self._writer.show(0, self.session.steps or 1, f"Epoch {self._title()}", "getting ready")
        self._pace_from = self._pace_from and (self._began, 0)

    def on_progress(self, done: int, logs: Logs) -> None:
        """Show how far the epoch is, ten times a second at most."""
        now = time.perf_counter()
        if now - self._shown >= SECONDS_BETWEEN_UPDATES:
            self._shown = now
            steps = self.session.steps or done
            text = f"{done}/{steps}{self._left(now, done, steps)}  {listed(self._values(logs))}"
            self._writer.show(done, steps, f"Epoch {self._title()}", text)

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:
        """Write the line of the epoch."""
        took = duration(time.perf_counter() - self._began)
        self._writer.finish(Epoch(self._title(), took, self._values(logs)))

    def on_train_end(self, logs: Logs) -> None:
        """Close the display."""
        if self.session.interrupted:
            self._writer.say(f"Epoch {self._title().strip()} interrupted; the weights are kept as they are.")
        self._writer.stop()

    def _title(self) -> str:
        last = str(self.session.epochs)
        return f"{self._epoch + 1:>{len(last)}}/{last}"

    def _left(self, now: float, done: int, steps: int) -> str:
        """Say how long the epoch will go on; nothing before a second look, as the first steps contain compilation."""
        if self._pace_from is None:
            self._pace_from = (now, done)
            return ""
        began, first = self._pace_from
        left = (now - began) / (done - first) * (steps - done)
        return f"  {duration(left)} left" if left >= 1 else ""

    def _values(self, logs: Logs) -> dict[str, str]:
        return numbers({name: logs[name] for name in self.session.metrics if name in logs})


def progress(verbose: int | str) -> list[Callback]:
    """Return the callbacks that show progress as `verbose` asks: none, or one.

    Args:
        verbose: "auto" or 1 for a live display where there is a terminal or notebook, else one line an epoch; 2 for one
            line an epoch; 0 for silence.

    Raises:
        ArgumentError: for anything else.
    """
    _check_verbose("fit(verbose)", verbose)
    if verbose == 0:
        return []
    return [ProgressBar(LineWriter() if verbose == 2 else writer_here())]


def report(verbose: int | str, *, where: str) -> Callable[[int, Logs], None]:
    """Start a clock, and return what writes a line when it is over.

    The line has the number of rows, the time they took, and the scores.

    Args:
        verbose: 0 for silence, anything that `progress` takes for the line.
        where: the place to name in an error.

    Raises:
        ArgumentError: for anything else.
    """
    _check_verbose(where, verbose)
    began = time.perf_counter()

    def write(rows: int, logs: Logs) -> None:
        if verbose != 0:
            took = duration(time.perf_counter() - began)
            LineWriter().say(f"{rows:,} {'row' if rows == 1 else 'rows'}  {took}  {listed(numbers(logs))}".rstrip())

    return write


def _check_verbose(where: str, verbose: int | str) -> None:
    if verbose not in ("auto", 0, 1, 2):
        raise checks.problem(
            ArgumentError,
            where,
            expected="'auto', 0, 1 or 2",
            got=checks.plain(verbose),
            fix="write 0 for silence, 2 for lines, or leave it out.",
        )
