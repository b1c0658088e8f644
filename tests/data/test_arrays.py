import datetime
import decimal

import jax.numpy as jnp
import numpy as np
import pytest

from lamina.data import column_names, in_columns, to_array, to_numbers
from lamina.errors import DataError

pandas = pytest.importorskip("pandas", reason="frames are read where pandas is installed")
polars = pytest.importorskip("polars", reason="frames are read where polars is installed")
pyarrow = pytest.importorskip("pyarrow", reason="frames are read where pyarrow is installed")

COLUMNS = {"age": [20, 30], "weight": [61.5, 80.0], "smokes": [True, False]}
EXPECTED = [[20.0, 61.5, 1.0], [30.0, 80.0, 0.0]]


class Exporting:
    """What another library might have: no ``__array__``, but DLPack."""

    def __init__(self, array):
        self._array = array

    def __array__(self, *_, **__):
        raise TypeError

    def __dlpack__(self, **options):
        return self._array.__dlpack__(**options)

    def __dlpack_device__(self):
        return self._array.__dlpack_device__()


@pytest.mark.parametrize("frame", [pandas.DataFrame, polars.DataFrame, pyarrow.table])
def test_a_frame_of_any_library_becomes_one_array(frame):
    assert to_numbers(frame(COLUMNS), where="x").tolist() == EXPECTED


@pytest.mark.parametrize(
    "column",
    [
        pandas.Series([1, 2]),
        pandas.Series([1, 2], dtype="Int64"),
        pandas.Series([1, 2], dtype=object),
        polars.Series([1, 2]),
        pyarrow.chunked_array([[1], [2]]),
        pyarrow.array([1, 2]),
        jnp.array([1, 2]),
        jnp.array([1, 2], jnp.bfloat16),
        np.array([1, 2], np.float64),
        np.array([1, 2], np.uint64),
        np.array([decimal.Decimal(1), np.int8(2)], dtype=object),
        np.ma.array([1, 2]),
        [1, 2],
        (1.0, 2.0),
        range(1, 3),
        Exporting(np.array([1.0, 2.0], np.float32)),
    ],
    ids=lambda column: f"{type(column).__module__}.{type(column).__name__}",
)
def test_a_column_of_any_library_becomes_float32(column):
    found = to_numbers(column, where="x")

    assert found.dtype == np.float32
    assert found.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("dtype", ["uint8", "int8", "bool", "float16", "float32"])
def test_small_types_stay_as_they_are_and_are_not_copied(dtype):
    given = np.ones((2, 3), dtype)

    assert to_numbers(given, where="x") is given


def test_a_pandas_column_of_booleans_that_may_be_missing_is_boolean():
    found = to_array(pandas.Series([True, False], dtype="boolean"), where="y")

    assert found.tolist() == [True, False]


def test_whole_numbers_are_kept_exactly_where_the_network_reads_them_as_such():
    found = to_numbers([16777217, 3.0], where="x", dtype="int32")

    assert (found.dtype, found.tolist()) == (np.int32, [16777217, 3])


def test_one_column_of_text_is_a_column_of_labels():
    frame = pandas.DataFrame({"species": ["cat", "dog"]})

    assert to_array(frame, where="y").tolist() == [["cat"], ["dog"]]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, r"^x: expected rows, got None\.\n  Fix: pass an array with one row for each example\."),
        (3.5, r"^x: expected rows, got 3\.5\."),
        ("abc", r"^x: expected rows, got 'abc'\."),
        ({"a": [1]}, r"^x: expected rows, got an object of type dict\."),
        (iter([1]), r"^x: expected rows, got an object of type list_iterator\."),
        (
            polars.LazyFrame({"a": [1]}),
            r"^x: expected rows, got an object of type LazyFrame\.\n  Fix: call collect\(\) on it first\.",
        ),
        ([], r"^x: expected at least one row, got none\.\n  Fix: check the filter or file it came from\."),
        (np.zeros((0, 3)), r"^x: expected at least one row"),
        (
            [[1], [1, 2]],
            r"^x: expected rows of one length, got nested lists of different lengths\.\n  Fix: pad the short",
        ),
        (
            ["1", "2"],
            r"^x: expected numbers, got values of type <U1 such as '1'\.\n  Fix: turn text into numbers first",
        ),
        ([1j], r"^x: expected numbers, got values of type complex128"),
        (
            np.array(["2026-01-01"], "M8[D]"),
            r"^x: expected numbers, got values of type datetime64\[D\] such as datetime",
        ),
        (np.zeros((2, 0), "U1"), r"^x: expected numbers, got values of type <U1\.\n"),
        (np.array([1, "2"], object), r"^x: expected numbers, got '2' in row 1\.\n  Fix: turn text into numbers first"),
        (pandas.Series([True, None], dtype="boolean"), r"^x: expected numbers, got <NA> in row 1\."),
    ],
    ids=lambda value: None if isinstance(value, str) else type(value).__name__,
)
def test_what_is_no_rows_of_numbers_is_refused(value, message):
    with pytest.raises(DataError, match=message):
        to_numbers(value, where="x")


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        (["cat", "dog"], "String"),
        ([datetime.date(2026, 1, 1)] * 2, "Date"),
        ([[1, 2], [3, 4]], r"List\(Int64\)"),
    ],
)
def test_a_column_that_is_no_numbers_is_named(column, kind):
    frame = polars.DataFrame({"age": [1, 2], "what": column, "note": ["a", "b"]})

    with pytest.raises(
        DataError, match=rf"^x: expected columns of numbers, got the column 'what' of type {kind} and 1 "
    ):
        to_numbers(frame, where="x")


def test_a_pandas_category_among_numbers_is_named():
    frame = pandas.DataFrame({"age": [1, 2], "kind": pandas.Categorical(["a", "b"])})

    with pytest.raises(
        DataError, match="the column 'kind' of type Categorical.\n  Fix: turn it into numbers, or leave"
    ):
        to_numbers(frame, where="x")


def test_an_object_in_a_column_of_numbers_is_named_with_row_and_column():
    frame = pandas.DataFrame({"age": [1, 2], "height": np.array([1.8, "tall"], dtype=object)})

    with pytest.raises(DataError, match="^x: expected numbers, got 'tall' in row 1, column 'height'"):
        to_numbers(frame, where="x")


def test_two_columns_of_one_name_are_refused():
    frame = pandas.DataFrame([[1, 2]], columns=["a", "a"])

    with pytest.raises(DataError, match="^x: expected a different name for each column, got two columns of one name"):
        to_numbers(frame, where="x")


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ([1.0, np.nan], "nan in row 1"),
        ([[1.0, np.inf], [np.nan, 1.0]], r"inf in row 0, column 1 \(2 such in all\)"),
        (np.array([[[1.0, -np.inf]]]), r"-inf in row 0, place \(0, 1\)"),
        ([[1.0], [np.nan]], r"nan in row 1, column 0 \(1"),
        (np.array([1.0, np.nan], np.float16), "nan in row 1"),
        ([1, None], "nan in row 1"),
        (np.ma.array([1, 2], mask=[False, True]), "nan in row 1"),
        (pandas.DataFrame({"a": [1.0, 2.0], "b": [3.0, np.nan]}), "nan in row 1, column 'b'"),
        (pandas.DataFrame({"a": [1, 2], "b": pandas.array([3, None], dtype="Int64")}), "nan in row 1, column 'b'"),
        (pandas.DataFrame({"a": [1.0, np.nan]}, index=["Ann", "Eve"]), r"nan in row 1 \(labelled 'Eve'\), column 'a'"),
        (pandas.DataFrame({"a": [1.0, np.nan]}, index=[2.0, np.nan]), r"nan in row 1, column 'a' \(1 such"),
        (pandas.Series([1.0, np.nan], index=["Ann", None]), r"nan in row 1 \(1 such"),
        (pandas.DataFrame({"a": [1.0, 0.0, np.nan]})[1:], r"nan in row 1 \(labelled 2\), column 'a'"),
        (pandas.Series([1.0, np.nan], index=["a", "b"]), r"nan in row 1 \(labelled 'b'\)"),
        (polars.DataFrame({"a": [1, None], "b": [1, 2]}), "nan in row 1, column 'a'"),
        (pyarrow.table({"a": [1, 2], "b": [None, 2]}), "nan in row 0, column 'b'"),
        ([0.0, -1e300], r"-1e\+300, which is beyond float32, in row 1"),
    ],
    ids=lambda value: None if isinstance(value, str) else type(value).__name__,
)
def test_what_is_missing_or_infinite_is_named_with_its_place(value, place):
    with pytest.raises(DataError, match=f"^x: expected finite numbers, got {place}.*\n  Fix: fill in, correct or drop"):
        to_numbers(value, where="x")


@pytest.mark.parametrize(
    ("value", "dtype", "message"),
    [
        ([0, 1.5], "int32", r"expected whole numbers from -2147483648 to 2147483647, got 1\.5 in row 1\."),
        ([[2**31]], "int32", r"expected whole numbers .*, got 2\.14748e\+09 in row 0, column 0\."),
        ([0, 2], "bool", r"expected True and False, or 1 and 0, got 2 in row 1\.\n  Fix: .* another type than bool"),
        ([np.nan], "int32", "expected finite numbers, got nan in row 0"),
    ],
)
def test_numbers_that_the_type_of_the_input_cannot_hold_are_refused(value, dtype, message):
    with pytest.raises(DataError, match=f"^x: {message}"):
        to_numbers(value, where="x", dtype=dtype)


def test_the_largest_float32_is_finite():
    largest = float(np.finfo(np.float32).max)

    assert to_numbers([largest, -largest], where="x").tolist() == [largest, -largest]


@pytest.mark.parametrize("library", [pandas, polars], ids=["pandas", "polars"])
def test_the_columns_of_a_frame_are_put_into_a_given_order_by_name(library):
    frame = library.DataFrame({"b": [1.0, 2.0], "a": [3.0, 4.0]})

    ordered = in_columns(frame, ["a", "b"], where="x")

    assert column_names(ordered) == ("a", "b")
    assert to_array(ordered, where="x").tolist() == [[3.0, 1.0], [4.0, 2.0]]


def test_what_has_no_names_of_columns_stays_as_it_is():
    array = np.ones((2, 2))

    assert in_columns(array, ["a", "b"], where="x") is array
    assert column_names(pandas.DataFrame(array)) is None


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["a"], r"x: expected the columns that .* 'a' and 'b', got a frame without 'b'.\n  Fix: select the same"),
        (["a", "b", "c"], r"got a frame that also has 'c'"),
        (["a", "B"], r"got a frame without 'b'.\n  Fix: rename 'B', or add the column"),
    ],
)
def test_another_set_of_columns_is_refused_by_name(names, message):
    frame = pandas.DataFrame([[1.0] * len(names)], columns=names)

    with pytest.raises(DataError, match=message):
        in_columns(frame, ["a", "b"], where="x")
