import numpy as np
import pytest

from lamina.errors import ArgumentError
from lamina.schedules import ExponentialDecay, StepDecay


def test_the_decay_by_hand():
    steps = np.array([0, 50, 100, 150])

    np.testing.assert_allclose(ExponentialDecay(1.0, 100, 0.25)(steps), [1.0, 0.5, 0.25, 0.125], rtol=1e-6)
    np.testing.assert_allclose(
        ExponentialDecay(1.0, 100, 0.25, staircase=True)(steps), [1.0, 1.0, 0.25, 0.25], rtol=1e-6
    )


def test_step_decay_by_hand():
    values = StepDecay(0.5, 10)(np.array([0, 9, 10, 19, 20]))

    np.testing.assert_allclose(values, [0.5, 0.5, 0.05, 0.05, 0.005], rtol=1e-6)


@pytest.mark.parametrize("decay_steps", [3, 7, 10, 49, 1000])
def test_step_decay_is_a_staircase_that_changes_exactly_there(decay_steps):
    schedule = StepDecay(1.0, decay_steps, factor=0.5)
    changes = decay_steps * np.arange(1, 20)

    np.testing.assert_allclose(schedule(changes), schedule(changes + 1), rtol=1e-6)
    np.testing.assert_allclose(schedule(changes), np.asarray(schedule(changes - 1)) / 2, rtol=1e-6)


@pytest.mark.parametrize(
    ("kind", "arguments", "message"),
    [
        (ExponentialDecay, (-0.1, 10, 0.5), r"ExponentialDecay\(initial_learning_rate\): .* of at least 0, got -0.1"),
        (ExponentialDecay, (0.1, 0, 0.5), r"ExponentialDecay\(decay_steps\): expected a finite number above 0, got 0"),
        (
            ExponentialDecay,
            (0.1, 10, 0.0),
            r"ExponentialDecay\(decay_rate\): expected a finite number above 0, got 0.0",
        ),
        (ExponentialDecay, (0.1, 10, 0.5, 1), r"ExponentialDecay\(staircase\): expected True or False, got 1"),
        (StepDecay, (0.1, 0), r"StepDecay\(decay_steps\): expected a finite number above 0, got 0"),
        (StepDecay, (0.1, 10, -0.5), r"StepDecay\(factor\): expected a finite number above 0, got -0.5"),
    ],
)
def test_arguments_are_checked(kind, arguments, message):
    with pytest.raises(ArgumentError, match=message):
        kind(*arguments)
