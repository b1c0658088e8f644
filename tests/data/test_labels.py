import numpy as np
import pytest

from lamina.data import to_targets
from lamina.errors import DataError

pandas = pytest.importorskip("pandas", reason="labels often come in columns")
KNOWN = np.array(["cat", "dog", "fox"])


def targets(y, kind="classes", shape=(None, 2), **options):
    return to_targets(y, kind, shape, where="y", **options)


@pytest.mark.parametrize(
    "y",
    [
        ["dog", "cat", "dog"],
        [["dog"], ["cat"], ["dog"]],
        np.array(["dog", "cat", "dog"], dtype=object),
        np.array(["dog", "cat", "dog"], dtype=np.dtypes.StringDType()),
        pandas.Series(["dog", "cat", "dog"]),
        pandas.Series(["dog", "cat", "dog"], dtype="category"),
        pandas.DataFrame({"kind": ["dog", "cat", "dog"]}),
    ],
    ids=["list", "column", "objects", "strings", "series", "category", "frame"],
)
def test_text_is_numbered_in_alphabetical_order_and_remembered(y):
    found = targets(y)

    assert found.values.tolist() == [1, 0, 1]
    assert found.classes.tolist() == ["cat", "dog"]


@pytest.mark.parametrize(
    ("kind", "shape", "expected"),
    [
        ("one_hot", (None, 2), [[0.0, 1.0], [1.0, 0.0]]),
        ("binary", (None, 1), [[1.0], [0.0]]),
        ("sign", (None, 1), [[1.0], [-1.0]]),
    ],
)
def test_each_loss_gets_labels_in_its_own_form(kind, shape, expected):
    assert targets(["dog", "cat"], kind, shape).values.tolist() == expected


def test_bytes_are_labels():
    found = targets(np.array([b"no", b"yes"]))

    assert (found.values.tolist(), found.classes.tolist()) == ([0, 1], [b"no", b"yes"])


def test_each_time_step_may_have_a_label():
    found = targets([["dog", "cat"], ["cat", "cat"]], shape=(None, 2, 2))

    assert found.values.tolist() == [[1, 0], [0, 0]]


@pytest.mark.parametrize(
    ("kind", "shape", "expected"),
    [("classes", (None, 2), [1, 1]), ("binary", (None, 1), [[1.0], [1.0]]), ("sign", (None, 1), [[1.0], [1.0]])],
)
def test_booleans_are_two_classes_even_where_only_one_is_seen(kind, shape, expected):
    found = targets([True, True], kind, shape)

    assert found.values.tolist() == expected
    assert found.classes.tolist() == [False, True]


def test_booleans_for_several_outputs_are_numbers():
    found = targets(np.array([[True, False, True]]), "binary", (None, 3))

    assert (found.values.tolist(), found.classes) == ([[1.0, 0.0, 1.0]], None)


def test_known_labels_keep_their_numbers_where_some_are_missing():
    found = targets(["fox", "cat"], shape=(None, 3), classes=KNOWN)

    assert found.values.tolist() == [2, 0]
    assert found.classes is KNOWN


def test_one_hot_rows_are_in_the_order_of_the_known_labels():
    found = targets([[0, 0, 1]], shape=(None, 3), classes=KNOWN)

    assert found.values.tolist() == [2]
    assert found.classes is KNOWN


@pytest.mark.parametrize(
    ("y", "got"),
    [(["cat", "cow"], "'cow' in row 1"), (["zebra"], "'zebra' in row 0"), ([0, 1], "0 in row 0"), ([True], "True in")],
)
def test_a_label_that_was_not_seen_in_training_is_refused(y, got):
    with pytest.raises(
        DataError, match=f"^y: expected the labels seen in training, got {got}.*\n  Fix: use the labels 'cat'"
    ):
        targets(y, shape=(None, 3), classes=KNOWN)


@pytest.mark.parametrize(
    ("y", "kind", "shape", "message"),
    [
        (["a", "b"], "classes", (None, 3), r"3 different labels, one for each output, got 2 \('a', 'b'\)"),
        (
            ["a", "b", "c"],
            "binary",
            (None, 1),
            r"2 different labels, got 3 .*\n  Fix: give the last layer 3 units and a soft",
        ),
        (
            ["a", "a"],
            "classes",
            (None, 2),
            r"2 different labels.*, got 1 \('a'\)\.\n  Fix: train on rows of every class",
        ),
        (list("abcdefg"), "one_hot", (None, 2), r"2 different .* got 7 \('a', 'b', 'c', 'd', 'e', \.\.\.\)"),
        ([True, False], "classes", (None, 3), r"3 different labels.*, got 2 \(False, True\)"),
    ],
)
def test_there_must_be_as_many_labels_as_classes(y, kind, shape, message):
    with pytest.raises(DataError, match=f"^y: expected {message}"):
        targets(y, kind, shape)


def test_labels_for_several_yes_or_no_outputs_are_refused():
    with pytest.raises(DataError, match=r"^y: expected targets of shape \(rows, 3\), as the output has, got \(2,\)"):
        targets(["a", "b"], "binary", (None, 3))


@pytest.mark.parametrize("missing", [None, float("nan"), pandas.NA])
def test_a_missing_label_is_refused(missing):
    with pytest.raises(
        DataError, match=r"^y: expected a label in every row, got (None|nan|<NA>) in row 1\.\n  Fix: drop"
    ):
        targets(np.array(["a", missing, "b"], dtype=object))


@pytest.mark.parametrize("kind", ["numbers", "nonnegative", "any"])
def test_labels_are_refused_by_a_loss_for_numbers(kind):
    with pytest.raises(
        DataError, match="^y: expected numbers, as the loss asks for, got text such as 'a'.\n  Fix: use a "
    ):
        targets(["a", "b"], kind, (None, 1))
