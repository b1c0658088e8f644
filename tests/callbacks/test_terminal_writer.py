import io

import pytest
from rich.console import Console

from lamina.callbacks._terminal_writer import TerminalWriter
from lamina.callbacks._writers import Epoch

FIRST = Epoch("1/20", "2.2 s", {"loss": "0.2946", "val_accuracy": "0.9542"})
SECOND = Epoch("2/20", "12 s", {"loss": "0.1234", "val_accuracy": "0.9688"})


def terminal(width=80):
    """Return a console that writes to memory as it would to a terminal."""
    return Console(file=io.StringIO(), force_terminal=True, width=width, color_system=None, legacy_windows=False)


def test_a_terminal_shows_a_live_line_and_keeps_the_table():
    console = terminal()
    writer = TerminalWriter(console)

    writer.start()
    writer.show(123, 375, "Epoch 1/20", "123/375  loss 0.5")
    writer._bar.refresh()
    during = console.file.getvalue()
    writer.finish(FIRST)
    writer.finish(SECOND)
    writer.stop()

    assert "Epoch 1/20" in during
    assert "123/375  loss 0.5" in during
    assert "epoch    time" not in during
    text = console.file.getvalue()
    assert text.index("epoch    time") < text.index(" 1/20   2.2 s") < text.index(" 2/20    12 s")


def test_a_narrow_terminal_keeps_the_bar_and_cuts_the_numbers():
    console = terminal(width=60)
    writer = TerminalWriter(console)

    writer.start()
    writer.show(1, 2, "Epoch 1/20", "1/2  loss 0.5000  sparse_top_k_categorical_accuracy 0.5000")
    writer._bar.refresh()
    during = console.file.getvalue()
    writer.stop()

    assert f"Epoch 1/20 {'━' * 10}" in during
    assert " 1/2  loss 0.5000  sparse_t…" in during


def test_a_terminal_gets_its_cursor_back():
    console = terminal()
    writer = TerminalWriter(console)

    writer.start()
    writer.stop()

    hide, show = "\x1b[?25l", "\x1b[?25h"
    assert console.file.getvalue().rindex(show) > console.file.getvalue().rindex(hide)


@pytest.mark.parametrize("text", ["[bold]loss[/bold]", "[/]", "loss 1e+05"])
def test_names_are_not_taken_for_markup(text):
    console = terminal()
    writer = TerminalWriter(console)

    writer.start()
    writer.show(1, 2, text, text)
    writer._bar.refresh()
    writer.say(text)
    writer.stop()

    assert console.file.getvalue().count(text) >= 2


def test_a_long_line_is_not_cut():
    console = terminal(width=20)

    TerminalWriter(console).say("loss " * 20)

    assert console.file.getvalue().split() == ["loss"] * 20
