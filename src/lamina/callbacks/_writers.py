"""Where progress is shown: lines in a file, or a table with a live line below it in a terminal or notebook."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from lamina.callbacks._numbers import listed

BAR_WIDTH = 20
TIME_WIDTH = 6


class Epoch(NamedTuple):
    """What stays of an epoch, as text: which one of how many, how long it took, and its losses and metrics."""

    title: str
    took: str
    values: Mapping[str, str]


class Writer(Protocol):
    """Where progress is shown."""

    def start(self) -> None:
        """Training begins."""

    def show(self, done: int, steps: int, title: str, text: str) -> None:
        """Replace what is shown of the epoch that is running."""

    def finish(self, epoch: Epoch) -> None:
        """Write what stays of an epoch."""

    def say(self, text: str) -> None:
        """Write something that stays."""

    def stop(self) -> None:
        """Training has ended."""


class Table:
    """Epochs as rows of numbers under headings, which are written once.

    Args:
        width: how many characters a row may have; columns that find no place are left out. None for any number.
    """

    def __init__(self, width: int | None = None) -> None:
        self._width = width
        self._names: list[str] = []
        self._widths: dict[str, int] = {}

    def lines(self, epoch: Epoch) -> list[str]:
        """Return the row of an epoch, the headings before it where they are new."""
        cells = {"epoch": epoch.title, "time": epoch.took, **epoch.values}
        headings = []
        if list(cells) != self._names:
            self._names = list(cells)
            self._widths = {name: max(len(name), len(cell)) for name, cell in cells.items()}
            self._widths["time"] = max(self._widths["time"], TIME_WIDTH)
            self._leave_out()
            headings = [self._line({name: name for name in cells})]
        return [*headings, self._line(cells)]

    def _line(self, cells: Mapping[str, str]) -> str:
        return "  ".join(cells[name].rjust(width) for name, width in self._widths.items())

    def _leave_out(self) -> None:
        """Drop columns until a row fits: metrics of training from the last, then others; the loss stays."""
        values = [name for name in self._names if name not in ("epoch", "time", "loss", "val_loss")]
        first, others = values[:1], values[:0:-1]
        others.sort(key=lambda name: name.startswith("val_"))
        for name in [*others, *first, "time", "val_loss"]:
            if self._width is None or sum(self._widths.values()) + 2 * len(self._widths) - 2 <= self._width:
                return
            self._widths.pop(name, None)


class LineWriter:
    """One line an epoch on standard output: for files, logs and pipes."""

    def start(self) -> None:
        """Nothing to open."""

    def show(self, done: int, steps: int, title: str, text: str) -> None:
        """Nothing to replace in a file."""

    def finish(self, epoch: Epoch) -> None:
        """Write the line."""
        self.say(f"Epoch {epoch.title}  {epoch.took}  {listed(epoch.values)}")

    def say(self, text: str) -> None:
        """Write it at once, for those who watch the file grow."""
        print(text, flush=True)  # noqa: T201 - showing is its purpose

    def stop(self) -> None:
        """Nothing to close."""


def say(text: str) -> None:
    """Write a line that stays; a live display makes room for it."""
    LineWriter().say(text)


class NotebookWriter:
    """One display that holds the table of all epochs and is replaced as training goes.

    Args:
        display: the notebook's function for that.
    """

    def __init__(self, display: Any) -> None:
        self._display = display
        self._table = Table()
        self._lines: list[str] = []
        self._handle: Any = None

    def start(self) -> None:
        """Open the display."""
        self._handle = self._display({"text/plain": "training ..."}, raw=True, display_id=True)

    def show(self, done: int, steps: int, title: str, text: str) -> None:
        """Show the running epoch below the others."""
        filled = int(BAR_WIDTH * done / max(steps, 1))
        self._update(f"{title} {'━' * filled}{'─' * (BAR_WIDTH - filled)} {text}")

    def finish(self, epoch: Epoch) -> None:
        """Keep the row of the epoch."""
        self._lines += self._table.lines(epoch)
        self._update()

    def say(self, text: str) -> None:
        """Keep the text."""
        self._lines.append(text)
        self._update()

    def stop(self) -> None:
        """Show what stays."""
        self._update()

    def _update(self, *running: str) -> None:
        self._handle.update({"text/plain": "\n".join([*self._lines, *running])}, raw=True)


def writer_here() -> Writer:
    """Return the liveliest writer that the place where the program runs can show."""
    display = _notebook_display()
    if display is not None:
        return NotebookWriter(display)
    if not sys.stdout.isatty():
        return LineWriter()
    from lamina.callbacks._terminal_writer import TerminalWriter  # noqa: PLC0415 - rich takes a sixth of a second

    return TerminalWriter()


def _notebook_display() -> Any:
    """Return the notebook's display function, None outside of one."""
    shell = sys.modules.get("IPython")
    running = shell.get_ipython() if shell is not None else None
    if running is None or "IPKernelApp" not in getattr(running, "config", {}):
        return None
    return sys.modules["IPython"].display.display
