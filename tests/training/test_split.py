import warnings

import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError, DataError, LaminaWarning
from lamina.training import to_rows
from lamina.training._split import class_weighted, split_tail, warn_of_missing_classes


@pytest.fixture(scope="module")
def classes(dense, plan_of):
    return plan_of(dense(3, "softmax", features=1), "sparse_categorical_crossentropy")


@pytest.fixture(scope="module")
def numbers(dense, plan_of):
    return plan_of(dense(features=1), "mse")


def rows_of(plan, y, **options):
    return to_rows(plan, np.arange(len(y)), y, **options)


@pytest.mark.parametrize(("count", "fraction", "kept"), [(10, 0.2, 8), (10, 0.25, 7), (3, 0.5, 1), (7, 0.1, 6)])
def test_the_last_rows_are_held_back_as_keras_does(numbers, count, fraction, kept):
    train, tail = split_tail(rows_of(numbers, np.arange(count)), fraction)

    assert train.targets[0].ravel().tolist() == list(range(kept))
    assert tail.targets[0].ravel().tolist() == list(range(kept, count))


@pytest.mark.parametrize(("count", "fraction"), [(1, 0.5), (10, 0.95), (10, 1e-20)])
def test_a_part_without_a_row_is_refused(numbers, count, fraction):
    with pytest.raises(
        DataError, match=rf"^fit\(validation_split\): expected at least one row to train on .* of {count} rows"
    ):
        split_tail(rows_of(numbers, np.arange(count)), fraction)


@pytest.mark.parametrize(
    ("y", "got"),
    [
        ([0, 1, 0, 1, 0, 1, 0, 1, 2, 2, 2, 2], "no training row of 2"),
        ([2, 2, 0, 1, 2, 0, 0, 1, 0, 1, 0, 1], "no validation row of 2"),
    ],
)
def test_sorted_data_is_warned_of(classes, y, got):
    train, tail = split_tail(rows_of(classes, y), 0.5)

    with pytest.warns(
        LaminaWarning, match=rf"^fit\(validation_split\): expected every class in both parts, got {got}\.\n  Fix"
    ):
        warn_of_missing_classes(classes, train, tail)


def test_the_warning_names_labels(classes):
    train, tail = split_tail(rows_of(classes, ["cat"] * 4 + ["dog"] * 4 + ["fox"] * 4), 0.5)

    with pytest.warns(LaminaWarning, match="no training row of 'fox'"):
        warn_of_missing_classes(classes, train, tail)


def test_the_warning_points_to_the_line_of_the_user(dense):
    model = dense(3, "softmax", features=1)
    model.compile("sgd", "sparse_categorical_crossentropy")

    with pytest.warns(LaminaWarning) as caught:
        model.fit(np.arange(12), [0] * 4 + [1] * 4 + [2] * 4, validation_split=0.5, epochs=0, verbose=0)

    assert caught[0].filename == __file__


@pytest.mark.parametrize("y", [[0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2], [0, 1, 2, 0, 1, 2, 0, 1, 1, 0]])
def test_mixed_data_and_a_tail_of_a_few_rows_are_not_warned_of(classes, y):
    train, tail = split_tail(rows_of(classes, y), 0.3)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_of_missing_classes(classes, train, tail)


def test_numbers_have_no_classes_to_lack(numbers):
    train, tail = split_tail(rows_of(numbers, np.arange(10)), 0.5)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_of_missing_classes(numbers, train, tail)


def test_every_row_gets_the_weight_of_its_class(classes):
    rows = rows_of(classes, [0, 2, 1, 2])

    assert class_weighted(classes, rows, {0: 1.0, 1: 2.0, 2: 5.0}).weights[0].tolist() == [1.0, 5.0, 2.0, 5.0]


def test_the_weight_of_the_class_multiplies_that_of_the_row(classes):
    rows = rows_of(classes, [0, 2, 1, 2], sample_weight=[1, 2, 0, 0.5])

    assert class_weighted(classes, rows, {0: 1, 1: 2, 2: 5}).weights[0].tolist() == [1.0, 10.0, 0.0, 2.5]


def test_labels_are_keys(classes):
    rows = rows_of(classes, ["cat", "fox", "dog"])

    assert class_weighted(classes, rows, {"fox": 3, "cat": 1, "dog": 2}).weights[0].tolist() == [1.0, 3.0, 2.0]


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


def test_a_class_that_the_rows_lack_may_have_a_weight(classes):
    assert class_weighted(classes, rows_of(classes, [0, 1]), {0: 1, 1: 2, 2: 5}).weights[0].tolist() == [1.0, 2.0]


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
            r"fit\(class_weight\): expected a dictionary, got \[1, 2, 3\]\.\n  Fix: write class_weight=\{0: 1\.0",
        ),
        ("balanced", r"fit\(class_weight\): expected a dictionary, got 'balanced'"),
    ],
)
def test_weights_that_do_not_fit_the_classes_are_refused(classes, weight, message):
    with pytest.raises(ArgumentError, match=f"^{message}"):
        class_weighted(classes, rows_of(classes, [0, 1, 2]), weight)


def test_a_label_written_wrongly_gets_the_nearest(classes):
    rows = rows_of(classes, ["cat", "fox", "dog"])

    with pytest.raises(ArgumentError, match="got 'foxx'.\n  Fix: did you mean 'fox'?"):
        class_weighted(classes, rows, {"cat": 1, "foxx": 1, "dog": 1})


def test_only_classes_have_weights(numbers, two_by_two, plan_of):
    several = plan_of(two_by_two, ["mse", "sparse_categorical_crossentropy"])
    rows = to_rows(several, [np.zeros((1, 2)), np.zeros((1, 3))], [[0], [0]])

    with pytest.raises(
        ArgumentError, match="expected a loss for classes, got targets that are no classes.\n  Fix: use samp"
    ):
        class_weighted(numbers, rows_of(numbers, [1.5]), {0: 1})
    with pytest.raises(ArgumentError, match="expected a model with one output, got 2 outputs"):
        class_weighted(several, rows, {0: 1})
