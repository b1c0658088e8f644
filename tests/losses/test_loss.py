import numpy as np
import pytest

from lamina import losses, ops
from lamina.errors import ArgumentError, ShapeError
from lamina.losses._loss import broadcast_weights


class Distance(losses.Loss):
    """A loss without mean: one value for each row, which is the easiest to follow."""

    def call(self, y_true, y_pred):
        return ops.abs(y_true - y_pred)[..., 0]


def test_the_loss_is_the_mean_of_the_rows():
    y_true, y_pred = [[0.0], [0.0]], [[1.0], [3.0]]

    value = Distance()(y_true, y_pred)

    assert value == 2.0


def test_weights_are_divided_by_their_sum_not_by_the_number_of_rows():
    y_true, y_pred = [[0.0], [0.0]], [[1.0], [3.0]]

    value = Distance()(y_true, y_pred, [3.0, 1.0])

    assert value == 1.5


def test_the_scale_of_the_weights_changes_nothing():
    y_true, y_pred = [[0.0], [0.0]], [[1.0], [3.0]]

    value = Distance()(y_true, y_pred, [3e-30, 1e-30])

    assert value == pytest.approx(1.5)


def test_the_sums_are_those_of_the_weighted_losses_and_of_the_weights():
    y_true, y_pred = [[0.0], [0.0]], [[1.0], [3.0]]

    sums = Distance().sums(y_true, y_pred, [3.0, 1.0])

    assert sums == (6.0, 4.0)


@pytest.mark.parametrize("rows", [0, 2])
def test_nothing_with_a_weight_costs_nothing(rows):
    y_true, y_pred = np.zeros((rows, 1)), np.ones((rows, 1))

    value = Distance()(y_true, y_pred, np.zeros(rows))

    assert value == 0


def test_weights_of_rows_count_for_each_time_step():
    values = np.array([[1.0, 2.0], [3.0, 4.0]], "float32")

    weights = broadcast_weights([1.0, 5.0], values)

    np.testing.assert_array_equal(weights, [[1.0, 1.0], [5.0, 5.0]])


def test_weights_of_time_steps_are_averaged_where_a_row_is_one_value():
    values = np.array([1.0, 2.0], "float32")

    weights = broadcast_weights([[1.0, 0.0], [1.0, 1.0]], values)

    np.testing.assert_array_equal(weights, [0.5, 1.0])


def test_weights_of_time_steps_count_their_own_step():
    y_true, y_pred = np.zeros((1, 2, 1)), np.array([[[1.0], [9.0]]])

    value = Distance()(y_true, y_pred, [[1.0, 0.0]])

    assert value == 1.0


@pytest.mark.parametrize("weights", [[1.0, 1.0, 1.0], [1.0], 1.0], ids=str)
def test_weights_for_another_number_of_rows_are_refused(weights):
    y_true, y_pred = np.zeros((2, 1)), np.ones((2, 1))

    with pytest.raises(
        ShapeError, match=r"sample_weight: expected one weight for each of 2 rows, got .*\n  Fix: give an"
    ):
        Distance()(y_true, y_pred, weights)


def test_an_unknown_argument_is_refused():
    with pytest.raises(ArgumentError, match=r"Huber\(deta\).*\n  Fix: did you mean delta\?"):
        losses.Huber(deta=2.0)
