import pytest

from lamina.errors import ArgumentError
from lamina.optimizers import Lamb


def test_the_first_step_is_a_part_of_the_weight(steps):
    gradients = [[2.0, -0.5]]

    weights = steps(Lamb(0.1), [3.0, 4.0], gradients)

    # The norm of the weight is 5, that of Adam's direction, (1, -1), is √2.
    assert weights[0] == pytest.approx([3 - 0.5 / 2**0.5, 4 + 0.5 / 2**0.5], rel=1e-5)


@pytest.mark.parametrize(("weight", "gradient", "after"), [(0.0, 2.0, -0.1), (3.0, 0.0, 3.0)])
def test_a_norm_of_zero_counts_as_one(weight, gradient, after, steps):
    weights = steps(Lamb(0.1), weight, [gradient])

    assert weights == pytest.approx([after], rel=1e-5)


@pytest.mark.parametrize("argument", ["beta_1", "beta_2", "epsilon"])
def test_a_number_out_of_range_is_refused(argument):
    with pytest.raises(ArgumentError, match=rf"Lamb\({argument}\): expected a finite number .*, got -1"):
        Lamb(**{argument: -1})
