import numpy as np
import pytest

from lamina.errors import FormatError
from lamina.saving import packed, unpacked
from lamina.saving._strict_json import canonical, parse


def through_json(value):
    """Return a value as it comes back from a file, and the arrays beside it."""
    tensors = {}
    text = canonical(packed(value, tensors, prefix="array_", where="state"))
    return unpacked(parse(text, where="state"), tensors, where="state"), tensors


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        3,
        10**18,
        -(2**127),
        "text",
        0.1,
        1e-320,
        float("inf"),
        float("-inf"),
        [],
        {},
        [1, [2.5, None]],
        {"b": 1, "a": {}},
    ],
)
def test_plain_values_come_back_as_they_were(value):
    again, tensors = through_json(value)

    assert again == value
    assert type(again) is type(value)
    assert not tensors


def test_what_is_not_a_number_comes_back_too():
    again, _ = through_json({"loss": float("nan")})

    assert again["loss"] != again["loss"]


def test_names_keep_their_order():
    again, _ = through_json({"loss": 1, "accuracy": 2})

    assert list(again) == ["loss", "accuracy"]


def test_arrays_stand_beside_the_text():
    kernel = np.arange(6, dtype=np.float32).reshape(2, 3)

    again, tensors = through_json({"weights": {"dense": {"kernel": kernel}}, "best": np.float32(0.5)})

    assert again["weights"]["dense"]["kernel"] is kernel
    assert again["best"] == 0.5
    assert list(tensors) == ["array_0"]


@pytest.mark.parametrize(
    ("value", "where", "got"),
    [
        ({"a": [1, print]}, r"state\['a'\]\[1\]", "the function print"),
        ({"a": 10**100}, r"state\['a'\]", r"10+\.\.\. \(int\)"),
        ({"a": np.array(["text"])}, r"state\['a'\]", r"an array of shape \(1,\) and type <U4"),
        ({"a": np.ones(2, ">f4")}, r"state\['a'\]", r"an array of shape \(2,\) and type >f4"),
        ({1: 2}, "state", r"\{1: 2\}"),
        ({"a": {1, 2}}, r"state\['a'\]", r"\{1, 2\}"),
    ],
)
def test_what_no_file_carries_is_refused_by_its_place(value, where, got):
    with pytest.raises(
        FormatError, match=rf"^{where}: expected numbers, text, arrays, and lists.*, got {got}\.\n  Fix: "
    ):
        packed(value, {}, prefix="array_", where="state")


@pytest.mark.parametrize(
    "value",
    [
        {"array": "missing"},
        {"array": 3},
        {"number": "1"},
        {"integer": "1x"},
        {"integer": "1" * 101},
        {"items": 3},
        {"other": []},
        {"items": [], "more": 1},
        {},
    ],
)
def test_what_was_never_written_is_refused(value):
    with pytest.raises(FormatError, match=r"^state: expected items, a number or an array of the file, got \{"):
        unpacked(value, {}, where="state")
