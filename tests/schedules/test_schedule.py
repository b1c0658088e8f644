import numpy as np
import pytest

from lamina.schedules import Schedule


def test_a_schedule_says_its_values_itself():
    with pytest.raises(NotImplementedError):
        Schedule()(0)


def test_a_subclass_of_ones_own_is_a_schedule():
    class Halving(Schedule):
        first: float

        def __call__(self, step):
            return self.first / (1 + step)

    schedule = Halving(0.5)

    np.testing.assert_allclose(schedule(np.array([0, 1])), [0.5, 0.25])
    assert repr(schedule) == "Halving(0.5)"
