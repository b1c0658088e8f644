import numpy as np
import pytest

from lamina.errors import ArgumentError
from lamina.schedules import CosineDecay, CosineDecayRestarts


def test_the_fall_by_hand():
    values = CosineDecay(2.0, 100, alpha=0.5)(np.array([0, 50, 100, 1000]))

    np.testing.assert_allclose(values, [2.0, 1.5, 1.0, 1.0], rtol=1e-6)


def test_the_warm_up_by_hand():
    schedule = CosineDecay(0.5, 100, warmup_target=1.0, warmup_steps=10)

    values = schedule(np.array([0, 5, 10, 60, 110, 1000]))

    np.testing.assert_allclose(values, [0.5, 0.75, 1.0, 0.5, 0.0, 0.0], atol=1e-6)


@pytest.mark.parametrize("first", [3, 7, 100, 1000, 12345])
@pytest.mark.parametrize("t_mul", [1.0, 1.5, 2.0, 3.0])
def test_each_period_starts_at_the_top(first, t_mul):
    schedule = CosineDecayRestarts(1.0, first, t_mul=t_mul)
    starts = np.cumsum([0.0, *(first * t_mul**i for i in range(6))])
    starts = starts[starts == np.round(starts)].astype(int)

    np.testing.assert_allclose(schedule(starts), np.ones(len(starts)), atol=1e-5)


@pytest.mark.parametrize("first", [3, 7, 100, 1000])
def test_the_step_before_a_restart_is_low(first):
    starts = first * (2 ** np.arange(1, 6) - 1)

    values = CosineDecayRestarts(1.0, first)(starts - 1)

    assert (np.asarray(values) < 0.3).all()


def test_each_period_may_start_lower():
    values = CosineDecayRestarts(1.0, 10, t_mul=1.0, m_mul=0.5)(np.array([0, 10, 20, 25]))

    np.testing.assert_allclose(values, [1.0, 0.5, 0.25, 0.125], rtol=1e-5)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"initial_learning_rate": -1.0},
            r"\(initial_learning_rate\): expected a finite number of at least 0, got -1.0",
        ),
        ({"decay_steps": 0}, r"\(decay_steps\): expected a finite number above 0, got 0"),
        ({"alpha": 1.5}, r"\(alpha\): expected a finite number of at least 0 and of at most 1, got 1.5"),
        (
            {"warmup_steps": -1, "warmup_target": 1.0},
            r"\(warmup_steps\): expected a finite number of at least 0, got -1",
        ),
        ({"warmup_target": -1.0}, r"\(warmup_target\): expected a finite number of at least 0, got -1.0"),
        ({"warmup_steps": 10}, r"\(warmup_target\): expected the rate to reach in the 10 warmup_steps, got None"),
    ],
)
def test_arguments_are_checked(arguments, message):
    with pytest.raises(ArgumentError, match="CosineDecay" + message):
        CosineDecay(**{"initial_learning_rate": 0.1, "decay_steps": 100} | arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"first_decay_steps": 0}, r"\(first_decay_steps\): expected a finite number above 0, got 0"),
        ({"t_mul": 0.5}, r"\(t_mul\): expected a finite number of at least 1, got 0.5"),
        ({"m_mul": 0.0}, r"\(m_mul\): expected a finite number above 0, got 0.0"),
        ({"alpha": -0.5}, r"\(alpha\): expected a finite number of at least 0 and of at most 1, got -0.5"),
    ],
)
def test_arguments_of_restarts_are_checked(arguments, message):
    with pytest.raises(ArgumentError, match="CosineDecayRestarts" + message):
        CosineDecayRestarts(**{"initial_learning_rate": 0.1, "first_decay_steps": 100} | arguments)
