import numpy as np
import pytest

from lamina import losses, ops


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (losses.mean_squared_error, (1 + 4) / 2),
        (losses.mean_absolute_error, (1 + 2) / 2),
        (losses.mean_absolute_percentage_error, (100 + 50) / 2),
        (losses.mean_squared_logarithmic_error, (np.log(2) ** 2 + np.log(5 / 3) ** 2) / 2),
    ],
)
def test_by_hand(function, expected):
    y_true, y_pred = [[1.0, 4.0]], [[0.0, 2.0]]

    value = function(y_true, y_pred)

    np.testing.assert_allclose(value, [expected], rtol=1e-6)


def test_a_percentage_of_zero_is_taken_of_1e_7():
    value = losses.mean_absolute_percentage_error([[0.0]], [[1e-7]])

    np.testing.assert_allclose(value, [100.0], rtol=1e-6)


def test_a_negative_prediction_counts_as_zero_in_a_logarithm():
    value = losses.mean_squared_logarithmic_error([[0.0]], [[-5.0]])

    assert value == 0


@pytest.mark.parametrize(
    "function", [losses.mean_absolute_error, losses.mean_absolute_percentage_error, losses.mean_squared_error]
)
def test_a_perfect_prediction_rests(function):
    gradient = ops.grad(lambda p: function([[2.0]], p)[0])(ops.full((1, 1), 2.0))

    assert gradient == 0
