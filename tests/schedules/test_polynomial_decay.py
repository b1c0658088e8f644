import numpy as np
import pytest

from lamina.errors import ArgumentError
from lamina.schedules import PolynomialDecay


@pytest.mark.parametrize(
    ("power", "expected"),
    [(1.0, [1.0, 0.75, 0.5, 0.5]), (2.0, [1.0, 0.625, 0.5, 0.5]), (0.5, [1.0, 0.8535534, 0.5, 0.5])],
)
def test_the_decay_by_hand(power, expected):
    values = PolynomialDecay(1.0, 100, 0.5, power=power)(np.array([0, 50, 100, 200]))

    np.testing.assert_allclose(values, expected, rtol=1e-6)


def test_a_cycle_starts_again_after_its_end():
    values = PolynomialDecay(1.0, 100, 0.0, cycle=True)(np.array([0, 50, 100, 101, 150, 200, 201]))

    np.testing.assert_allclose(values, [1.0, 0.5, 0.0, 0.495, 0.25, 0.0, 0.33], atol=1e-6)


def test_the_rate_may_grow():
    values = PolynomialDecay(0.0, 10, 1.0)(np.array([0, 5, 10]))

    np.testing.assert_allclose(values, [0.0, 0.5, 1.0], atol=1e-6)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"initial_learning_rate": None},
            r"\(initial_learning_rate\): expected a finite number of at least 0, got None",
        ),
        ({"decay_steps": 0}, r"\(decay_steps\): expected a finite number above 0, got 0"),
        ({"end_learning_rate": -1.0}, r"\(end_learning_rate\): expected a finite number of at least 0, got -1.0"),
        ({"power": 0.0}, r"\(power\): expected a finite number above 0, got 0.0"),
        ({"cycle": 1}, r"\(cycle\): expected True or False, got 1"),
    ],
)
def test_arguments_are_checked(arguments, message):
    with pytest.raises(ArgumentError, match="PolynomialDecay" + message):
        PolynomialDecay(**{"initial_learning_rate": 0.1, "decay_steps": 100} | arguments)
