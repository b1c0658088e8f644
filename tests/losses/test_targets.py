import numpy as np
import pytest

from lamina import losses
from lamina.errors import ShapeError


def test_one_target_a_row_fits_a_model_of_one_output():
    y_true, y_pred = np.array([1.0, 2.0, 3.0]), np.array([[1.0], [2.0], [5.0]])

    values = losses.mean_squared_error(y_true, y_pred)

    np.testing.assert_array_equal(values, [0.0, 0.0, 4.0])


@pytest.mark.parametrize(
    ("y_true", "y_pred"), [((3, 1), (3,)), ((3,), (3, 2)), ((3, 2), (3, 1)), ((1, 2), (3, 2)), ((3, 1, 1), (3, 1))]
)
def test_targets_of_another_shape_are_never_broadcast(y_true, y_pred):
    with pytest.raises(
        ShapeError, match=r"y_true: expected one target for each prediction, of shape .*\n  Fix: give both"
    ):
        losses.mean_squared_error(np.zeros(y_true), np.zeros(y_pred))


@pytest.mark.parametrize("y_true", [[1, 0], [[1], [0]], [True, False], [1.0, 0.0]])
def test_class_numbers_come_in_any_type_with_or_without_a_last_axis(y_true):
    y_pred = np.array([[0.5, 0.5], [0.25, 0.75]])

    values = losses.sparse_categorical_crossentropy(y_true, y_pred)

    np.testing.assert_allclose(values, np.log([2, 4]), rtol=1e-6)


def test_one_hot_targets_are_refused_where_class_numbers_are_wanted():
    with pytest.raises(
        ShapeError, match=r"expected one class number for each row .*\(4,\).*\n  Fix: .*categorical_cross"
    ):
        losses.sparse_categorical_crossentropy(np.eye(4), np.eye(4))


def test_integers_are_computed_as_floats():
    values = losses.mean_squared_error([[1, 2]], [[2, 2]])

    assert values == 0.5
