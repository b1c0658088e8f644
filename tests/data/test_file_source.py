import pytest

from lamina.data._file_source import ROWS_OF_A_FILE, FileSource, Piece, found_files, reading
from lamina.data._source import Order
from lamina.data._table_columns import table_columns
from lamina.errors import ArgumentError, DataError

arrow = pytest.importorskip("pyarrow")


class Numbers(FileSource):
    """Files that have a number for each row, and no other content."""

    def __init__(self, *sizes):
        table = table_columns(arrow.schema({"a": arrow.int64()}), "a", None, None, where="numbers")
        super().__init__(["one", "two"], [Piece(file, 0, 0, size) for file, size in enumerate(sizes)], table, None)

    def read(self, piece):
        yield arrow.record_batch({"a": list(range(piece.rows or 2))})
        yield arrow.record_batch({"a": arrow.array([], arrow.int64())})


def test_rows_are_counted_file_by_file():
    first, second = Numbers(3, 2).blocks(Order(0, 0))

    assert first.numbers.tolist() == [0, 1, 2]
    assert second.numbers.tolist() == [ROWS_OF_A_FILE, ROWS_OF_A_FILE + 1]
    assert Numbers(3, 2).place(ROWS_OF_A_FILE + 1) == "row 1 of two"


@pytest.mark.parametrize(("sizes", "rows"), [((3, 2), 5), ((3, None), None), ((0, 2), 2)])
def test_the_number_of_rows_is_known_where_every_piece_knows_its_own(sizes, rows):
    assert Numbers(*sizes).rows == rows


def test_one_column_alone_has_no_names():
    assert Numbers(1).columns is None


def test_a_source_of_files_must_read_them():
    with pytest.raises(NotImplementedError):
        FileSource([], [], Numbers(1).table, None).read(Piece(0))


def test_files_are_found_by_name_folder_and_pattern(tmp_path):
    for name in ("b.csv", "a.csv", "notes.txt", "c.parquet"):
        (tmp_path / name).touch()
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "d.csv").touch()
    names = [str(tmp_path / name) for name in ("a.csv", "b.csv", "more/d.csv")]

    assert found_files(tmp_path, ".csv", where="from_csv") == names
    assert found_files(f"{tmp_path}/*.csv", ".csv", where="from_csv") == names[:2]
    assert found_files(names[1], ".csv", where="from_csv") == [names[1]]
    assert found_files([names[1], tmp_path / "a.csv"], ".csv", where="from_csv") == names[1::-1]


def test_no_path_at_all_is_refused():
    with pytest.raises(DataError, match=r"^from_csv\(paths\): expected files, got none\.\n  Fix: name a file"):
        found_files([], ".csv", where="from_csv(paths)")


@pytest.mark.parametrize("given", [5, [None], ""])
def test_what_is_no_path_is_refused(given):
    with pytest.raises(ArgumentError, match=r"^from_csv\(paths\): expected the path of a file, got (5|None|'')\.\n"):
        found_files(given, ".csv", where="from_csv(paths)")


@pytest.mark.parametrize("given", ["nowhere.csv", "nowhere/*.csv", "."], ids=str)
def test_a_path_without_a_file_is_refused(given, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(
        DataError, match=r"from_csv\(paths\): expected files, got none at .*\n  Fix: name a file, a folder of"
    ):
        found_files(given, ".csv", where="from_csv(paths)")


def test_errors_of_files_name_the_file():
    with pytest.raises(DataError, match=r"a.csv: expected a file that can be read, got no such file"), reading("a.csv"):
        raise FileNotFoundError("no such\nfile")


def test_errors_of_others_stay_as_they_are():
    with pytest.raises(KeyError), reading("a.csv"):
        raise KeyError
