"""Show how training goes: a live line in a terminal, one display in a notebook, one line an epoch in a file."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Sequence
from typing import Any, Literal, Protocol, TypeAlias

from rich.console import Console
from rich.progress import BarColumn, ProgressColumn, Task, TextColumn
from rich.progress import Progress as Bar
from rich.text import Text

from lamina._core import checks
from lamina.training import Callback, Logs

Verbose: TypeAlias = Literal["auto", 0, 1, 2]

BAR_WIDTH = 24
SECONDS_BETWEEN_UPDATES = 0.1


class Writer(Protocol):
    """Where progress is shown."""

    def start(self) -> None:
        """Training begins."""

    def show(self, done: int, steps: int, title: str, text: str) -> None:
        """Replace what is shown of the epoch that is running."""

    def finish(self, text: str) -> None:
        """Write what stays of an epoch."""

    def stop(self) -> None:
        """Training has ended."""


class Progress(Callback):
    """Show the epochs of training as they pass.

    Args:
        writer: where to; chosen for where the program runs when not given.

    Example:
        >>> import lamina as lm
        >>> model = lm.Sequential([lm.Input((1,)), lm.layers.Dense(1, kernel_initializer="zeros")])
        >>> model.compile("sgd", "mse")
        >>> _ = model.fit([[0.0]], [2.0], epochs=2, verbose=2)
        Epoch 1/2  ... s  loss 4.0000
        Epoch 2/2  ... s  loss 3.8416
    """

    def __init__(self, writer: Writer | None = None) -> None:
        self._writer = writer or LineWriter()
        self._began = self._shown = 0.0
        self._epoch = 0

    def on_train_begin(self) -> None:
        """Open the display."""
        self._writer.start()

    def on_epoch_begin(self, epoch: int) -> None:
        """Note the time."""
        self._epoch, self._began, self._shown = epoch, time.perf_counter(), 0.0

    def on_progress(self, done: int, logs: Logs) -> None:
        """Show how far the epoch is, ten times a second at most."""
        now = time.perf_counter()
        if now - self._shown < SECONDS_BETWEEN_UPDATES:
            return
        self._shown = now
        steps = self.session.steps or done
        left = (now - self._began) / done * (steps - done)
        remaining = f"  {duration(left)} left" if left >= 1 else ""
        self._writer.show(done, steps, self._title(), f"{done}/{steps}{remaining}  {values(self._ordered(logs))}")

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:
        """Write the line of the epoch."""
        took = duration(time.perf_counter() - self._began)
        self._writer.finish(f"{self._title()}  {took}  {values(self._ordered(logs))}")

    def on_train_end(self, logs: Logs) -> None:
        """Close the display."""
        if self.session.interrupted:
            self._writer.finish(f"{self._title()}  interrupted; the weights are kept as they are")
        self._writer.stop()

    def _title(self) -> str:
        last = str(self.session.epochs)
        return f"Epoch {self._epoch + 1:>{len(last)}}/{last}"

    def _ordered(self, logs: Logs) -> dict[str, Any]:
        return {name: logs[name] for name in self.session.metrics if name in logs}


class LineWriter:
    """One line an epoch on standard output: for files, logs and pipes."""

    def start(self) -> None:
        """Nothing to open."""

    def show(self, done: int, steps: int, title: str, text: str) -> None:
        """Nothing to replace in a file."""

    def finish(self, text: str) -> None:
        """Write the line."""
        print(text, flush=True)  # noqa: T201 - showing is its purpose

    def stop(self) -> None:
        """Nothing to close."""


class TerminalWriter:
    """A live line with a bar below the lines of the epochs that are done."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False)
        self._bar = Bar(
            _Title(),
            BarColumn(BAR_WIDTH, complete_style="blue", finished_style="blue"),
            TextColumn("{task.fields[values]}", markup=False),
            console=self._console,
            transient=True,
        )
        self._task = self._bar.add_task("", title="", values="", visible=False)

    def start(self) -> None:
        """Show the live line."""
        self._bar.start()

    def show(self, done: int, steps: int, title: str, text: str) -> None:
        """Move the bar."""
        self._bar.update(self._task, completed=done, total=steps, title=title, values=text, visible=True)

    def finish(self, text: str) -> None:
        """Write the line above the live one."""
        self._bar.update(self._task, visible=False)
        self._console.print(Text(text), soft_wrap=True)

    def stop(self) -> None:
        """Remove the live line."""
        self._bar.stop()


class _Title(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(task.fields["title"])


class NotebookWriter:
    """One display that holds the lines of all epochs and is replaced as training goes."""

    def __init__(self, display: Any) -> None:
        self._display = display
        self._lines: list[str] = []
        self._handle: Any = None

    def start(self) -> None:
        """Open the display."""
        self._handle = self._display({"text/plain": "training ..."}, raw=True, display_id=True)

    def show(self, done: int, steps: int, title: str, text: str) -> None:
        """Show the running epoch below the others."""
        filled = int(BAR_WIDTH * done / max(steps, 1))
        self._update([*self._lines, f"{title} {'━' * filled}{'─' * (BAR_WIDTH - filled)} {text}"])

    def finish(self, text: str) -> None:
        """Keep the line of the epoch."""
        self._lines.append(text)
        self._update(self._lines)

    def stop(self) -> None:
        """Show what stays."""
        self._update(self._lines)

    def _update(self, lines: Sequence[str]) -> None:
        self._handle.update({"text/plain": "\n".join(lines)}, raw=True)


def progress(verbose: Verbose) -> list[Callback]:
    """Return the callbacks that show progress as `verbose` asks: none, or one.

    Args:
        verbose: "auto" or 1 for a live display where there is a terminal or notebook, else one line an epoch; 2 for one
            line an epoch; 0 for silence.

    Raises:
        ArgumentError: for anything else.
    """
    checks.choice("fit(verbose)", str(verbose), ("auto", "0", "1", "2"))
    if str(verbose) == "0":
        return []
    if str(verbose) == "2":
        return [Progress(LineWriter())]
    display = _notebook_display()
    if display is not None:
        return [Progress(NotebookWriter(display))]
    return [Progress(TerminalWriter() if sys.stdout.isatty() else LineWriter())]


def _notebook_display() -> Any:
    """Return the notebook's display function, None outside of one."""
    shell = sys.modules.get("IPython")
    running = shell.get_ipython() if shell is not None else None
    if running is None or "IPKernelApp" not in getattr(running, "config", {}):
        return None
    return sys.modules["IPython"].display.display


def duration(seconds: float) -> str:
    """Write a time as people read it: ``0.2 s``, ``41 s``, ``3 min 20 s``, ``2 h 05 min``."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def values(logs: Logs) -> str:
    """Write losses and metrics in one line; tables are left out."""
    return "  ".join(f"{name} {number(value)}" for name, value in logs.items() if isinstance(value, float))


def number(value: float) -> str:
    """Write a number with four digits after the point where that shows something, else with an exponent."""
    if value == 0 or 1e-3 <= abs(value) < 1e5 or not math.isfinite(value):
        return f"{value:.4f}"
    return f"{value:.2e}"
