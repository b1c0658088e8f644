import warnings

import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError, DataError, LaminaWarning
from lamina.training import to_rows
from lamina.training._split import Split, split_stratified, split_tail, to_split, warn_of_missing_classes


def rows_of(plan, y, **options):
    return to_rows(plan, np.arange(len(y)), y, **options)


@pytest.mark.parametrize(("count", "fraction", "kept"), [(10, 0.2, 8), (10, 0.25, 7), (3, 0.5, 1), (7, 0.1, 6)])
def test_the_last_rows_are_held_back_as_keras_does(number_plan, count, fraction, kept):
    train, tail = split_tail(rows_of(number_plan, np.arange(count)), fraction)

    assert train.targets[0].ravel().tolist() == list(range(kept))
    assert tail.targets[0].ravel().tolist() == list(range(kept, count))


@pytest.mark.parametrize(("count", "fraction"), [(1, 0.5), (10, 0.95), (10, 1e-20)])
def test_a_part_without_a_row_is_refused(number_plan, count, fraction):
    with pytest.raises(
        DataError, match=rf"^fit\(validation_split\): expected at least one row to train on .* of {count} rows"
    ):
        split_tail(rows_of(number_plan, np.arange(count)), fraction)


@pytest.mark.parametrize(
    ("y", "got"),
    [
        ([0, 1, 0, 1, 0, 1, 0, 1, 2, 2, 2, 2], "no training row of 2"),
        ([2, 2, 0, 1, 2, 0, 0, 1, 0, 1, 0, 1], "no validation row of 2"),
    ],
)
def test_sorted_data_is_warned_of(class_plan, y, got):
    train, tail = split_tail(rows_of(class_plan, y), 0.5)

    with pytest.warns(
        LaminaWarning, match=rf"^fit\(validation_split\): expected every class in both parts, got {got}\.\n  Fix"
    ):
        warn_of_missing_classes(class_plan, train, tail)


def test_the_warning_names_labels(class_plan):
    train, tail = split_tail(rows_of(class_plan, ["cat"] * 4 + ["dog"] * 4 + ["fox"] * 4), 0.5)

    with pytest.warns(LaminaWarning, match="no training row of 'fox'"):
        warn_of_missing_classes(class_plan, train, tail)


def test_the_warning_points_to_the_line_of_the_user(dense):
    model = dense(3, "softmax", features=1)
    model.compile("sgd", "sparse_categorical_crossentropy")

    with pytest.warns(LaminaWarning) as caught:
        model.fit(np.arange(12), [0] * 4 + [1] * 4 + [2] * 4, validation_split=0.5, epochs=0, verbose=0)

    assert caught[0].filename == __file__


@pytest.mark.parametrize("y", [[0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2], [0, 1, 2, 0, 1, 2, 0, 1, 1, 0]])
def test_mixed_data_and_a_tail_of_a_few_rows_are_not_warned_of(class_plan, y):
    train, tail = split_tail(rows_of(class_plan, y), 0.3)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_of_missing_classes(class_plan, train, tail)


def test_numbers_have_no_classes_to_lack(number_plan):
    train, tail = split_tail(rows_of(number_plan, np.arange(10)), 0.5)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_of_missing_classes(number_plan, train, tail)


def held_by_class(plan, y, fraction, *, seed=1):
    """Return how many rows of each class are held back, and the numbers of all that are."""
    rows = rows_of(plan, y)
    train, held = split_stratified(plan, rows, fraction, seed=seed)
    numbers = held.inputs[0].ravel().astype(int).tolist()
    assert sorted(train.inputs[0].ravel().astype(int).tolist() + numbers) == list(range(len(rows)))
    return {label: [y[number] for number in numbers].count(label) for label in set(y)}, numbers


@pytest.mark.parametrize(
    ("given", "wanted"),
    [(0.2, Split(0.2)), (0, Split(0)), ("stratified:0.25", Split(0.25, is_stratified=True))],
)
def test_a_split_is_a_number_or_says_that_it_is_stratified(given, wanted):
    assert to_split(given) == wanted


@pytest.mark.parametrize("given", ["0.2", "stratified", "stratified:", "stratified:1", "stratified:0", "even:0.2"])
def test_another_text_is_refused(given):
    with pytest.raises(
        ArgumentError,
        match=rf'^fit\(validation_split\): expected a number, or "stratified:" and a number .*, got \'{given}\'\.'
        r'\n  Fix: write validation_split="stratified:0\.2"\.',
    ):
        to_split(given)


@pytest.mark.parametrize("names", [[0, 1, 2], ["cat", "dog", "fox"]])
def test_each_class_keeps_its_share(class_plan, names):
    y = [names[0]] * 50 + [names[1]] * 20 + [names[2]] * 10  # sorted: the last rows would all be of one class

    counts, _ = held_by_class(class_plan, y, 0.2)

    assert counts == {names[0]: 10, names[1]: 4, names[2]: 2}


@pytest.mark.parametrize(
    ("units", "activation", "loss", "y"),
    [
        (1, "sigmoid", "binary_crossentropy", [False] * 10 + [True] * 5),
        (1, None, "hinge", [-1] * 10 + [1] * 5),
        (2, "softmax", "categorical_crossentropy", [[1, 0]] * 10 + [[0, 1]] * 5),
    ],
)
def test_targets_of_every_kind_are_divided_by_class(dense, plan_of, units, activation, loss, y):
    plan = plan_of(dense(units, activation, features=1), loss)

    _, held = split_stratified(plan, rows_of(plan, y), 0.2, seed=1)

    assert sorted(held.inputs[0].ravel() >= 10) == [False, False, True]


@pytest.mark.parametrize(("fraction", "held"), [(0.01, 1), (0.99, 2)])
def test_a_small_class_has_a_row_on_either_side(class_plan, fraction, held):
    counts, _ = held_by_class(class_plan, [0, 0, 0, 1, 1, 1, 2, 2, 2], fraction)

    assert counts == {0: held, 1: held, 2: held}


def test_the_seed_decides_which_rows_are_held_back(class_plan):
    y = [0, 1, 2] * 20

    first, again, other = (held_by_class(class_plan, y, 0.5, seed=seed)[1] for seed in (1, 1, 2))

    assert first == again == sorted(first)
    assert first != other


def test_a_class_of_one_row_cannot_be_on_both_sides(class_plan):
    y = ["cat", "dog", "fox", "cat", "dog"]

    with pytest.raises(
        DataError,
        match=r"^fit\(validation_split\): expected at least two rows of each class, one for each part, got one of "
        r"class 'fox', row 2\.\n  Fix: leave this row out, or write a number such as validation_split=0\.2",
    ):
        held_by_class(class_plan, y, 0.4)


def test_numbers_steps_and_several_outputs_have_no_one_class_to_divide_by(number_plan, two_by_two, plan_of):
    several = plan_of(two_by_two, ["mse", "sparse_categorical_crossentropy"])
    steps = plan_of(
        lm.Sequential([lm.Input((2, 1)), lm.layers.Dense(3, activation="softmax")]), "sparse_categorical_crossentropy"
    )
    cases = {
        "targets that are no classes": (number_plan, rows_of(number_plan, [1.5, 2.5])),
        "2 outputs": (several, to_rows(several, [np.zeros((1, 2)), np.zeros((1, 3))], [[0], [0]])),
        "a class for each place in a row": (steps, to_rows(steps, np.zeros((1, 2, 1)), [[0, 1]])),
    }

    for got, (plan, rows) in cases.items():
        with pytest.raises(
            ArgumentError, match=rf"split\): expected one class a row, to divide by, got {got}\.\n  Fix: "
        ):
            split_stratified(plan, rows, 0.5, seed=1)
