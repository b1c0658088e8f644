import datetime
import decimal

import numpy as np
import pytest

from lamina.data._table_columns import table_columns
from lamina.errors import DataError

arrow = pytest.importorskip("pyarrow")

BATCH = arrow.record_batch(
    {
        "age": arrow.array([31, 45, 27]),
        "rooms": arrow.array([2, None, 3]),
        "price": arrow.array([1.5, 2.5, 3.5]),
        "cost": arrow.array([decimal.Decimal("1.25")] * 3),
        "sold": arrow.array([True, False, True]),
        "town": arrow.array(["Ulm", None, "Bonn"]),
        "kind": arrow.array(["a", "b", "a"]).dictionary_encode(),
        "level": arrow.array([4.0, 5.0, 4.0]).dictionary_encode(),
        "vector": arrow.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], arrow.list_(arrow.float32(), 2)),
        "day": arrow.array([datetime.date(2026, 1, 1)] * 3),
        "huge": arrow.array([1e300, 0.0, 1.0]),
    }
)


def parts(x=None, y=None, sample_weight=None):
    return table_columns(BATCH.schema, x, y, sample_weight, where="from_parquet").parts(BATCH)


def test_columns_become_an_array_side_by_side():
    x, y = parts(["age", "price", "sold"], "price")

    assert x.dtype == np.float32
    assert x.tolist() == [[31, 1.5, 1], [45, 2.5, 0], [27, 3.5, 1]]
    assert y.tolist() == [1.5, 2.5, 3.5]


def test_whole_numbers_stay_whole_as_they_may_be_tokens():
    x, alone = parts(["age", "sold"], "age")

    assert (x.dtype, alone.dtype) == (np.int64, np.int64)


@pytest.mark.parametrize("columns", [["rooms"], ["rooms", "age"], ["rooms", "price"]], ids=str)
def test_what_is_missing_is_not_a_number(columns):
    (x,) = parts(columns)

    assert np.isnan(x[1, 0])
    assert np.isfinite(np.delete(x, 1, axis=0)).all()


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("kind", ["a", "b", "a"]),
        ("town", ["Ulm", None, "Bonn"]),
        ("cost", [1.25, 1.25, 1.25]),
        ("level", [4.0, 5.0, 4.0]),
        ("vector", [[1, 2], [3, 4], [5, 6]]),
    ],
)
def test_one_column_alone_may_be_of_any_kind(column, values):
    assert parts(column)[0].tolist() == values


def test_numbers_of_any_kind_stand_side_by_side():
    assert parts(["cost", "level"])[0].tolist() == [[1.25, 4.0], [1.25, 5.0], [1.25, 4.0]]


def test_what_is_beyond_float32_is_left_to_the_checks():
    assert parts(["huge", "price"])[0][0, 0] == np.inf


def test_several_inputs_and_outputs_have_names():
    x, y, weight = parts({"who": ["age"], "what": "price"}, {"left": "sold", "right": ["age", "price"]}, "rooms")

    assert x["who"].shape == (3, 1)
    assert x["what"].shape == y["left"].shape == weight.shape == (3,)
    assert y["right"].shape == (3, 2)


def test_all_columns_that_are_nothing_else_are_inputs():
    schema = arrow.schema({"a": arrow.int8(), "b": arrow.float64(), "c": arrow.float32(), "w": arrow.float32()})

    table = table_columns(schema, None, "b", "w", where="from_csv")

    assert table.fields[0].columns == ("a", "c")
    assert table.names == ["a", "b", "c", "w"]


def test_columns_that_are_not_asked_for_are_not_read():
    assert table_columns(BATCH.schema, ["age"], "sold", None, where="from_csv").names == ["age", "sold"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("agee",),
            r"from_parquet, x: expected columns of the table, 'age', .*, got 'agee'.\n  Fix: did you mean 'age'?",
        ),
        ((["age"], "zzz"), r"from_parquet, y: expected columns .*, got 'zzz'.\n  Fix: name one of them"),
        ((["age", "town"],), r"from_parquet, x: expected columns of numbers, got the column 'town' of type string"),
        ((["age", "day"],), r"got the column 'day' of type date32\[day\].\n  Fix: turn it into numbers, or list"),
        ((["age", "vector"],), "got the column 'vector' of type fixed_size_list"),
        ((None, "price"), "from_parquet, x: expected columns of numbers, got the column 'town'"),
    ],
)
def test_columns_that_do_not_fit_are_refused(arguments, message):
    with pytest.raises(DataError, match=message):
        parts(*arguments)
