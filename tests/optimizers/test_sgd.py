import pytest

from lamina.errors import ArgumentError
from lamina.optimizers import SGD


@pytest.mark.parametrize(
    ("optimizer", "by_hand"),
    [
        (SGD(0.1), [0.9, 0.8, 0.7]),
        (SGD(0.1, momentum=0.9), [0.9, 0.71, 0.439]),
        (SGD(0.1, momentum=0.9, nesterov=True), [0.81, 0.539, 0.1951]),
        (SGD(0.1, momentum=0), [0.9, 0.8, 0.7]),
        (SGD(0.0), [1.0, 1.0, 1.0]),
    ],
    ids=repr,
)
def test_three_steps_by_hand(optimizer, by_hand, steps):
    gradients = [1.0, 1.0, 1.0]

    weights = steps(optimizer, 1.0, gradients)

    assert weights == pytest.approx(by_hand)


def test_without_momentum_nothing_is_remembered():
    transformation = SGD().transformation()

    state = transformation.init({"kernel": 1.0})

    assert state["slots"] == {"kernel": {}}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"momentum": 1.5}, r"SGD\(momentum\): expected a finite number of at least 0 and of at most 1, got 1.5"),
        ({"momentum": -0.1}, r"SGD\(momentum\): expected .* got -0.1"),
        ({"momentum": 0.9, "nesterov": 1}, r"SGD\(nesterov\): expected True or False, got 1"),
        (
            {"nesterov": True},
            r"SGD\(momentum\): .*nesterov=True, got None.*\n  Fix: write SGD\(..., momentum=0.9, nest",
        ),
    ],
)
def test_an_argument_out_of_range_is_refused(arguments, sentence):
    with pytest.raises(ArgumentError, match=sentence):
        SGD(**arguments)
