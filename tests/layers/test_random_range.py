import numpy as np
import pytest

from lamina import ops
from lamina.errors import ArgumentError
from lamina.layers import RandomRotation, RandomZoom
from lamina.layers._random_range import drawn

PICTURES = np.zeros((2000, 1, 1, 1), np.float32)


def test_each_picture_gets_a_number_from_the_range():
    found = drawn((0.1, 0.4), PICTURES, ops.random.key(np.array([0, 1], np.uint32)))

    assert found.shape == (2000, 1, 1)
    assert 0.1 <= found.min() < 0.11
    assert 0.39 < found.max() < 0.4
    assert found.mean() == pytest.approx(0.25, abs=0.01)


def test_one_number_is_a_range_around_zero():
    found = drawn(0.5, PICTURES, ops.random.key(np.array([0, 1], np.uint32)))

    assert -0.5 <= found.min() < -0.48
    assert 0.48 < found.max() < 0.5


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: RandomRotation(2),
            r"RandomRotation\(factor\): expected a finite number of at least -1 and of at most 1",
        ),
        (
            lambda: RandomRotation((0.1, 3)),
            r"RandomRotation\(factor\): expected a finite number of at least -1 and of at",
        ),
        (lambda: RandomRotation((0.1,)), r"expected a number, or the two ends of a range, got \(0.1,\).\n  Fix: write"),
        (
            lambda: RandomZoom(-1),
            r"RandomZoom\(height_factor\): expected a finite number above -1 and of at most 1, got -1",
        ),
    ],
)
def test_ranges_that_are_none_are_refused(make, message):
    with pytest.raises(ArgumentError, match=message):
        make()
