import math

import numpy as np
import pytest

import lamina as lm
from lamina import training
from lamina.errors import DeadUnitsWarning, StuckLossWarning
from lamina.training._diagnosis import diagnose, loss_of_new_weights, loss_of_one_answer, without_a_sign


def rows_of(plan, x, y, sample_weight=None):
    return training.to_rows(plan, np.asarray(x, np.float32), y, sample_weight)


def test_the_loss_is_compared_with_answers_that_do_not_look_at_the_row(dense, trainee):
    model = dense(features=1)
    model.set_weights({"dense": {"kernel": [[1.0]], "bias": [0.0]}})
    trained = trainee(model)
    rows = rows_of(trained.plan, [[1.0], [3.0]], [2.0, 4.0])

    seen = diagnose(trained.program, trained.state, rows)

    assert seen.findings == []
    assert (seen.loss, seen.of_mean, seen.of_zero) == (1.0, 2.0, 10.0)


def test_what_looks_wrong_is_found(trainee, line):
    hidden = lm.layers.Dense(4, "relu", bias_initializer=lm.initializers.Constant(-50.0))
    trained = trainee(lm.Sequential([lm.Input((3,)), hidden, lm.layers.Dense(1)]).build(seed=1))

    seen = diagnose(trained.program, trained.state, rows_of(trained.plan, *line))

    assert [finding.kind for finding in seen.findings] == [DeadUnitsWarning]
    assert seen.loss == seen.of_mean == seen.of_zero  # whatever the row, it gives the bias, which is 0


def test_several_outputs_count_with_their_shares_and_weights(two_by_two, trainee, rng):
    losses = ["mse", "sparse_categorical_crossentropy"]
    trained = trainee(two_by_two, losses, loss_weights=[0.25, 2.0])
    x = [rng.normal(size=(6, 2)), rng.normal(size=(6, 3))]
    y = {"price": rng.normal(size=6), "kind": [0, 1, 2, 0, 1, 2]}
    weights = {"price": [1, 2, 3, 4, 5, 6], "kind": None}
    rows = training.to_rows(trained.plan, x, y, weights)

    seen = diagnose(trained.program, trained.state, rows)

    assert seen.loss == pytest.approx(trained.evaluate(x, y, weights)["loss"], rel=1e-5)
    price = np.average(np.square(y["price"]), weights=weights["price"])
    assert seen.of_zero == pytest.approx(0.25 * price + 2 * math.log(3), rel=1e-5)


@pytest.mark.parametrize(("frozen", "expected"), [((), 1.0), (("dense",), 25.0)])
def test_new_weights_are_those_that_training_changes(trainee, frozen, expected):
    layer = lm.layers.Dense(1, kernel_initializer="ones", bias_initializer="zeros")
    model = lm.Sequential([lm.Input((1,)), layer]).build(seed=1)
    model.set_weights({"dense": {"kernel": [[4.0]], "bias": [1.0]}})
    trained = trainee(model, frozen=frozenset(frozen))

    found = loss_of_new_weights(trained.plan, trained.state, rows_of(trained.plan, [[1.0], [1.0]], [0.0, 0.0]))

    assert found == expected


@pytest.mark.parametrize(
    ("loss", "activation", "units", "y", "expected"),
    [
        ("mse", None, 1, [1.0, 3.0, 1.0, 3.0], 1.0),
        ("binary_crossentropy", "sigmoid", 1, [0, 1, 0, 1], math.log(2)),
        ("sparse_categorical_crossentropy", "softmax", 4, [0, 1, 2, 3], math.log(4)),
        ("categorical_crossentropy", "softmax", 2, [[1, 0], [0, 1], [1, 0], [0, 1]], math.log(2)),
        ("mae", None, 1, [1.0, 3.0, 1.0, 3.0], None),
        ("mse", None, 1, [3.0] * 4, None),
        ("sparse_categorical_crossentropy", "softmax", 4, [1] * 4, None),
    ],
)
def test_the_loss_of_the_best_single_answer_needs_no_device(dense, plan_of, loss, activation, units, y, expected):
    plan = plan_of(dense(units, activation), loss)

    found = loss_of_one_answer(plan, rows_of(plan, np.ones((4, 3)), y))

    assert found == (expected if expected is None else pytest.approx(expected, rel=1e-5))


def test_with_weights_the_best_single_answer_is_not_known(dense, plan_of):
    plan = plan_of(dense())

    assert loss_of_one_answer(plan, rows_of(plan, np.ones((2, 3)), [1.0, 2.0], [1.0, 2.0])) is None


@pytest.mark.parametrize(
    ("size", "y", "frozen", "sign"),
    [
        (1.0, [1.0, 2.0], (), "no layer looks wrong"),
        (1.0, [2.0, 2.0], (), "all targets are the same"),
        (500.0, [1.0, 2.0], (), "the inputs reach 500"),
        (1.0, [1.0, 2.0], ("other",), "1 of 1 layers are frozen"),
    ],
)
def test_without_a_sign_data_and_frozen_layers_are_looked_at(dense, plan_of, size, y, frozen, sign):
    plan = plan_of(dense(), frozen=frozenset(frozen))

    found = without_a_sign(plan, rows_of(plan, np.full((2, 3), size), y))

    assert (found.kind, found.sign) == (StuckLossWarning, sign)
