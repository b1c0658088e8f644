import sys

import numpy as np
import pytest

from lamina.errors import ArgumentError, MissingDependencyError
from lamina.training import History

DIRECTIONS = {"loss": "min", "accuracy": "max", "own": None, "auc": "max"}


@pytest.fixture
def history():
    record = History(DIRECTIONS)
    values = {
        "loss": [3.0, 1.0, 2.0],
        "accuracy": [0.5, 0.7, 0.6],
        "own": [1.0, 2.0, 3.0],
        "auc": [float("nan")] * 3,
        "confusion_matrix": [np.eye(2)] * 3,
        "val_loss": [2.0, float("nan"), 1.5],
    }
    for index in range(3):
        record.add(index + 4, {name: column[index] for name, column in values.items()}, seconds=0.5)
    return record


def test_values_are_kept_by_name_as_in_keras(history):
    assert history.history["loss"] == [3.0, 1.0, 2.0]
    assert history.epoch == [4, 5, 6]
    assert history.seconds == [0.5, 0.5, 0.5]


@pytest.mark.parametrize(
    ("arguments", "epoch"),
    [
        ({}, 6),
        ({"monitor": "loss"}, 5),
        ({"monitor": "accuracy"}, 5),
        ({"monitor": "accuracy", "direction": "min"}, 4),
        ({"monitor": "own", "direction": "max"}, 6),
    ],
)
def test_the_best_epoch_is_the_one_the_metric_would_choose(history, arguments, epoch):
    best = history.best(**arguments)

    assert best["epoch"] == epoch
    assert best["loss"] == history.history["loss"][epoch - 4]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"monitor": "lss"}, r"best\(monitor\): .*, got 'lss'\.\n  Fix: did you mean 'loss'\?"),
        ({"monitor": "confusion_matrix"}, r"best\(monitor\): .* got 'confusion_matrix'"),
        ({"monitor": "own"}, r"best\(direction\): expected 'min' or 'max', got None"),
        ({"monitor": "loss", "direction": "up"}, r"best\(direction\): expected 'min' or 'max', got 'up'"),
        ({"monitor": "auc"}, r"best\('auc'\): expected a value in some epoch, got only NaN"),
    ],
)
def test_what_cannot_be_best_is_refused(history, arguments, message):
    with pytest.raises(ArgumentError, match=f"^{message}"):
        history.best(**arguments)


def test_a_record_without_epochs_has_no_best():
    with pytest.raises(ArgumentError, match=r"^best\('loss'\): expected a value in some epoch, got no epoch"):
        History(DIRECTIONS).best()


def test_a_record_becomes_a_frame(history):
    pytest.importorskip("pandas", reason="to_frame gives a pandas frame")

    frame = history.to_frame()

    assert frame.index.tolist() == [4, 5, 6]
    assert frame["accuracy"].tolist() == [0.5, 0.7, 0.6]
    assert frame["confusion_matrix"][5].shape == (2, 2)


def test_a_picture_has_a_panel_for_each_number_with_validation_beside(history):
    pytest.importorskip("matplotlib", reason="plot draws with matplotlib")

    figure = history.plot()

    assert [axis.get_title(loc="left") for axis in figure.axes] == ["loss", "accuracy", "own", "auc"]
    assert [line.get_label() for line in figure.axes[0].lines] == ["training", "validation"]
    assert figure.axes[0].lines[0].get_xdata().tolist() == [5, 6, 7]
    assert len(figure.axes[1].lines) == 1


def test_a_record_without_epochs_can_be_drawn():
    pytest.importorskip("matplotlib", reason="plot draws with matplotlib")

    assert len(History().plot().axes) == 1


@pytest.mark.parametrize(("method", "package"), [("to_frame", "pandas"), ("plot", "matplotlib")])
def test_a_missing_package_is_named(history, monkeypatch, method, package):
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(
        MissingDependencyError, match=rf"^History\.{method}\(\): expected {package} to be installed, got none"
    ):
        getattr(history, method)()


def test_a_record_shows_its_last_epoch(history):
    assert repr(history).startswith("<History of 3 epochs: loss 2.0000, accuracy 0.6000, own 3.0000, auc nan, val_loss")
    assert repr(History()) == "<History of 0 epochs: >"


def test_a_small_number_is_not_shown_as_nothing():
    record = History(DIRECTIONS)
    record.add(0, {"loss": 1.5e-05}, seconds=0.1)

    assert repr(record) == "<History of 1 epochs: loss 1.50e-05>"


def test_a_picture_is_saved_and_one_epoch_is_a_whole_number(tmp_path):
    pytest.importorskip("matplotlib", reason="plot draws with matplotlib")
    record = History(DIRECTIONS)
    record.add(0, {"loss": 0.5}, seconds=0.1)

    figure = record.plot(tmp_path / "history.png")

    assert (tmp_path / "history.png").stat().st_size > 0
    assert all(tick == round(tick) for tick in figure.axes[0].get_xticks())


def test_a_picture_that_cannot_be_written_is_named(tmp_path):
    pytest.importorskip("matplotlib", reason="plot draws with matplotlib")
    record = History(DIRECTIONS)
    record.add(0, {"loss": 0.5}, seconds=0.1)

    with pytest.raises(ArgumentError, match=r"^plot\(path\): expected a path that can be written, .* \(No such file"):
        record.plot(tmp_path / "nowhere" / "history.png")
