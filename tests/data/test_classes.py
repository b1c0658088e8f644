import numpy as np
import pytest

from lamina.data import class_numbers, one_hot, to_targets
from lamina.errors import DataError

THREE = (None, 3)


def numbers(y, shape=THREE, **options):
    return to_targets(y, "classes", shape, where="y", **options).values


def rows(y, shape=THREE):
    return to_targets(y, "one_hot", shape, where="y").values


@pytest.mark.parametrize(
    "y",
    [
        [2, 0],
        [2.0, 0.0],
        [[2], [0]],
        np.array([2, 0], np.uint8),
        [[0, 0, 1], [1, 0, 0]],
        np.array([[0, 0, 1], [1, 0, 0]], dtype=bool),
    ],
    ids=["integers", "floats", "column", "bytes", "one_hot", "boolean_one_hot"],
)
def test_classes_may_be_given_in_any_form(y):
    found = numbers(y)

    assert found.dtype == np.int32
    assert found.tolist() == [2, 0]
    assert rows(y).tolist() == [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    assert rows(y).dtype == np.float32


def test_each_time_step_may_have_a_class():
    assert numbers([[0, 1], [2, 2]], (None, 2, 3)).tolist() == [[0, 1], [2, 2]]
    assert rows([[0, 1]], (None, 2, 3)).tolist() == [[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]]


def test_one_hot_rows_of_many_classes_take_no_square_of_memory():
    found = one_hot(np.array([49_999]), 50_000)

    assert found.shape == (1, 50_000)
    assert found[0, 49_999] == found.sum() == 1


@pytest.mark.parametrize(
    ("y", "got", "fix"),
    [
        ([0, 3], "3 in row 1", "give the last layer 4 units, or correct the labels"),
        ([1, 2, 3], "3 in row 2", "subtract 1 from the labels"),
        ([-1, 0], "-1 in row 0", "class numbers count from 0; other targets need another loss"),
        ([0.5, 1], "0.5 in row 0", "class numbers count from 0"),
        ([[0], [7]], "7 in row 1", "give the last layer 8 units"),
        (np.array([255, 0], np.uint8), "255 in row 0", "give the last layer 256 units"),
    ],
)
@pytest.mark.parametrize("convert", [numbers, rows])
def test_a_number_that_is_no_class_is_refused(convert, y, got, fix):
    with pytest.raises(DataError, match=rf"^y: expected class numbers from 0 to 2, got {got}\.\n  Fix: {fix}"):
        convert(y)


@pytest.mark.parametrize("y", [[-1, 2, 0], np.array([255, 2, 0], np.uint8), np.array([[-1], [2], [0]])])
def test_the_ignored_class_needs_not_be_one(y):
    ignored = int(np.ravel(y)[0])

    assert numbers(y, ignored=ignored).tolist() == [ignored, 2, 0]


def test_another_number_is_refused_beside_the_ignored_class():
    with pytest.raises(DataError, match="got -2 in row 1"):
        numbers([-1, -2, 0], ignored=-1)


def test_at_least_one_target_must_not_be_ignored():
    with pytest.raises(
        DataError, match=r"^y: expected at least one class that counts beside ignore_class=-1, got none"
    ):
        numbers([-1, -1], ignored=-1)


@pytest.mark.parametrize(
    ("y", "got"),
    [
        ([[1, 1, 0]], "numbers from 0 to 1 with a sum of 2 in row 0"),
        ([[1, 0, 0], [2, -1, 0]], "numbers from -1 to 2 with a sum of 1 in row 1"),
        ([[0, 0, 0]], "numbers from 0 to 0 with a sum of 0 in row 0"),
    ],
)
def test_rows_that_are_no_probabilities_are_refused(y, got):
    expected = "class probabilities of at least 0 that sum to 1 in each row"
    with pytest.raises(DataError, match=f"^y: expected {expected}, got {got}.\n  Fix: give one-hot rows or class"):
        rows(y)


def test_soft_rows_are_targets_of_one_loss_and_not_of_the_other():
    soft = [[0.2, 0.3, 0.5]]

    np.testing.assert_allclose(rows(soft), soft)
    with pytest.raises(
        DataError, match=r"^y: expected one-hot rows, got numbers from 0\.2 to 0\.5 with a sum of 1 in row"
    ):
        numbers(soft)


def test_one_hot_rows_of_more_classes_want_more_units():
    with pytest.raises(DataError, match="Fix: give the last layer 4 units for one-hot rows of as many classes"):
        numbers(np.eye(4))


@pytest.mark.parametrize("shape", [(4, 2), (4, 3, 1, 1)])
def test_another_shape_is_refused(shape):
    with pytest.raises(DataError, match=r"^y: expected targets of shape \(rows.*, got \(4, .*\n  Fix: "):
        numbers(np.zeros(shape))


@pytest.mark.parametrize(
    ("targets", "kind", "expected"),
    [
        ([2, 0], "classes", [2, 0]),
        ([[0.0, 1.0], [1.0, 0.0]], "one_hot", [1, 0]),
        ([[0.0], [1.0]], "binary", [0, 1]),
        ([[-1.0], [1.0]], "sign", [0, 1]),
        ([[0.3]], "binary", None),
        ([[0.0, 1.0]], "binary", None),
        ([[3.0]], "numbers", None),
    ],
)
def test_checked_targets_tell_their_classes(targets, kind, expected):
    found = class_numbers(np.array(targets), kind)

    assert (None if found is None else found.tolist()) == expected


def test_a_forgotten_flatten_is_found_out():
    with pytest.raises(DataError, match=r"shape \(rows, 28\).*got \(4,\)\.\n  Fix: put Flatten\(\) before"):
        to_targets(np.arange(4), "classes", (None, 28, 10), where="y")


def test_labels_with_gaps_are_to_be_numbered():
    with pytest.raises(DataError, match=r"got 3 in row 0\.\n  Fix: .*np\.unique\(y, return_inverse=True\)\[1\]"):
        to_targets(np.array([3, 7, 90000]), "classes", (None, 3), where="y")
