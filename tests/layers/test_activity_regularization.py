import pytest

import lamina as lm
from lamina.errors import ArgumentError
from lamina.layers import ActivityRegularization


def test_the_input_passes_and_its_penalty_is_the_mean_over_rows(call):
    layer = ActivityRegularization(l1=0.5, l2=0.25)

    output = call(layer, [[1, -2], [3, 0]])

    assert output.tolist() == [[1, -2], [3, 0]]
    assert call.penalty == pytest.approx((0.5 * 6 + 0.25 * 14) / 2)


def test_rows_that_fill_up_the_batch_cost_nothing(call):
    call(ActivityRegularization(l2=1.0), [[1], [2], [100]], rows=[True, True, False])

    assert call.penalty == pytest.approx((1 + 4) / 2)


def test_the_penalty_changes_with_the_setting_without_compiling_again():
    model = lm.Sequential([lm.Input((1,)), ActivityRegularization(l1=1.0)])
    model.compile("sgd", "mse")

    model.set(l1=3.0)

    assert model.evaluate([[2.0]], [[2.0]])["loss"] == pytest.approx(6)


def test_strengths_are_at_least_zero():
    with pytest.raises(ArgumentError, match=r"ActivityRegularization\(l2\): expected a finite number of at least 0"):
        ActivityRegularization(l2=-1.0)


def test_masked_steps_cost_nothing():
    layers = [lm.layers.Masking(), lm.layers.Rescaling(1.0, offset=1.0), ActivityRegularization(l1=1.0)]
    model = lm.Sequential([lm.Input((3, 1)), *layers, lm.layers.Rescaling(0.0)])
    model.compile("sgd", "mse")

    assert model.evaluate([[[2], [4], [0]]], [[[0], [0], [0]]])["loss"] == pytest.approx(3 + 5)
