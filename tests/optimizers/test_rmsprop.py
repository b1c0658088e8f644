import numpy as np
import pytest

from lamina.errors import ArgumentError
from lamina.optimizers import RMSprop


@pytest.mark.parametrize(
    ("optimizer", "by_hand"),
    [
        # The mean squares of a gradient of 2 are 1, 7/4 and 37/16.
        (RMSprop(0.1, rho=0.75), [0.8, 0.8 - 0.2 / 1.75**0.5, 0.8 - 0.2 / 1.75**0.5 - 0.2 / 2.3125**0.5]),
        # With an epsilon of 3 the first root is 2.
        (RMSprop(0.1, rho=0.75, epsilon=3.0), [0.9]),
        # With half of the step kept: 0.2, then half of that and a new one.
        (RMSprop(0.1, rho=0.75, momentum=0.5), [0.8, 0.8 - 0.1 - 0.2 / 1.75**0.5]),
        # The mean gradient is 1/2, the variance 3/4.
        (RMSprop(0.1, rho=0.75, centered=True), [1 - 0.2 / 0.75**0.5]),
    ],
    ids=repr,
)
def test_steps_by_hand(optimizer, by_hand, steps):
    gradients = [2.0] * len(by_hand)

    weights = steps(optimizer, 1.0, gradients)

    assert weights == pytest.approx(by_hand, rel=1e-5)


def test_a_variance_that_rounding_takes_below_zero_does_no_harm(steps):
    gradients = [1234.567] * 200

    weights = steps(RMSprop(0.001, centered=True), 1.0, gradients)

    assert np.isfinite(weights).all()


@pytest.mark.parametrize(
    ("arguments", "slots"),
    [
        ({}, {"velocity"}),
        ({"momentum": 0.5}, {"velocity", "momentum"}),
        ({"centered": True}, {"velocity", "mean"}),
    ],
)
def test_it_remembers_what_it_needs_and_no_more(arguments, slots):
    transformation = RMSprop(**arguments).transformation()

    state = transformation.init(np.ones(3, "float32"))

    assert set(state["slots"]) == slots


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"rho": 1}, r"RMSprop\(rho\): expected a finite number of at least 0 and below 1, got 1"),
        ({"momentum": 2}, r"RMSprop\(momentum\): expected a finite number of at least 0 and of at most 1, got 2"),
        ({"epsilon": 0}, r"RMSprop\(epsilon\): expected a finite number above 0, got 0"),
        ({"centered": "yes"}, r"RMSprop\(centered\): expected True or False, got 'yes'"),
    ],
)
def test_an_argument_out_of_range_is_refused(arguments, sentence):
    with pytest.raises(ArgumentError, match=sentence):
        RMSprop(**arguments)
