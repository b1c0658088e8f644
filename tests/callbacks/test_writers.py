import sys
from types import SimpleNamespace

import pytest

from lamina.callbacks import _writers
from lamina.callbacks._terminal_writer import TerminalWriter
from lamina.callbacks._writers import Epoch, LineWriter, NotebookWriter, Table, writer_here

FIRST = Epoch("1/20", "2.2 s", {"loss": "0.2946", "val_accuracy": "0.9542"})
SECOND = Epoch("2/20", "12 s", {"loss": "0.1234", "val_accuracy": "0.9688"})


class Display:
    """Stands for the display function of a notebook and for the handle it returns."""

    def __init__(self):
        self.shown = []

    def __call__(self, data, *, raw, display_id):
        self.update(data, raw=raw)
        return self

    def update(self, data, *, raw):
        self.shown.append(data["text/plain"])


def test_a_table_writes_its_headings_once():
    table = Table()

    lines = table.lines(FIRST) + table.lines(SECOND)

    assert lines == [
        "epoch    time    loss  val_accuracy",
        " 1/20   2.2 s  0.2946        0.9542",
        " 2/20    12 s  0.1234        0.9688",
    ]


def test_a_table_writes_new_headings_for_other_values():
    table = Table()
    table.lines(FIRST)

    assert len(table.lines(Epoch("1/1", "1 s", {"mae": "0.1"}))) == 2


def test_a_file_gets_one_line_an_epoch(capsys):
    writer = LineWriter()

    writer.start()
    writer.show(1, 2, "Epoch 1/20", "1/2")
    writer.finish(FIRST)
    writer.stop()

    assert capsys.readouterr().out == "Epoch 1/20  2.2 s  loss 0.2946  val_accuracy 0.9542\n"


def test_a_notebook_has_one_display_that_is_replaced():
    display = Display()
    writer = NotebookWriter(display)

    writer.start()
    writer.show(1, 2, "Epoch 1/20", "1/2")
    writer.finish(FIRST)
    writer.show(2, 2, "Epoch 2/20", "2/2")
    writer.finish(SECOND)
    writer.say("interrupted")
    writer.stop()

    assert display.shown[0] == "training ..."
    assert display.shown[1] == f"Epoch 1/20 {'━' * 10}{'─' * 10} 1/2"
    assert display.shown[3].splitlines()[2] == f"Epoch 2/20 {'━' * 20} 2/2"
    assert display.shown[-1].splitlines() == [*Table().lines(FIRST), *Table().lines(SECOND)[1:], "interrupted"]


def test_the_writer_follows_from_where_the_program_runs(monkeypatch):
    assert isinstance(writer_here(), LineWriter)

    monkeypatch.setattr(sys, "stdout", SimpleNamespace(isatty=lambda: True, write=len, flush=int, encoding="utf-8"))
    assert isinstance(writer_here(), TerminalWriter)

    kernel = SimpleNamespace(config={"IPKernelApp": {}})
    notebook = SimpleNamespace(get_ipython=lambda: kernel, display=SimpleNamespace(display=Display()))
    monkeypatch.setitem(_writers.sys.modules, "IPython", notebook)
    assert isinstance(writer_here(), NotebookWriter)


def test_a_shell_of_ipython_is_no_notebook(monkeypatch):
    shell = SimpleNamespace(get_ipython=lambda: SimpleNamespace(config={}))
    monkeypatch.setitem(sys.modules, "IPython", shell)

    assert isinstance(writer_here(), LineWriter)


@pytest.mark.parametrize(
    ("width", "names"),
    [
        (None, "epoch time loss accuracy long_metric val_loss val_accuracy val_long_metric"),
        (72, "epoch time loss accuracy val_loss val_accuracy val_long_metric"),
        (55, "epoch time loss accuracy val_loss val_accuracy"),
        (41, "epoch time loss accuracy val_loss"),
        (13, "epoch loss"),
    ],
)
def test_columns_without_a_place_are_left_out(width, names):
    values = dict.fromkeys(["loss", "accuracy", "long_metric", "val_loss", "val_accuracy", "val_long_metric"], "0.5000")
    table = Table(width)

    headings, row = table.lines(Epoch("1/20", "2.2 s", values))

    assert headings.split() == names.split()
    assert len(headings) == len(row) <= (width or 100)
