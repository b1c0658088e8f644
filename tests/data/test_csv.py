import numpy as np
import pytest

from lamina.data import _csv
from lamina.data._attempts import Skipped
from lamina.data._csv import CSVReader, csv_source
from lamina.data._source import Order
from lamina.errors import DataError

pytest.importorskip("pyarrow")


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a file of lines, and gives its path."""

    def written(*lines, name="table.csv"):
        (tmp_path / name).write_text("\n".join(lines) + "\n")
        return tmp_path / name

    return written


def source_of(path, x=None, y="y", *, classes=None, on_error="raise", **options):
    return csv_source(path, (x, y, None), CSVReader(Skipped("from_csv", on_error), **options), classes)


def read(source):
    return [(block.x.tolist(), block.y.tolist()) for block in source.blocks(Order(0, 0))]


def test_columns_become_arrays(write):
    source = source_of(write("a,b,y", "1,2,3", "4,5.5,6"))

    (block,) = source.blocks(Order(0, 0))

    assert block.x.tolist() == [[1, 2], [4, 5.5]]
    assert block.x.dtype == np.float32
    assert block.y.tolist() == [3, 6]
    assert (source.rows, source.columns) == (None, ("a", "b"))


def test_numbers_may_have_fractions_and_be_missing_later_on(write, monkeypatch):
    monkeypatch.setattr(_csv, "READ_BYTES", 256)
    lines = [f"{number},{number}" for number in range(100)]

    found = read(source_of(write("a,y", *lines, "0.5,7", ",8")))

    assert len(found) > 1
    assert found[-1][0][-2] == [0.5]
    assert np.isnan(found[-1][0][-1][0])


def test_large_whole_numbers_are_exact_as_they_may_be_tokens(write):
    ((x, _),) = read(source_of(write("a,y", "16777217,0", "3,1")))

    assert x == [[16777217], [3]]


def test_text_may_be_a_target(write):
    source = source_of(write("a,y", "1,no", "2,"), classes=["yes", "no"])

    assert read(source) == [([[1], [2]], ["no", None])]
    assert source.classes == ("no", "yes")


def test_another_delimiter_may_stand_between_values(write):
    assert read(source_of(write("a;y", "1;2"), delimiter=";")) == [([[1]], [2])]


def test_files_follow_each_other(write):
    first = write("a,y", "1,2", name="one.csv")
    write("y,a", "4,3", name="two.csv")

    source = source_of(first.parent)

    assert read(source) == [([[1]], [2]), ([[3]], [4])]
    *_, last = source.blocks(Order(0, 0))
    assert source.place(int(last.numbers[0])) == f"row 0 of {first.parent / 'two.csv'}"


def test_a_value_of_another_kind_is_named(write, monkeypatch):
    monkeypatch.setattr(_csv, "READ_BYTES", 256)
    source = source_of(write("a,y", *["1,2"] * 100, "text,5"))

    with pytest.raises(
        DataError, match=r"table.csv: expected a file .*, got In CSV column #0: Row #102: CSV conversion error"
    ):
        read(source)


def test_a_line_of_another_length_is_named(write):
    path = write("a,y", "1,2", "3,4,5")

    with pytest.raises(
        DataError,
        match=r"table.csv: expected .*, got CSV parse error: Row #3: Expected 2 columns, got 3: .*\n  Fix: correct",
    ):
        source_of(path)


def test_lines_of_another_length_may_be_left_out(write):
    source = source_of(write("a,y", "1,2", "3,4,5", "6,7"), on_error="skip")

    assert read(source) == [([[1], [6]], [2, 7])]
    ((place, reason),) = source.skipped.items()
    assert place.endswith("table.csv, 3,4,5")
    assert reason == "3 values where the others have 2"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["a,y", "text,1"], "from_csv, x: expected columns of numbers, got the column 'a' of type string"),
        (["a,b", "1,2"], r"from_csv, y: expected columns of the table, 'a' and 'b', got 'y'"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(write, lines, message):
    with pytest.raises(DataError, match=message):
        source_of(write(*lines))


def test_an_empty_file_is_refused(write):
    (path := write("")).write_text("")

    with pytest.raises(DataError, match="table.csv: expected a file that can be read, got Empty CSV file"):
        source_of(path)


def test_a_later_file_without_a_column_is_named(write):
    write("a,y", "1,2", name="one.csv")
    source = source_of(write("a,z", "1,2", name="two.csv").parent)

    with pytest.raises(DataError, match="two.csv: expected a file that can be read, got .*Column 'y'"):
        read(source)
