import re
from types import SimpleNamespace

import numpy as np
import pytest

import lamina as lm
from lamina.callbacks import ProgressBar, _progress, progress, report
from lamina.callbacks._writers import LineWriter
from lamina.errors import ArgumentError, DivergedError
from lamina.layers import Dense

X = np.ones((6, 2), np.float32)


class Recorded:
    """A writer that remembers what it was told."""

    def __init__(self):
        self.calls = []

    def __getattr__(self, name):
        return lambda *details: self.calls.append((name, *details))

    def named(self, name):
        return [details for found, *details in self.calls if found == name]


@pytest.fixture
def model():
    model = lm.Sequential([lm.Input((2,)), Dense(1)])
    model.compile(lm.optimizers.SGD(0.1), "mse", metrics=["mae"])
    return model


@pytest.fixture
def clock(monkeypatch):
    """A clock that only moves when it is told to."""
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr(_progress.time, "perf_counter", lambda: clock.now)
    return clock


def session(**changes):
    defaults = {"epochs": 20, "steps": 100, "metrics": ("loss", "val_loss"), "interrupted": False}
    return SimpleNamespace(**{**defaults, **changes})


def begun(**changes):
    """Return a progress callback in its first epoch, and its writer."""
    writer = Recorded()
    callback = ProgressBar(writer)
    callback.session = session(**changes)
    callback.on_train_begin()
    callback.on_epoch_begin(0)
    return callback, writer


def test_a_line_for_each_epoch_has_what_the_history_has(model, capsys):
    history = model.fit(X, X[:, 0], epochs=3, validation_split=0.34, verbose=2, seed=0).history

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    for epoch, line in enumerate(lines):
        assert line.startswith(f"Epoch {epoch + 1}/3  ")
        shown = dict(re.findall(r"(\w+) (-?\d+\.\d{4})", line))
        assert shown == {name: f"{values[epoch]:.4f}" for name, values in history.items()}


def test_later_training_counts_its_epochs_on(model, capsys):
    model.fit(X, X[:, 0], epochs=12, initial_epoch=8, verbose=2)

    titles = [line[:11] for line in capsys.readouterr().out.splitlines()]
    assert titles == ["Epoch  9/12", "Epoch 10/12", "Epoch 11/12", "Epoch 12/12"]


def test_an_epoch_shows_where_it_is_and_how_long_it_will_go_on(clock):
    callback, writer = begun()

    clock.now += 5  # the first steps contain compilation
    callback.on_progress(1, {"loss": 0.5})
    clock.now += 1
    callback.on_progress(11, {"loss": 0.25})

    assert writer.named("show") == [
        [0, 100, "Epoch  1/20", "getting ready"],
        [1, 100, "Epoch  1/20", "1/100  loss 0.5000"],
        [11, 100, "Epoch  1/20", "11/100  8.9 s left  loss 0.2500"],
    ]


def test_a_second_epoch_knows_its_pace_from_the_start(clock):
    callback, writer = begun()
    callback.on_progress(1, {})

    callback.on_epoch_begin(1)
    clock.now += 2
    callback.on_progress(50, {})

    assert writer.named("show")[-1] == [50, 100, "Epoch  2/20", "50/100  2.0 s left  "]


def test_ten_updates_a_second_are_enough(clock):
    callback, writer = begun()

    for done in range(1, 101):
        clock.now += 0.01
        callback.on_progress(done, {})

    assert 10 <= len(writer.named("show")) <= 12


def test_an_epoch_of_unknown_length_shows_what_is_done():
    callback, writer = begun(steps=None)

    callback.on_progress(7, {})

    assert writer.named("show") == [[0, 1, "Epoch  1/20", "getting ready"], [7, 7, "Epoch  1/20", "7/7  "]]


def test_values_stand_in_the_order_of_the_history(clock):
    callback, writer = begun()
    clock.now += 2

    callback.on_epoch_end(0, {"val_loss": 2.0, "loss": 1.0, "something_else": 3.0})

    ((epoch,),) = writer.named("finish")
    assert epoch == (" 1/20", "2.0 s", {"loss": "1.0000", "val_loss": "2.0000"})
    assert list(epoch.values) == ["loss", "val_loss"]


def test_an_interruption_is_told():
    callback, writer = begun(interrupted=True)

    callback.on_train_end({})

    assert writer.named("say") == [["Epoch 1/20 interrupted; the weights are kept as they are."]]
    assert writer.calls[-1] == ("stop",)


def test_the_display_is_closed_when_training_fails():
    model = lm.Sequential([lm.Input((2,)), Dense(1)])
    model.compile(lm.optimizers.SGD(1e30), "mse")
    writer = Recorded()

    with pytest.raises(DivergedError):
        model.fit(X, X[:, 0], epochs=9, callbacks=[ProgressBar(writer)], verbose=0)

    assert writer.calls[0] == ("start",)
    assert writer.calls[-1] == ("stop",)


@pytest.mark.parametrize(("verbose", "count"), [(0, 0), (False, 0), (1, 1), (True, 1), (2, 1), ("auto", 1)])
def test_verbosity_decides_whether_there_is_a_display(verbose, count):
    assert len(progress(verbose)) == count


def test_lines_are_written_where_there_is_no_terminal():
    assert isinstance(progress("auto")[0]._writer, LineWriter)


@pytest.mark.parametrize("verbose", [3, -1, "yes", None, 0.5])
def test_another_verbosity_is_refused(verbose):
    with pytest.raises(ArgumentError, match=r"fit\(verbose\): expected 'auto', 0, 1 or 2, got "):
        progress(verbose)


def test_a_report_is_one_line(clock, capsys):
    write = report(1, where="evaluate(verbose)")

    clock.now += 1.5
    write(1234, {"loss": 0.5, "table": np.eye(2)})

    assert capsys.readouterr().out == "1,234 rows  1.5 s  loss 0.5000\n"


def test_a_silent_report_writes_nothing(capsys):
    report(0, where="evaluate(verbose)")(1, {"loss": 0.5})

    assert capsys.readouterr().out == ""
