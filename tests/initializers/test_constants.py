import numpy as np
import pytest

from lamina import initializers
from lamina.errors import ArgumentError, ShapeError


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 2, 3, 4)], ids=str)
def test_the_same_value_stands_everywhere(shape):
    np.testing.assert_array_equal(initializers.Zeros()(shape), np.zeros(shape))
    np.testing.assert_array_equal(initializers.Ones()(shape), np.ones(shape))
    np.testing.assert_array_equal(initializers.Constant(-1.5)(shape), np.full(shape, -1.5))


@pytest.mark.parametrize("values", [[0.25, 4], (0.25, 4), np.array([0.25, 4.0])], ids=["list", "tuple", "array"])
def test_a_constant_may_differ_between_units(values):
    initializer = initializers.Constant(values)

    assert initializer.value == (0.25, 4)
    np.testing.assert_array_equal(initializer((3, 2)), [[0.25, 4.0]] * 3)


def test_an_array_of_one_number_is_a_number():
    assert initializers.Constant(np.float32(0.5)).value == 0.5


@pytest.mark.parametrize("wrong", [np.nan, "0.5", [1.0, np.inf], [1.0, [2.0, 3.0]], None, True])
def test_a_constant_that_is_no_finite_number_is_refused(wrong):
    with pytest.raises(ArgumentError, match=r"Constant\(value\): expected a finite number, got"):
        initializers.Constant(wrong)


def test_a_constant_as_large_as_a_weight_is_refused():
    with pytest.raises(
        ArgumentError, match=r"Constant\(value\): expected at most 10,000 values, got 10,100.\n  Fix: build"
    ):
        initializers.Constant(np.zeros((101, 100)))


def test_a_constant_that_does_not_fit_the_weight_is_refused():
    initializer = initializers.Constant([1.0, 2.0])

    with pytest.raises(ShapeError, match=r"Constant: expected a weight that values of shape \(2,\) .* got \(4, 3\)"):
        initializer((4, 3))


def test_identity_may_have_more_rows_than_columns():
    values = initializers.Identity(gain=-2.0)((3, 2))

    np.testing.assert_array_equal(values, [[-2, 0], [0, -2], [0, 0]])


def test_identity_of_what_is_no_matrix_is_refused():
    with pytest.raises(ShapeError, match=r"Identity: expected the shape of a matrix, as in \(64, 64\), got \(3,\)"):
        initializers.Identity()((3,))


def test_the_gain_of_identity_is_checked():
    with pytest.raises(ArgumentError, match=r"Identity\(gain\): expected a finite number, got inf"):
        initializers.Identity(np.inf)
