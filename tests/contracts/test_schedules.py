"""What holds for every schedule."""

import jax
import numpy as np
import pytest
from tests.contracts.schedule_cases import CASES

from lamina import schedules
from lamina._core import registry
from lamina._core.config import fields_of
from lamina._core.portable import decode, encode

STEPS = np.arange(200)
NOT_IN_KERAS = (schedules.Constant, schedules.OneCycle, schedules.StepDecay)
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: repr(case.schedule))


def test_every_registered_schedule_has_a_case():
    registered = set(registry.names("schedule"))

    covered = {type(case.schedule).__name__ for case in CASES}

    assert covered == registered


@each_case
def test_the_values_are_those_of_the_reference(case):
    values = case.schedule(STEPS)

    np.testing.assert_allclose(values, [case.reference(step) for step in STEPS.tolist()], rtol=1e-5, atol=1e-8)


@each_case
def test_keras_gives_the_same(case):
    keras = pytest.importorskip("keras")
    if isinstance(case.schedule, NOT_IN_KERAS):
        pytest.skip("Keras has none")
    rival = getattr(keras.optimizers.schedules, type(case.schedule).__name__)(**fields_of(case.schedule))
    steps = [0, 1, 9, 10, 11, 25, 40, 41, 55, 130]

    expected = [float(rival(step)) for step in steps]

    np.testing.assert_allclose(case.schedule(np.array(steps)), expected, rtol=1e-5, atol=1e-8)


@each_case
@pytest.mark.parametrize("step", [0, 7, 130])
def test_numbers_and_traced_steps_give_the_same(case, step):
    compiled = jax.jit(case.schedule.__call__)(step)

    assert compiled.shape == ()
    assert compiled.dtype == np.float32
    np.testing.assert_allclose(case.schedule(step), compiled, rtol=1e-5, atol=1e-8)


@each_case
def test_values_stay_finite_and_at_least_zero_for_ever(case):
    values = case.schedule(np.array([10**6, 2**24 + 1, 2**31 - 1]))

    assert np.isfinite(values).all()
    assert (np.asarray(values) >= 0).all()


@each_case
def test_what_is_saved_gives_the_same_values(case):
    loaded = decode(encode(case.schedule, where="schedule"), "schedule", where="schedule")

    np.testing.assert_array_equal(loaded(STEPS), case.schedule(STEPS))
