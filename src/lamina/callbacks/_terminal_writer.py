"""Progress in a terminal: a table of epochs, and a live line below it."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, ProgressColumn, Task, TextColumn
from rich.progress import Progress as Bar
from rich.text import Text

from lamina.callbacks._writers import BAR_WIDTH, Epoch, Table


class TerminalWriter:
    """A table of the epochs that are done, and below it a live line with a bar.

    Args:
        console: where to; standard output when not given.
    """

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False)
        self._table = Table(self._console.width)
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
        """Move the bar; what has no room beside it is cut off."""
        room = max(self._console.width - len(title) - BAR_WIDTH - 3, 1)
        text = text if len(text) <= room else f"{text[: room - 1]}…"
        self._bar.update(self._task, completed=done, total=steps, title=title, values=text, visible=True)

    def finish(self, epoch: Epoch) -> None:
        """Write the row above the live line."""
        self._bar.update(self._task, visible=False)
        for line in self._table.lines(epoch):
            self.say(line)

    def say(self, text: str) -> None:
        """Write it above the live line."""
        self._console.print(Text(text), soft_wrap=True)

    def stop(self) -> None:
        """Remove the live line."""
        self._bar.stop()


class _Title(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(task.fields["title"])
