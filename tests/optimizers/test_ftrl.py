import pytest

from lamina.errors import ArgumentError
from lamina.optimizers import Ftrl


def test_three_steps_by_hand(steps):
    optimizer = Ftrl(1.0, initial_accumulator_value=0)

    weights = steps(optimizer, 1.0, [3.0, 4.0, 0.0])

    # The roots of the sums of squares are 3, 5 and 5; the linear part is 3 - 3 · 1, then 4 and 4.
    assert weights == pytest.approx([0.0, -4 / 5, -4 / 5])


def test_a_weight_that_pulls_less_than_l1_is_exactly_zero(steps):
    optimizer = Ftrl(1.0, initial_accumulator_value=0, l1_regularization_strength=1.0)

    weights = steps(optimizer, [0.0, 0.0], [[0.5, 3.0]])

    assert weights[0][0] == 0.0
    assert weights[0][1] == pytest.approx(-2 / 3)


@pytest.mark.parametrize(
    ("arguments", "weight"),
    [
        ({"l2_regularization_strength": 1.5}, -3 / (3 + 3)),
        ({"beta": 3.0}, -3 / (3 + 3)),
        ({"learning_rate_power": -1.0}, -3 / 9),
        ({"learning_rate_power": 0.0}, -3 / 1),
    ],
)
def test_what_each_argument_does_by_hand(arguments, weight, steps):
    optimizer = Ftrl(1.0, initial_accumulator_value=0, **arguments)

    weights = steps(optimizer, 0.0, [3.0])

    assert weights == pytest.approx([weight])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"learning_rate": 0}, r"Ftrl\(learning_rate\): expected a finite number above 0, got 0"),
        ({"learning_rate_power": 0.5}, r"Ftrl\(learning_rate_power\): expected a finite number of at most 0, got 0.5"),
        ({"initial_accumulator_value": -1}, r"Ftrl\(initial_accumulator_value\): .* at least 0, got -1"),
        ({"l1_regularization_strength": -1}, r"Ftrl\(l1_regularization_strength\): .* at least 0, got -1"),
        ({"l2_regularization_strength": -1}, r"Ftrl\(l2_regularization_strength\): .* at least 0, got -1"),
        ({"l2_shrinkage_regularization_strength": -1}, r"Ftrl\(l2_shrinkage_\w+\): .* at least 0, got -1"),
        ({"beta": -1}, r"Ftrl\(beta\): expected a finite number of at least 0, got -1"),
    ],
)
def test_a_number_out_of_range_is_refused(arguments, sentence):
    with pytest.raises(ArgumentError, match=sentence):
        Ftrl(**arguments)
