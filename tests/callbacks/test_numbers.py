import numpy as np
import pytest

from lamina.callbacks._numbers import duration, listed, numbers


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0.0 s"),
        (0.24, "0.2 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (59.4, "59 s"),
        (59.6, "1 min 00 s"),
        (200, "3 min 20 s"),
        (3599.6, "1 h 00 min"),
        (7500, "2 h 05 min"),
    ],
)
def test_times_are_written_as_people_read_them(seconds, text):
    assert duration(seconds) == text


def test_tables_are_left_out():
    assert numbers({"loss": 0.5, "confusion": np.eye(2), "accuracy": 1.0}) == {"loss": "0.5000", "accuracy": "1.0000"}


def test_names_stand_before_what_stands_for_them():
    assert listed({"loss": "0.5", "val_loss": "0.7"}) == "loss 0.5  val_loss 0.7"
    assert listed({}) == ""
