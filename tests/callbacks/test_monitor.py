import math

import numpy as np
import pytest

from lamina.callbacks import Callback
from lamina.callbacks._monitor import Monitor
from lamina.errors import ArgumentError


def started(session_of, name, mode="auto", names=("loss", "accuracy", "table", "val_loss", "val_accuracy")):
    monitor = Monitor(name, mode, where="Own")
    monitor.start(session_of(Callback(), names))
    return monitor


@pytest.mark.parametrize(
    ("name", "mode", "direction"),
    [
        ("loss", "auto", "min"),
        ("val_accuracy", "auto", "max"),
        ("accuracy", "min", "min"),
        ("table", "max", "max"),
        (None, "auto", "min"),
    ],
)
def test_the_metric_says_what_is_better_unless_the_user_does(session_of, name, mode, direction):
    assert started(session_of, name, mode).direction == direction


@pytest.mark.parametrize(("names", "name"), [(("loss", "val_loss"), "val_loss"), (("loss",), "loss")])
def test_validation_is_looked_at_where_there_is_one(session_of, names, name):
    assert started(session_of, None, names=names).name == name


@pytest.mark.parametrize(
    ("name", "names", "message"),
    [
        (
            "val_acuracy",
            ("loss", "val_accuracy"),
            r"monitor\): expected 'loss' or .*\n  Fix: did you mean 'val_accuracy'\?",
        ),
        (
            "val_loss",
            ("loss",),
            r"monitor\): expected 'loss', got 'val_loss' without validation\.\n  Fix: give fit valid",
        ),
        (
            "recall",
            ("loss", "accuracy"),
            r"monitor\): expected 'loss' or 'accuracy', got 'recall'\.\n  Fix: choose one of",
        ),
        (
            "table",
            ("loss", "table"),
            r"mode\): expected 'min' or 'max', as 'table' does not say .*, got 'auto'\.\n  Fix: wr",
        ),
    ],
)
def test_what_will_not_be_reported_is_refused_before_the_first_epoch(session_of, name, names, message):
    with pytest.raises(ArgumentError, match=rf"^Own\({message}"):
        started(session_of, name, names=names)


def test_another_mode_is_refused():
    with pytest.raises(ArgumentError, match=r"^Own\(mode\): expected 'auto', 'min' or 'max', got 'maximum'"):
        Monitor("loss", "maximum", where="Own")


def test_a_table_is_no_number_to_watch(session_of):
    monitor = started(session_of, "table", "max")

    with pytest.raises(ArgumentError, match=r"^Own\(monitor\): expected one number, got an array of shape \(2, 2\)"):
        monitor.value({"table": np.eye(2)})


@pytest.mark.parametrize(
    ("mode", "value", "than", "min_delta", "better"),
    [
        ("min", 1.0, 2.0, 0.0, True),
        ("min", 2.0, 2.0, 0.0, False),
        ("min", 1.5, 2.0, 0.5, False),
        ("min", 1.4, 2.0, 0.5, True),
        ("max", 2.0, 1.0, 0.0, True),
        ("max", 1.4, 1.0, 0.5, False),
        ("max", 5.0, None, 0.0, True),
        ("max", math.nan, None, 0.0, False),
        ("max", math.nan, 1.0, 0.0, False),
        ("min", -math.inf, 0.0, 0.0, True),
    ],
)
def test_the_better_of_two(session_of, mode, value, than, min_delta, better):
    monitor = started(session_of, "loss", mode)

    assert monitor.is_better(value, than, min_delta=min_delta) is better
