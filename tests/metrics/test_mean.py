import numpy as np
import pytest

from lamina import metrics, ops
from lamina.errors import ArgumentError, ShapeError


class AbsoluteError(metrics.MeanMetric):
    def call(self, y_true, y_pred):
        return ops.abs(y_true - y_pred)


class OddRows(AbsoluteError):
    def counts(self, y_true, y_pred):
        return y_true % 2 == 1


def absolute_error(y_true, y_pred):
    return ops.abs(y_true - y_pred)


def test_rows_are_weighted():
    value = AbsoluteError()([0.0, 0.0], [1.0, 5.0], [3.0, 1.0])

    assert value == 2


def test_time_steps_are_weighted():
    value = AbsoluteError()(np.zeros((1, 2)), [[1.0, 5.0]], [[3.0, 1.0]])

    assert value == 2


def test_a_weight_for_each_row_spreads_over_its_time_steps():
    value = AbsoluteError()(np.zeros((2, 2)), [[1.0, 3.0], [9.0, 9.0]], [1.0, 0.0])

    assert value == 2


def test_values_that_do_not_count_are_left_out():
    value = OddRows()([1.0, 2.0, 3.0], [2.0, 50.0, 6.0])

    assert value == 2


def test_a_hundred_million_rows_still_count():
    metric = AbsoluteError()
    sums = {"total": metrics.Sum.zero() + 1e8, "weight": metrics.Sum.zero() + 1e8}

    for _ in range(100):
        sums = metric.update(sums, ops.zeros(1), ops.ones(1), ops.ones(1))

    assert int(sums["weight"].high) + int(sums["weight"].low) == 100_000_100


@pytest.mark.parametrize("weights", [[1.0], [1.0, 1.0, 1.0]])
def test_weights_must_fit_the_rows(weights):
    if len(weights) == 1:
        assert AbsoluteError()([0.0, 0.0], [1.0, 3.0], weights) == 2
    else:
        with pytest.raises(ShapeError, match=r"AbsoluteError: expected one weight for each of 2 rows, got .*\(3,\)"):
            AbsoluteError()([0.0, 0.0], [1.0, 3.0], weights)


def test_the_interface_leaves_call_to_the_subclass():
    with pytest.raises(NotImplementedError):
        metrics.MeanMetric()([1.0], [1.0])


def test_mean_looks_at_predictions_alone():
    value = metrics.Mean()([7.0, 7.0], [1.0, 2.0])

    assert value == 1.5


def test_a_function_is_averaged_over_rows_and_outputs():
    metric = metrics.FunctionMetric(absolute_error)

    value = metric([[0.0, 0.0], [0.0, 0.0]], [[1.0, 3.0], [5.0, 7.0]], [3.0, 1.0])

    assert value == (3 * 2 + 6) / 4


def test_a_function_gives_its_name():
    assert metrics.FunctionMetric(absolute_error).key == "absolute_error"
    assert metrics.FunctionMetric(absolute_error, name="error").key == "error"


def test_targets_without_an_axis_of_outputs_get_one_before_a_function_sees_them():
    value = metrics.FunctionMetric(absolute_error)([1.0, 2.0, 6.0], [[1.0], [2.0], [3.0]])

    assert value == 1


@pytest.mark.parametrize(
    ("function", "got"),
    [(lambda y_true, y_pred: ops.mean(y_pred), "a scalar"), (lambda y_true, y_pred: ops.zeros(3), r"shape \(3,\)")],
)
def test_a_function_must_give_a_value_for_each_row(function, got):
    metric = metrics.FunctionMetric(function, name="mine")

    with pytest.raises(ShapeError, match=rf"metric mine: expected one value .* 2 rows, got {got}.*\n.*axis=-1"):
        metric([[1.0], [2.0]], [[1.0], [2.0]])


@pytest.mark.parametrize("function", ["mae", 3, dict])
def test_what_is_no_function_is_refused(function):
    with pytest.raises(ArgumentError, match=r"FunctionMetric\(function\): expected a function of y_true and y_pred"):
        metrics.FunctionMetric(function)


def test_a_function_without_return_is_told_so():
    def forgotten(y_true, y_pred):
        pass

    with pytest.raises(ArgumentError, match=r"^metric forgotten: expected one value .*, got None\.\n  Fix: return"):
        metrics.get(forgotten)([[1.0]], [[2.0]])
