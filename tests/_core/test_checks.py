import math
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from lamina._core import checks
from lamina.errors import ArgumentError, DataError, FormatError


def test_a_problem_has_one_form():
    error = checks.problem(DataError, "x", expected="rows", got="none", fix="pass some.")

    assert isinstance(error, DataError)
    assert str(error) == "x: expected rows, got none.\n  Fix: pass some."


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (3, "3"),
        ("a", "'a'"),
        (None, "None"),
        (np.zeros((2, 3)), "an array of shape (2, 3) and type float64"),
        (np.float32(0.5), "0.5"),
        (np.array(7), "7"),
        (len, "the function len"),
        (dict, "the class dict"),
        (list(range(1000)), "[0, 1, 2,"),
    ],
)
def test_values_are_described_as_one_would_write_them(value, words):
    assert checks.plain(value).startswith(words)


def test_long_values_are_cut_and_data_is_never_shown():
    assert len(checks.plain("x" * 1000)) < 100
    assert checks.plain("x" * 1000).endswith("... (str)")


@pytest.mark.parametrize(
    ("words", "sentence"), [([], "nothing"), (["a"], "'a'"), (["a", "b"], "'a' or 'b'"), ("abc", "'a', 'b' or 'c'")]
)
def test_words_are_joined_for_a_sentence(words, sentence):
    assert checks.listed(words) == sentence


@pytest.mark.parametrize(
    ("index", "words"), [((3,), "row 3"), ((3, 5), "row 3, column 5"), ((3, 5, 7), "row 3, place (5, 7)")]
)
def test_a_place_in_an_array_is_named(index, words):
    assert checks.located(index) == words


@pytest.mark.parametrize(
    ("word", "found"), [("rleu", "relu"), ("ADAMX", "adamax"), ("adma", "adam"), ("Tanh", "tanh"), ("xyz", None)]
)
def test_the_nearest_word_is_found(word, found):
    assert checks.nearest(word, ["relu", "tanh", "selu6", "adamax", "adam"]) == found


@pytest.mark.parametrize("value", [1, 10**12, np.int64(3)])
def test_whole_numbers_pass(value):
    checks.integer("units", value)


@pytest.mark.parametrize("value", [0, -1, 1.0, "1", True, None, np.float32(1), np.array([1])])
def test_what_is_no_positive_integer_is_refused(value):
    with pytest.raises(
        ArgumentError, match="units: expected a positive integer, got .*\n  Fix: give a positive integer"
    ):
        checks.integer("units", value)


@pytest.mark.parametrize(("least", "kind"), [(0, "an integer of at least 0"), (2, "an integer of at least 2")])
def test_the_least_integer_is_named(least, kind):
    checks.integer("n", least, least=least)
    with pytest.raises(ArgumentError, match=f"n: expected {kind}"):
        checks.integer("n", least - 1, least=least)


@pytest.mark.parametrize("value", [0, 0.5, 1, np.float32(0.25), Fraction(1, 3), np.int8(1)])
def test_numbers_within_bounds_pass(value):
    checks.number("rate", value, low=0, high=1)


@pytest.mark.parametrize(
    ("bounds", "value", "kind"),
    [
        ({}, math.nan, "a finite number"),
        ({}, math.inf, "a finite number"),
        ({}, "1", "a finite number"),
        ({}, True, "a finite number"),
        ({}, 1j, "a finite number"),
        ({"low": 0}, -1e-9, "a finite number of at least 0"),
        ({"low": 0, "open_low": True}, 0, "a finite number above 0"),
        ({"high": 1}, 1.1, "a finite number of at most 1"),
        ({"low": 0, "high": 1, "open_high": True}, 1, "a finite number of at least 0 and below 1"),
    ],
)
def test_numbers_out_of_bounds_are_refused(bounds, value, kind):
    with pytest.raises(ArgumentError, match=f"rate: expected {kind}, got"):
        checks.number("rate", value, **bounds)


def test_only_true_and_false_are_booleans():
    checks.boolean("use_bias", True)
    with pytest.raises(ArgumentError, match="use_bias: expected True or False, got 1"):
        checks.boolean("use_bias", 1)


def test_a_choice_suggests_the_nearest_word_or_lists_them():
    checks.choice("padding", "same", ["same", "valid"])
    with pytest.raises(
        ArgumentError, match="padding: expected 'same' or 'valid', got 'sane'.\n  Fix: did you mean 'same'"
    ):
        checks.choice("padding", "sane", ["same", "valid"])
    with pytest.raises(ArgumentError, match="Fix: choose one of 'same' or 'valid'"):
        checks.choice("padding", 3, ["same", "valid"])


@pytest.mark.parametrize("value", ["run", Path("run")])
def test_paths_are_text_or_objects(value):
    assert checks.path("fit(checkpoint)", value, of="folder", example="run") == Path("run")


@pytest.mark.parametrize("value", ["", b"run", 5, None, ["run"]])
def test_what_is_no_path_is_refused(value):
    message = (
        rf"^fit\(checkpoint\): expected the path of a folder, got {re.escape(repr(value))}\.\n  Fix: write .*\"run\"\.$"
    )

    with pytest.raises(ArgumentError, match=message):
        checks.path("fit(checkpoint)", value, of="folder", example="run")


@pytest.mark.parametrize(("value", "found"), [(3, (3,)), ([2, 3], (2, 3)), ((), ()), (np.int64(4), (4,))])
def test_shapes_become_tuples(value, found):
    assert checks.shape("shape", value) == found


def test_unknown_sizes_are_allowed_on_request():
    assert checks.shape("shape", (None, 3), allow_unknown=True) == (None, 3)
    with pytest.raises(ArgumentError, match="shape: expected a tuple of positive integers, got"):
        checks.shape("shape", (None, 3))


@pytest.mark.parametrize("value", [0, (0,), (1.5,), "12", (True,), None])
def test_what_is_no_shape_is_refused(value):
    with pytest.raises(ArgumentError, match=r"positive integers \(None where the size may vary\)"):
        checks.shape("shape", value if value is not None else "none", allow_unknown=True)


@pytest.mark.parametrize(
    "error", [ArgumentError("units: expected more, got less.\n  Fix: add."), ZeroDivisionError("0")]
)
def test_what_goes_wrong_with_a_file_is_said_of_the_file(error):
    with pytest.raises(FormatError, match="^graph.layers") as caught, checks.refusing("graph.layers[0]"):
        raise error

    assert caught.value.__cause__ is error


def test_a_place_that_an_error_names_already_is_not_named_twice():
    with pytest.raises(FormatError, match="^fit: fitness: expected"), checks.refusing("fit"):
        raise ArgumentError("fitness: expected 1, got 2.\n  Fix: write 1.")
    with pytest.raises(FormatError, match="^fit: kernel: expected"), checks.refusing("fit"):
        raise ArgumentError("fit: kernel: expected shape (2,), got (3,).\n  Fix: build it with 2 units.")
