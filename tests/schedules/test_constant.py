import numpy as np
import pytest

from lamina.errors import ArgumentError
from lamina.schedules import Constant, PiecewiseConstantDecay


def test_constant_does_not_change():
    np.testing.assert_array_equal(Constant(0.5)(np.array([0, 10, 10**9])), [0.5, 0.5, 0.5])


def test_a_boundary_is_the_last_step_of_its_value():
    schedule = PiecewiseConstantDecay([10, 20], [1.0, 0.5, 0.25])

    values = schedule(np.array([0, 10, 11, 20, 21, 10**9]))

    np.testing.assert_array_equal(values, [1.0, 1.0, 0.5, 0.5, 0.25, 0.25])


def test_boundaries_are_exact_where_float32_is_not():
    schedule = PiecewiseConstantDecay([2**24 + 1], [1.0, 0.5])

    np.testing.assert_array_equal(schedule(np.array([2**24 + 1, 2**24 + 2])), [1.0, 0.5])


def test_without_boundaries_there_is_one_value():
    assert PiecewiseConstantDecay([], [0.5])(3) == 0.5


@pytest.mark.parametrize(
    ("boundaries", "values", "message"),
    [
        ([10, 10], [1.0, 0.5, 0.1], r"\(boundaries\): expected numbers in growing order, got \(10, 10\)"),
        ([10], [1.0], r"\(values\): expected 2 values for 1 boundaries, got 1"),
        (10, [1.0, 0.5], r"\(boundaries\): expected a list of numbers, got 10"),
        ([10], 1.0, r"\(values\): expected a list of numbers, got 1.0"),
        (["10"], [1.0, 0.5], r"\(boundaries\): expected a finite number of at least 0, got '10'"),
        ([10], [1.0, -0.5], r"\(values\): expected a finite number of at least 0, got -0.5"),
    ],
)
def test_boundaries_and_values_are_checked(boundaries, values, message):
    with pytest.raises(ArgumentError, match="PiecewiseConstantDecay" + message):
        PiecewiseConstantDecay(boundaries, values)


def test_a_negative_constant_is_refused():
    with pytest.raises(ArgumentError, match=r"Constant\(value\): expected a finite number of at least 0, got -0.1"):
        Constant(-0.1)
