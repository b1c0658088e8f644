import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError, DataError
from lamina.training import to_rows
from lamina.training._class_weights import class_weighted, known_weights, label_of


def rows_of(plan, y, **options):
    return to_rows(plan, np.arange(len(y)), y, **options)


def test_every_row_gets_the_weight_of_its_class(class_plan):
    rows = rows_of(class_plan, [0, 2, 1, 2])

    assert class_weighted(class_plan, rows, {0: 1.0, 1: 2.0, 2: 5.0}).weights[0].tolist() == [1.0, 5.0, 2.0, 5.0]


def test_the_weight_of_the_class_multiplies_that_of_the_row(class_plan):
    rows = rows_of(class_plan, [0, 2, 1, 2], sample_weight=[1, 2, 0, 0.5])

    assert class_weighted(class_plan, rows, {0: 1, 1: 2, 2: 5}).weights[0].tolist() == [1.0, 10.0, 0.0, 2.5]


def test_labels_are_keys(class_plan):
    rows = rows_of(class_plan, ["cat", "fox", "dog"])

    assert class_weighted(class_plan, rows, {"fox": 3, "cat": 1, "dog": 2}).weights[0].tolist() == [1.0, 3.0, 2.0]


@pytest.mark.parametrize(
    ("units", "activation", "loss", "y", "weight"),
    [
        (1, "sigmoid", "binary_crossentropy", [0, 1], {0: 1, 1: 4}),
        (1, "sigmoid", "binary_crossentropy", [False, True], {False: 1, True: 4}),
        (1, None, "hinge", [-1, 1], {-1: 1, 1: 4}),
        (1, None, "hinge", [0, 1], {0: 1, 1: 4}),
        (2, "softmax", "categorical_crossentropy", [[1, 0], [0, 1]], {0: 1, 1: 4}),
    ],
)
def test_classes_of_every_loss_have_weights(dense, plan_of, units, activation, loss, y, weight):
    plan = plan_of(dense(units, activation, features=1), loss)

    assert class_weighted(plan, rows_of(plan, y), weight).weights[0].tolist() == [1.0, 4.0]


def test_time_steps_have_the_weights_of_their_classes(plan_of):
    model = lm.Sequential([lm.Input((2, 1)), lm.layers.Dense(3, activation="softmax")])
    plan = plan_of(model, lm.losses.SparseCategoricalCrossentropy(ignore_class=-1))
    rows = to_rows(plan, np.zeros((2, 2, 1)), [[0, 2], [-1, 1]], [1, 10])

    assert class_weighted(plan, rows, {0: 1, 1: 2, 2: 5}).weights[0].tolist() == [[1.0, 5.0], [0.0, 20.0]]


def test_a_class_that_the_rows_lack_may_have_a_weight(class_plan):
    assert class_weighted(class_plan, rows_of(class_plan, [0, 1]), {0: 1, 1: 2, 2: 5}).weights[0].tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("weight", "message"),
    [
        (
            {0: 1.0, 1: 2.0},
            r"fit\(class_weight\): expected a weight for every class in y, got none for class 2\.\n  Fix: add",
        ),
        ({0: 1, 1: 1, 2: 1, 3: 1}, r"fit\(class_weight\): expected the classes of the model as keys, got 3"),
        ({0: 1, 1: -1, 2: 1}, r"fit\(class_weight\[1\]\): expected a finite number of at least 0, got -1"),
        (
            [1, 2, 3],
            r'fit\(class_weight\): expected a dictionary or "balanced", got \[1, 2, 3\]\.\n  Fix: write class_weight=',
        ),
        ("even", r"fit\(class_weight\): expected a dictionary or \"balanced\", got 'even'"),
    ],
)
def test_weights_that_do_not_fit_the_classes_are_refused(class_plan, weight, message):
    with pytest.raises(ArgumentError, match=f"^{message}"):
        class_weighted(class_plan, rows_of(class_plan, [0, 1, 2]), weight)


def test_a_label_written_wrongly_gets_the_nearest(class_plan):
    rows = rows_of(class_plan, ["cat", "fox", "dog"])

    with pytest.raises(ArgumentError, match="got 'foxx'.\n  Fix: did you mean 'fox'?"):
        class_weighted(class_plan, rows, {"cat": 1, "foxx": 1, "dog": 1})


def test_only_classes_have_weights(number_plan, two_by_two, plan_of):
    several = plan_of(two_by_two, ["mse", "sparse_categorical_crossentropy"])
    rows = to_rows(several, [np.zeros((1, 2)), np.zeros((1, 3))], [[0], [0]])

    with pytest.raises(
        ArgumentError, match="expected a loss for classes, got targets that are no classes.\n  Fix: use samp"
    ):
        class_weighted(number_plan, rows_of(number_plan, [1.5]), {0: 1})
    with pytest.raises(ArgumentError, match="expected a model with one output, got 2 outputs"):
        class_weighted(several, rows, {0: 1})


def test_balanced_weights_are_rows_by_classes_times_rows_of_the_class(class_plan):
    rows = rows_of(class_plan, [0, 0, 0, 1, 1, 2])

    weights = class_weighted(class_plan, rows, "balanced").weights[0]

    np.testing.assert_allclose(weights, [6 / 9] * 3 + [1.0] * 2 + [2.0], rtol=1e-6)


@pytest.mark.parametrize("names", [[0, 1, 2], ["cat", "dog", "fox"]])
@pytest.mark.parametrize("is_weighted", [False, True])
def test_balanced_weights_are_those_of_scikit_learn(class_plan, names, is_weighted):
    sklearn = pytest.importorskip("sklearn.utils.class_weight", reason="scikit-learn is the oracle")
    random = np.random.default_rng(0)
    y = np.array(names)[random.choice(3, size=200, p=[0.7, 0.2, 0.1])]
    own = random.uniform(0, 3, size=200).astype(np.float32) if is_weighted else np.ones(200, np.float32)
    oracle = sklearn.compute_class_weight("balanced", classes=np.array(names), y=y, sample_weight=own)

    weights = class_weighted(class_plan, rows_of(class_plan, y, sample_weight=own), "balanced").weights[0]

    np.testing.assert_allclose(weights, oracle[np.searchsorted(names, y)] * own, rtol=1e-5)


def test_a_row_of_weight_two_counts_as_two_rows(class_plan):
    once = class_weighted(class_plan, rows_of(class_plan, [0, 1, 2], sample_weight=[2, 1, 1]), "balanced").weights[0]
    twice = class_weighted(class_plan, rows_of(class_plan, [0, 0, 1, 2]), "balanced").weights[0]

    np.testing.assert_allclose([once[0] / 2, *once[1:]], twice[1:], rtol=1e-6)


@pytest.mark.parametrize(
    ("units", "activation", "loss", "y"),
    [
        (1, "sigmoid", "binary_crossentropy", [False, True, True, True]),
        (1, None, "hinge", [-1, 1, 1, 1]),
        (2, "softmax", "categorical_crossentropy", [[1, 0], [0, 1], [0, 1], [0, 1]]),
    ],
)
def test_classes_of_every_loss_are_balanced(dense, plan_of, units, activation, loss, y):
    plan = plan_of(dense(units, activation, features=1), loss)

    weights = class_weighted(plan, rows_of(plan, y), "balanced").weights[0]

    np.testing.assert_allclose(weights, [2.0] + [2 / 3] * 3, rtol=1e-6)


@pytest.mark.parametrize("ignored", [-1, 0])
def test_what_is_ignored_is_not_counted_when_classes_are_balanced(plan_of, ignored):
    model = lm.Sequential([lm.Input((2, 1)), lm.layers.Dense(3, activation="softmax")])
    plan = plan_of(model, lm.losses.SparseCategoricalCrossentropy(ignore_class=ignored))
    own = [0, 1, 2] if ignored == -1 else [1, 2]
    y = [[own[0], own[-1]], [own[-1], own[-1]], [ignored, own[len(own) // 2]]]

    weights = class_weighted(plan, to_rows(plan, np.zeros((3, 2, 1)), y), "balanced").weights[0]

    totals = [weights[np.equal(y, number)].sum() for number in own]
    np.testing.assert_allclose(totals, [5 / len(own)] * len(own), rtol=1e-6)
    assert weights[2, 0] == 0


@pytest.mark.parametrize("options", [{}, {"sample_weight": [1, 1, 0]}])
def test_a_class_without_a_row_cannot_be_balanced(class_plan, options):
    y = [0, 1, 2] if options else [0, 1, 1]

    with pytest.raises(
        DataError,
        match=r"^fit\(class_weight\): expected a row of every class that counts, to balance them, got none of class 2"
        r"\.\n  Fix: write a dictionary such as \{0: 1\.0, 1: 5\.0\}",
    ):
        class_weighted(class_plan, rows_of(class_plan, y, **options), "balanced")


def test_rows_that_are_not_read_before_training_cannot_be_balanced():
    assert known_weights({0: 1.0}) == {0: 1.0}
    with pytest.raises(
        ArgumentError,
        match=r"^fit\(class_weight\): expected a dictionary beside a data set, .* got 'balanced'\.\n  Fix: count the",
    ):
        known_weights("balanced")


def test_a_class_is_called_by_its_label_or_its_number():
    assert label_of(np.int64(1), np.array(["cat", "dog"])) == "dog"
    assert label_of(np.int64(1), None) == 1
