import numpy as np
import pytest

from lamina.errors import ArgumentError
from lamina.schedules import InverseTimeDecay


def test_the_decay_by_hand():
    steps = np.array([0, 50, 100, 399])

    np.testing.assert_allclose(InverseTimeDecay(1.2, 100, 2.0)(steps), [1.2, 0.6, 0.4, 1.2 / 8.98], rtol=1e-6)
    np.testing.assert_allclose(
        InverseTimeDecay(1.2, 100, 2.0, staircase=True)(steps), [1.2, 1.2, 0.4, 1.2 / 7], rtol=1e-6
    )


def test_no_decay_rate_keeps_the_first_value():
    np.testing.assert_array_equal(InverseTimeDecay(0.5, 100, 0.0)(np.array([0, 10**6])), [0.5, 0.5])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.nan, 10, 0.5), r"\(initial_learning_rate\): expected a finite number of at least 0, got nan"),
        ((0.1, -10, 0.5), r"\(decay_steps\): expected a finite number above 0, got -10"),
        ((0.1, 10, -0.5), r"\(decay_rate\): expected a finite number of at least 0, got -0.5"),
        ((0.1, 10, 0.5, "yes"), r"\(staircase\): expected True or False, got 'yes'"),
    ],
)
def test_arguments_are_checked(arguments, message):
    with pytest.raises(ArgumentError, match="InverseTimeDecay" + message):
        InverseTimeDecay(*arguments)
