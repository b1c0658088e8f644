import numpy as np
import optax
import pytest

from lamina.errors import ArgumentError
from lamina.schedules import OneCycle


def test_the_cycle_by_hand():
    schedule = OneCycle(2.0, 100, warmup_fraction=0.2, start_divisor=4, end_divisor=10)

    values = schedule(np.array([0, 10, 20, 60, 100, 1000]))

    np.testing.assert_allclose(values, [0.5, 1.25, 2.0, 1.025, 0.05, 0.05], rtol=1e-6)


def test_it_is_the_cycle_that_optax_knows():
    steps = np.array([0, 1, 29, 30, 31, 70, 100, 120])
    rival = optax.cosine_onecycle_schedule(100, 0.3)

    expected = [float(rival(step)) for step in steps]

    np.testing.assert_allclose(OneCycle(0.3, 100)(steps), expected, rtol=1e-4, atol=1e-8)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"max_learning_rate": -1.0}, r"\(max_learning_rate\): expected a finite number of at least 0, got -1.0"),
        ({"total_steps": 0}, r"\(total_steps\): expected a finite number above 0, got 0"),
        ({"warmup_fraction": 1.0}, r"\(warmup_fraction\): expected a finite number of at least 0 and below 1, got 1.0"),
        ({"start_divisor": 0.5}, r"\(start_divisor\): expected a finite number of at least 1, got 0.5"),
        ({"end_divisor": 0}, r"\(end_divisor\): expected a finite number of at least 1, got 0"),
    ],
)
def test_arguments_are_checked(arguments, message):
    with pytest.raises(ArgumentError, match="OneCycle" + message):
        OneCycle(**{"max_learning_rate": 0.1, "total_steps": 100} | arguments)
