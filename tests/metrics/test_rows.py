import numpy as np
import pytest

from lamina.errors import ShapeError
from lamina.metrics import _rows as rows


@pytest.mark.parametrize(
    ("y_true", "y_pred", "shape"),
    [
        ((3,), (3,), (3, 1)),
        ((3,), (3, 1), (3, 1)),
        ((3, 1), (3,), (3, 1)),
        ((3, 2), (3, 2), (3, 2)),
        ((3, 5), (3, 5, 1), (3, 5, 1)),
    ],
)
def test_one_output_may_go_without_its_axis(y_true, y_pred, shape):
    pair = rows.paired(np.ones(y_true, int), np.ones(y_pred), where="Metric")

    assert [(item.shape, item.dtype) for item in pair] == [(shape, "float32")] * 2


@pytest.mark.parametrize(("y_true", "y_pred"), [((3, 2), (3, 1)), ((3, 1), (3, 2)), ((3,), (3, 3)), ((2, 1), (3, 1))])
def test_unequal_shapes_are_never_broadcast(y_true, y_pred):
    with pytest.raises(ShapeError, match=r"Metric: expected one target for each prediction.*\n.*starts with Sparse"):
        rows.paired(np.ones(y_true), np.ones(y_pred), where="Metric")


@pytest.mark.parametrize("shape", [(3,), (3, 1)])
def test_class_numbers_may_have_a_last_axis_of_one(shape):
    numbers = rows.class_numbers(np.ones(shape), np.ones((3, 4)), where="Metric")

    np.testing.assert_array_equal(numbers, [1, 1, 1])
    assert numbers.dtype == "int32"


def test_one_hot_rows_are_no_class_numbers():
    with pytest.raises(
        ShapeError, match=r"Metric: expected one class number .*\(3,\), got .*\(3, 4\).*\n.*without Sparse"
    ):
        rows.class_numbers(np.ones((3, 4)), np.ones((3, 4)), where="Metric")


@pytest.mark.parametrize("y_true", [[2, 0], [[2], [0]], [[0, 0, 1], [1, 0, 0]], [[-1, -1, 1], [1, -1, -1]]])
def test_class_numbers_and_one_hot_rows_say_yes_alike(y_true):
    truth, _ = rows.yes_or_no(np.array(y_true), np.zeros((2, 3)), where="Metric")

    np.testing.assert_array_equal(truth, [[False, False, True], [True, False, False]])


@pytest.mark.parametrize(
    ("weights", "expected"), [([1.0, 2.0], [[1, 1], [2, 2]]), ([[1.0, 2.0], [3.0, 4.0]], [[1, 2], [3, 4]])]
)
def test_weights_are_stretched(weights, expected):
    stretched = rows.spread(np.array(weights), (2, 2), where="Metric")

    np.testing.assert_array_equal(stretched, expected)


def test_weights_of_time_steps_are_averaged_for_a_value_of_the_row():
    averaged = rows.spread(np.array([[1.0, 3.0], [0.0, 0.0]]), (2,), where="Metric")

    np.testing.assert_array_equal(averaged, [2, 0])


def test_a_share_of_nothing_is_zero_once_rows_were_seen():
    shares = [rows.share(np.float32(0), np.float32(0), seen) for seen in (0.0, 1.0)]

    np.testing.assert_array_equal(shares, [np.nan, 0])
