import pytest

from lamina.errors import ArgumentError
from lamina.optimizers import Adadelta, Adagrad


def test_three_steps_of_adagrad_by_hand(steps):
    optimizer = Adagrad(1.0, initial_accumulator_value=0, epsilon=1e-12)

    weights = steps(optimizer, 0.0, [3.0, 3.0, 3.0])

    # The sums of squares are 9, 18 and 27.
    assert weights == pytest.approx([-1, -1 - 1 / 2**0.5, -1 - 1 / 2**0.5 - 1 / 3**0.5])


def test_the_sum_of_squares_starts_where_it_is_told_to(steps):
    optimizer = Adagrad(1.0, initial_accumulator_value=16)

    weights = steps(optimizer, 0.0, [3.0])

    assert weights == pytest.approx([-3 / 5])


def test_three_steps_of_adadelta_by_hand(steps):
    optimizer = Adadelta(1.0, rho=0.5, epsilon=1.0)

    weights = steps(optimizer, 0.0, [2.0, 2.0, 2.0])

    # Squares of gradients 2, 3, 7/2; of steps before each step 0, 2/3, 7/6; 1 is added to each.
    lengths = [2 * (1 / 3) ** 0.5, 2 * (5 / 3 / 4) ** 0.5, 2 * (13 / 6 / 4.5) ** 0.5]
    assert weights == pytest.approx([-lengths[0], -sum(lengths[:2]), -sum(lengths)])


@pytest.mark.parametrize(
    ("kind", "arguments", "sentence"),
    [
        (Adagrad, {"epsilon": 0}, r"Adagrad\(epsilon\): expected a finite number above 0, got 0"),
        (Adagrad, {"initial_accumulator_value": -1}, r"Adagrad\(initial_accumulator_value\): .* at least 0, got -1"),
        (Adadelta, {"rho": 1}, r"Adadelta\(rho\): expected a finite number of at least 0 and below 1, got 1"),
        (Adadelta, {"epsilon": -1}, r"Adadelta\(epsilon\): expected a finite number above 0, got -1"),
    ],
)
def test_a_number_out_of_range_is_refused(kind, arguments, sentence):
    with pytest.raises(ArgumentError, match=sentence):
        kind(**arguments)
