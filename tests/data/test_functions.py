import operator

import numpy as np
import pytest

from lamina.data import RowBlock
from lamina.data._functions import Filter, Map
from lamina.data._source import Order
from lamina.errors import ArgumentError, DataError


def blocks():
    """Yield six rows in two blocks: x counts from 0, y is twice that."""
    for numbers in (np.arange(4), np.arange(4, 6)):
        yield RowBlock((numbers * 1.0, numbers * 2), numbers)


def after(stage):
    return list(stage.blocks(blocks(), Order(1, 0), "row {} of table.csv".format))


def mapped(function, *, by_row=False, workers=0, on_error="raise"):
    return Map(function, by_row=by_row, workers=workers, timeout=None, on_error=on_error)


def sums(x, y):
    return x + y


def test_a_function_gets_many_rows_at_once():
    first, second = after(mapped(lambda x, y: (x + y, y)))

    assert first.x.tolist() == [0, 3, 6, 9]
    assert second.y.tolist() == [8, 10]
    assert second.numbers.tolist() == [4, 5]


def test_a_function_may_take_a_row_at_a_time():
    first, _ = after(mapped(lambda x, y: ([x, x], {"double": y}), by_row=True))

    assert first.x.tolist() == [[0, 0], [1, 1], [2, 2], [3, 3]]
    assert first.y["double"].tolist() == [0, 2, 4, 6]


def test_a_function_may_leave_out_or_add_parts():
    assert after(mapped(sums))[0].y is None
    assert after(mapped(lambda x, y: (x, y, y / 2)))[0].sample_weight.tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("by_row", [False, True])
def test_processes_call_functions_that_they_can_import(by_row):
    first, second = after(mapped(operator.add, by_row=by_row, workers=1))

    assert first.x.tolist() == [0, 3, 6, 9]
    assert second.x.tolist() == [12, 15]


def test_rows_are_kept_where_a_function_says_true():
    first, second = after(Filter(lambda x, y: x % 2 == 1, by_row=False))

    assert first.numbers.tolist() == [1, 3]
    assert second.y.tolist() == [10]


def test_a_row_at_a_time_may_be_kept():
    (only,) = after(Filter(lambda x, y: bool(y > 6), by_row=True))

    assert only.numbers.tolist() == [4, 5]


def test_mapping_keeps_rows_and_filtering_does_not():
    assert (mapped(sums).rows(6), Filter(sums, by_row=False).rows(6)) == (6, None)
    assert mapped(sums, by_row=True, on_error="skip").rows(6) is None


def test_a_row_that_fails_is_named():
    with pytest.raises(
        DataError,
        match=r"map\(<lambda>\), row 3 of table.csv: expected no error, got ZeroDivisionError: .*\n.*on_error=",
    ):
        after(mapped(lambda x, y: 1 / int(x - 3), by_row=True))


def test_rows_that_fail_together_are_named_by_the_first():
    with pytest.raises(
        DataError, match=r"map\(<lambda>\), 4 rows from row 0 of table.csv: .*\n  Fix: correct the function"
    ):
        after(mapped(lambda x, y: x["a"]))


def test_a_filter_that_fails_names_the_row():
    with pytest.raises(DataError, match=r"filter\(<lambda>\), row 0 of table.csv: .*\n  Fix: correct the function"):
        after(Filter(lambda x, y: x["a"], by_row=True))


def test_rows_that_fail_may_be_left_out():
    stage = mapped(lambda x, y: (1 / int(x % 3), y), by_row=True, on_error="skip")

    first, second = after(stage)

    assert first.numbers.tolist() == [1, 2]
    assert second.numbers.tolist() == [4, 5]
    assert list(stage.skipped) == ["row 0 of table.csv", "row 3 of table.csv"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"function": 3}, r"map\(function\): expected a function, got 3.\n  Fix: pass the name of a function"),
        ({"by_row": 1}, r"map\(by_row\): expected True or False, got 1"),
        ({"workers": -1}, r"map\(workers\): expected an integer of at least 0, got -1"),
        ({"on_error": "ignore"}, r"map\(on_error\): expected 'raise' or 'skip', got 'ignore'"),
        (
            {"on_error": "skip"},
            r"map\(on_error\): expected a function that is called for each row.*\n  Fix: write by_row",
        ),
    ],
)
def test_functions_are_not_called_in_a_way_that_cannot_be(arguments, message):
    with pytest.raises(ArgumentError, match=message):
        mapped(**{"function": sums, **arguments})


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda x, y: x[1:], r"expected a row for each of the 4 rows that it is given at once, got 3.\n  Fix: write"),
        (lambda x, y: 3, r"map\(<lambda>\), x: expected rows, got 3"),
        (lambda x, y: (x, y[1:]), r"map\(<lambda>\): expected as many rows in each array, got 3 and 4"),
    ],
)
def test_a_function_that_gives_other_rows_is_refused(function, message):
    with pytest.raises(DataError, match=message):
        after(mapped(function))


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda x, y: x, r"filter\(<lambda>\): expected True or False, got values of type float64.\n  Fix: return a"),
        (lambda x, y: True, "expected a True or False for each of the 4 rows that it is given at once, got 1"),
        (lambda x, y: x[1:] > 0, "expected a True or False for each of the 4 rows that it is given at once, got 3"),
    ],
)
def test_a_filter_that_says_something_else_is_refused(function, message):
    with pytest.raises(DataError, match=message):
        after(Filter(function, by_row=False))
