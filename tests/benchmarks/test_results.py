import math

import pytest

from benchmarks import results
from benchmarks.results import Result, Target, Verdict, compare_losses, judge


def measured(library, *, workload="mlp", **numbers):
    found = Result(workload, library)
    for command, values in numbers.items():
        for value in values:
            found.record(command, value)
    return found


def test_a_round_is_the_median_and_the_first_epochs_are_told_apart():
    found = measured("lamina", round=[3.0, 1.0, 2.0], first=[5.0, 4.0], memory=[500.0])

    assert [found.value(measure) for measure in ("round", "first", "second", "memory", "loss")] == [
        2.0,
        5.0,
        4.0,
        500.0,
        None,
    ]


@pytest.mark.parametrize(("loss", "differs"), [(0.37, False), (0.45, True), (math.nan, True)])
def test_who_reached_another_loss_is_marked(loss, differs):
    odd = measured("lamina", loss=[loss])
    others = [measured("torch", loss=[0.36]), measured("keras-jax", loss=[0.37])]

    compare_losses([odd, *others])

    assert odd.trained_otherwise is differs
    assert not any(other.trained_otherwise for other in others)


@pytest.fixture
def one_target(monkeypatch):
    monkeypatch.setattr(results, "TARGETS", (Target("a step", "mlp", "round", 0.75, "× best other"),))


def test_a_ratio_is_to_the_best_other_that_competes(one_target):
    rows = [
        measured("lamina", round=[3.0]),
        measured("keras-jax", round=[6.0]),
        measured("torch", round=[5.0]),
        measured("jax-loop", round=[1.0]),  # the floor is no competitor
        measured("lamina-bfloat16", round=[1.5]),  # nor is Lamina to itself
        measured("sklearn", round=[2.0]),
    ]
    rows[-1].trained_otherwise = True

    (verdict,) = judge(rows)

    assert (verdict.value, verdict.best_other, verdict.word) == (0.6, "torch", "met")


@pytest.mark.parametrize(
    ("numbers", "others", "word"),
    [
        ({"round": [3.0]}, {"round": [4.0]}, "met"),
        ({"round": [3.01]}, {"round": [4.0]}, "MISSED"),
        ({"round": [3.0]}, {}, "not measured"),
        ({}, {"round": [4.0]}, "not measured"),
    ],
)
def test_a_target_is_met_at_its_limit(one_target, numbers, others, word):
    (verdict,) = judge([measured("lamina", **numbers), measured("torch", **others)])

    assert verdict.word == word


def test_no_target_is_met_by_training_otherwise():
    target = Target("a step", "mlp", "round", 0.75, "× best other")

    assert Verdict(target, 0.1, "torch", trained_otherwise=True).word == "MISSED"


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (Target("one row", "mlp", "round", 0.1, "ms", 1000), 2000.0),
        (Target("second", "mlp", "second", 1, "× first process"), 0.5),
    ],
)
def test_a_measure_stands_in_the_unit_of_its_target(monkeypatch, target, expected):
    monkeypatch.setattr(results, "TARGETS", (target,))

    (verdict,) = judge([measured("lamina", round=[2.0], first=[4.0, 2.0])])

    assert (verdict.value, verdict.best_other) == (pytest.approx(expected), "")


def test_only_what_was_measured_is_judged():
    assert judge([measured("lamina", workload="nothing of ours", round=[1.0])]) == []
