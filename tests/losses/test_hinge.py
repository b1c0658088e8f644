import numpy as np
import pytest

from lamina import losses


@pytest.mark.parametrize(("function", "expected"), [(losses.hinge, 1.75), (losses.squared_hinge, 4.625)])
def test_by_hand(function, expected):
    y_true, y_pred = [[1.0, -1.0]], [[0.5, 2.0]]

    value = function(y_true, y_pred)

    assert value == expected


@pytest.mark.parametrize("function", [losses.hinge, losses.squared_hinge])
def test_zero_is_taken_for_minus_one_whatever_the_rest_of_the_batch(function):
    y_pred = [[0.5], [2.0], [0.3]]

    values = function([[1], [0], [-1]], y_pred)

    np.testing.assert_array_equal(values, function([[1], [-1], [-1]], y_pred))


def test_beyond_the_margin_nothing_is_left_to_gain():
    assert losses.hinge([[1.0]], [[1.0]]) == 0
    assert losses.hinge([[1.0]], [[50.0]]) == 0


@pytest.mark.parametrize(
    ("y_pred", "expected"),
    [([0.0, 3.0, 1.0], 0.0), ([0.0, 1.5, 1.0], 0.5), ([2.0, 0.0, 1.0], 3.0), ([-9.0, 0.5, -9.0], 0.5)],
)
def test_categorical_hinge_by_hand(y_pred, expected):
    value = losses.categorical_hinge([[0.0, 1.0, 0.0]], [y_pred])

    assert value == expected
