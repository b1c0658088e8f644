import numpy as np
import pytest

from lamina.errors import ArgumentError, ShapeError
from lamina.layers import Weight
from lamina.models._weights import matched

DECLARED = {"a": {"kernel": Weight((2, 3)), "bias": Weight((3,))}, "b": {"scale": Weight(())}}


def test_some_weights_may_be_given_by_name():
    found = matched(DECLARED, {"b": {"scale": 2}, "a": {"bias": [1, 2, 3]}})

    assert {place: array.tolist() for place, array in found.items()} == {
        ("b", "scale"): 2.0,
        ("a", "bias"): [1.0, 2.0, 3.0],
    }


def test_all_weights_may_be_given_in_order():
    found = matched(DECLARED, [np.zeros((2, 3)), np.ones(3), np.float64(4)])

    assert list(found) == [("a", "kernel"), ("a", "bias"), ("b", "scale")]
    assert all(array.dtype == np.float32 for array in found.values())


def test_arrays_are_copied():
    given = np.ones(3, np.float32)

    found = matched(DECLARED, {"a": {"bias": given}})
    given[:] = 7

    assert found["a", "bias"].tolist() == [1, 1, 1]


def test_whole_numbers_stay_whole_numbers():
    declared = {"a": {"kernel": Weight((3,), "zeros", dtype="int8", trainable=False)}}

    found = matched(declared, {"a": {"kernel": [-128.0, 0.0, 127.0]}})

    assert (found["a", "kernel"].tolist(), found["a", "kernel"].dtype) == ([-128, 0, 127], "int8")
    for other in (0.5, 128, -129, np.nan, np.inf):
        with pytest.raises(
            ArgumentError, match="a/kernel: expected whole numbers from -128 to 127, as the layer is qu"
        ):
            matched(declared, {"a": {"kernel": [0, other, 0]}})


@pytest.mark.parametrize(
    ("weights", "error", "message"),
    [
        ({"a": {"kernal": 1}}, ArgumentError, r"got 'a/kernal'\.\n  Fix: did you mean 'a/kernel'"),
        ({"zzz": {"w": 1}}, ArgumentError, r"got 'zzz/w'\.\n  Fix: look at the names in get_weights"),
        ({"a": [1, 2]}, ArgumentError, r"set_weights\('a'\): expected the weights of a layer by name, got \[1, 2\]"),
        ([1, 2], ArgumentError, "or a list of 3 arrays in order, got a list of 2"),
        (5, ArgumentError, "or a list of 3 arrays in order, got 5"),
        ({"a": {"bias": [1, 2]}}, ShapeError, r"a/bias: expected an array of shape \(3,\), got \(2,\)"),
        ({"a": {"bias": ["x", "y", "z"]}}, ArgumentError, "a/bias: expected an array of numbers"),
        ({"a": {"bias": [[1], [2, 3]]}}, ArgumentError, "a/bias: expected an array of numbers"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(weights, error, message):
    with pytest.raises(error, match=message):
        matched(DECLARED, weights)
