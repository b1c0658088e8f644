import numpy as np
import pytest

from lamina.data import to_targets
from lamina.errors import DataError


@pytest.mark.parametrize("kind", ["numbers", "nonnegative", "binary"])
def test_numbers_become_float32(kind):
    found = to_targets(np.array([0, 1], np.int64), kind, (None, 1), where="y")

    assert found.values.dtype == np.float32
    assert found.values.tolist() == [[0.0], [1.0]]
    assert found.classes is None


@pytest.mark.parametrize(
    ("y", "expected"), [([0, 1], [-1, 1]), ([-1, 1], [-1, 1]), ([1, 1], [1, 1]), ([0, 0], [-1, -1])]
)
def test_two_classes_are_told_apart_by_their_sign(y, expected):
    assert to_targets(y, "sign", (None, 1), where="y").values.ravel().tolist() == expected


def test_probabilities_are_targets_of_yes_or_no():
    np.testing.assert_allclose(to_targets([0.0, 0.25, 1.0], "binary", (None, 1), where="y").values[:, 0], [0, 0.25, 1])


@pytest.mark.parametrize(
    ("kind", "y", "message"),
    [
        (
            "binary",
            [0, 2],
            "0, 1 or a probability between them, got 2 in row 1.\n  Fix: code the two classes as 0 and 1",
        ),
        ("binary", [[0, 1], [1, -0.5]], "0, 1 or a probability between them, got -0.5 in row 1, column 1"),
        ("sign", [-1, 0, 1], r"-1 or 1 \(or 0 and 1\), got 0 in row 1"),
        (
            "nonnegative",
            [1, -3],
            "numbers of at least 0, got -3 in row 1.\n  Fix: correct the negative numbers, or use",
        ),
        ("numbers", [1, np.nan], "finite numbers, got nan in row 1"),
        ("any", [np.inf], "finite numbers, got inf in row 0"),
        ("classes", [0, np.nan], "finite numbers, got nan in row 1"),
    ],
)
def test_numbers_that_the_loss_cannot_take_are_refused(kind, y, message):
    shape = (None, 2) if np.ndim(y) == 2 or kind == "classes" else (None, 1)

    with pytest.raises(DataError, match=f"^y: expected {message}"):
        to_targets(y, kind, shape, where="y")


@pytest.mark.parametrize("kind", ["numbers", "classes"])
def test_a_missing_number_is_named_by_the_label_of_its_row(kind):
    pandas = pytest.importorskip("pandas")

    with pytest.raises(DataError, match=r"^y: expected finite numbers, got nan in row 1 \(labelled 'Eve'\)"):
        to_targets(pandas.Series([1.0, np.nan], index=["Ann", "Eve"]), kind, (None, 1), where="y")


def test_a_loss_of_ones_own_gets_the_numbers_in_the_shape_they_have():
    found = to_targets(np.array([[1, 255]], np.uint8), "any", (None, 4), where="y")

    assert found.values.dtype == np.float32  # 1 - y would wrap around in bytes
    assert found.values.tolist() == [[1.0, 255.0]]
