import numpy as np
import pytest

from lamina.errors import ArgumentError, DataError
from lamina.training._matching import check_known, check_lengths, matched, parts_of

NAMES = ("price", "kind")


def match(given, names=NAMES):
    return matched(given, names, where="compile(loss)", noun="output", error=ArgumentError)


@pytest.mark.parametrize("given", [["mse", "hinge"], ("mse", "hinge"), {"kind": "hinge", "price": "mse"}])
def test_what_is_given_is_put_in_the_order_of_the_names(given):
    assert match(given) == ["mse", "hinge"]


def test_one_thing_needs_no_list():
    assert match("mse", ("price",)) == ["mse"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["mse"], r"expected 2, one for each output \(price, kind\), got 1\.\n  Fix: give a list in this order"),
        ("mse", "expected 2, one for each output .*, got 1"),
        ({"price": 1, "kidn": 2}, "expected the outputs 'price' and 'kind', got 'kidn'.\n  Fix: did you mean 'kind'?"),
        ({"price": 1, "kind": 2, "zzz": 3}, ".* got 'zzz'.\n  Fix: remove it from the dictionary"),
        (
            {"price": 1},
            "expected something for each output, got nothing for 'kind'.\n  Fix: add 'kind' to the dictionary",
        ),
    ],
)
def test_what_does_not_match_is_refused(given, message):
    with pytest.raises(ArgumentError, match=rf"^compile\(loss\): {message}"):
        match(given)


def test_a_single_name_is_named_alone():
    with pytest.raises(DataError, match="^x: expected the input 'image', got 'imgae'.\n  Fix: did you mean 'image'?"):
        check_known({"imgae": 1}, ["image"], where="x", noun="input", error=DataError)


def test_errors_name_the_parts_of_several():
    parts = parts_of([1, 2], NAMES, where="y", noun="output")

    assert parts == {"y['price']": 1, "y['kind']": 2}


@pytest.mark.parametrize("wrap", [lambda array: array, lambda array: [array], lambda array: {"x": array}])
def test_one_array_may_stand_alone_or_in_a_list_or_dictionary(wrap):
    array = np.zeros((4, 3))

    assert parts_of(wrap(array), ("x",), where="x", noun="input")["x"] is array


def test_a_list_with_one_row_is_not_taken_for_a_list_of_arrays():
    row = [np.zeros(3)]

    assert parts_of(row, ("x",), where="x", noun="input")["x"] is row


def test_arrays_of_different_lengths_are_refused():
    with pytest.raises(
        DataError, match=r"^y: expected as many rows as x has \(1,200\), got 3\.\n  Fix: make sure that both"
    ):
        check_lengths({"x": np.zeros(1200), "y": np.zeros(3)})
