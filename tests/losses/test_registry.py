import numpy as np
import pytest

from lamina import losses, ops
from lamina._core import registry
from lamina._core.portable import encode
from lamina.errors import ArgumentError, FormatError, ShapeError


def squared(y_true, y_pred):
    return ops.square(y_true - y_pred)


@registry.register("loss")
def registered_distance(y_true, y_pred):
    return ops.mean(ops.abs(y_true - y_pred), axis=-1)


@pytest.fixture(autouse=True, scope="module")
def leave_no_trace():
    """Take the function registered here out of the table again, for the other tests."""
    yield
    del registry._TABLE["loss"][registered_distance.__name__]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mse", "MeanSquaredError"),
        ("MSE", "MeanSquaredError"),
        ("mean_squared_error", "MeanSquaredError"),
        ("MeanSquaredError", "MeanSquaredError"),
        ("mae", "MeanAbsoluteError"),
        ("mape", "MeanAbsolutePercentageError"),
        ("msle", "MeanSquaredLogarithmicError"),
        ("bce", "BinaryCrossentropy"),
        ("kld", "KLDivergence"),
        ("kl_divergence", "KLDivergence"),
        ("kullback_leibler_divergence", "KLDivergence"),
        ("logcosh", "LogCosh"),
        ("log_cosh", "LogCosh"),
        ("huber_loss", "Huber"),
        ("sparse_categorical_crossentropy", "SparseCategoricalCrossentropy"),
    ],
)
def test_a_name_gives_the_loss_with_its_defaults(name, expected):
    loss = losses.get(name)

    assert repr(loss) == f"{expected}()"


def test_a_class_gives_the_loss_with_its_defaults():
    loss = losses.get(losses.Huber)

    assert repr(loss) == "Huber()"


def test_a_loss_is_given_back_as_it_is():
    loss = losses.Huber(delta=3.0)

    assert losses.get(loss) is loss


def test_an_own_function_becomes_a_loss():
    loss = losses.get(squared)

    assert isinstance(loss, losses.FunctionLoss)
    assert loss([[1.0, 1.0]], [[1.0, 3.0]]) == 2.0


def test_a_registered_function_is_found_by_its_name():
    loss = losses.get("registered_distance")

    assert loss([[1.0, 1.0]], [[1.0, 3.0]]) == 1.0


def test_an_unknown_name_gets_the_nearest_one():
    with pytest.raises(
        ArgumentError, match=r"compile\(loss\): expected .* got 'mean_square_error'.\n  Fix: did you mean 'mean_sq"
    ):
        losses.get("mean_square_error", where="compile(loss)")


@pytest.mark.parametrize("name", ["function_loss", "FunctionLoss"])
def test_the_wrapper_of_functions_has_no_name(name):
    with pytest.raises(ArgumentError, match="expected the name of a known loss"):
        losses.get(name)


@pytest.mark.parametrize("value", [None, 3, dict])
def test_what_is_no_loss_is_refused(value):
    with pytest.raises(
        ArgumentError, match=r"loss: expected the name of a loss, a Loss or a function .*\n  Fix: write a name"
    ):
        losses.get(value)


@pytest.mark.parametrize(
    ("shape", "kept"), [((4, 3), (4,)), ((4, 2, 3), (4, 2)), ((4,), (4,))], ids=["rows", "time steps", "one output"]
)
def test_values_beyond_the_rows_are_averaged(shape, kept):
    y_true, y_pred = np.zeros(shape), np.ones(shape)

    values = losses.FunctionLoss(squared).call(y_true, y_pred)

    assert values.shape == kept


def test_one_value_a_row_of_a_sequence_is_used_as_it_is():
    loss = losses.FunctionLoss(lambda y_true, y_pred: ops.sum(ops.abs(y_true - y_pred), axis=(1, 2)))

    values = loss.call(np.zeros((2, 3, 2)), np.ones((2, 3, 2)))

    np.testing.assert_array_equal(values, [6.0, 6.0])


def test_targets_without_last_axis_are_not_broadcast_in_a_function():
    y_true, y_pred = np.array([1.0, 2.0]), np.array([[1.0], [2.0]])

    values = losses.FunctionLoss(squared).call(y_true, y_pred)

    np.testing.assert_array_equal(values, [0.0, 0.0])


def test_a_function_that_returns_one_number_for_the_batch_is_refused():
    def total(y_true, y_pred):
        return ops.mean(ops.square(y_true - y_pred))

    with pytest.raises(
        ShapeError, match=r"total: expected one loss for each of 2 rows, got .* \(\).\n  Fix: average over"
    ):
        losses.FunctionLoss(total)(np.zeros((2, 1)), np.ones((2, 1)))


@pytest.mark.parametrize("function", [3, "mse", lambda y_true: y_true, lambda a, b, c: a])
def test_what_cannot_take_targets_and_predictions_is_refused(function):
    with pytest.raises(ArgumentError, match=r"FunctionLoss\(function\): expected a function of y_true and y_pred"):
        losses.FunctionLoss(function)


def test_a_function_that_no_file_can_carry_is_refused_with_the_way_out():
    with pytest.raises(FormatError, match=r"got the function squared.\n  Fix: write it as a subclass of Loss"):
        encode(losses.get(squared), where="compile(loss)")


def test_a_function_without_return_is_told_so():
    def forgotten(y_true, y_pred):
        pass

    with pytest.raises(ArgumentError, match=r"^forgotten: expected one loss .*, got None\.\n  Fix: return"):
        losses.get(forgotten)([[1.0]], [[2.0]])
