import numpy as np
import pytest

from lamina.training import Rows
from lamina.training._fingerprint import fingerprint


def rows(count=1000, **changes):
    x = np.arange(count * 3, dtype=np.float32).reshape(count, 3)
    parts = {"inputs": (x,), "targets": (x[:, :1],), "weights": None, "classes": (None,), "columns": (None,)}
    return Rows(**parts | changes)


def of(rows, batch_size=32, shuffle=True):
    return fingerprint(rows, batch_size=batch_size, shuffle=shuffle)


def test_the_same_data_has_the_same_fingerprint():
    assert of(rows()) == of(rows())


@pytest.mark.parametrize(
    "other",
    [
        of(rows(999)),
        of(rows(inputs=(rows().inputs[0].astype(np.float64),))),
        of(rows(inputs=(rows().inputs[0] + 1,))),
        of(rows(inputs=rows().inputs * 2)),
        of(rows(targets=(rows().inputs[0][:, 1:2],))),
        of(rows(weights=(np.ones(1000, np.float32),))),
        of(rows(), batch_size=16),
        of(rows(), shuffle=False),
    ],
)
def test_other_data_and_other_batches_have_another(other):
    assert other != of(rows())


def test_the_last_row_is_looked_at_however_many_there_are():
    changed = rows()
    changed.inputs[0][-1, 0] += 1

    assert of(changed) != of(rows())


def test_one_row_is_enough():
    assert of(rows(1)) != of(rows(2))
