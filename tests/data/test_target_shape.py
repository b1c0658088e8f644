import numpy as np
import pytest

from lamina.data import to_targets
from lamina.errors import DataError


@pytest.mark.parametrize(
    ("given", "output"),
    [
        ((4,), (None, 1)),
        ((4, 1), (None, 1)),
        ((4, 1), (None,)),
        ((4, 3), (None, 3)),
        ((4, 7), (None, 7, 1)),
        ((4, 7, 2), (None, None, 2)),
    ],
)
def test_targets_take_the_shape_of_the_output(given, output):
    values = np.arange(np.prod(given), dtype=float).reshape(given)

    found = to_targets(values, "numbers", output, where="y").values

    assert found.ndim == len(output)
    np.testing.assert_array_equal(found.ravel(), values.ravel())


@pytest.mark.parametrize(
    ("given", "output", "expected", "fix"),
    [
        ((4, 2), (None, 1), r"\(rows, 1\)", "give the last layer 2 units, or select the columns"),
        ((4,), (None, 3), r"\(rows, 3\)", 'give one column for each output; class numbers need the loss "sparse_cat'),
        ((4, 1), (None, 3), r"\(rows, 3\)", "give the last layer 1 units"),
        ((4, 28, 28), (None, 10), r"\(rows, 10\)", "reshape the targets, or change the last layer"),
        ((4, 6, 2), (None, None, 3), r"\(rows, any, 3\)", "give the last layer 2 units"),
        ((4,), (None, 28, 3), r"\(rows, 28, 3\)", r"put Flatten\(\) before the first Dense"),
        ((4, 2), (None,), r"\(rows,\)", "reshape the targets"),
    ],
)
def test_another_shape_is_refused_and_never_broadcast(given, output, expected, fix):
    with pytest.raises(
        DataError, match=rf"^y: expected targets of shape {expected}, as the output has, got .*\n  Fix: {fix}"
    ):
        to_targets(np.zeros(given), "numbers", output, where="y")
