import numpy as np
import pytest

from lamina.data import _parquet
from lamina.data._parquet import parquet_source
from lamina.data._source import Order
from lamina.errors import DataError

arrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")


@pytest.fixture
def files(tmp_path):
    """Return a folder with two files of 25 rows in groups of 10: a counts from 0 over both, b is twice that."""
    for file in range(2):
        numbers = np.arange(25.0) + 25 * file
        table = arrow.table({"a": numbers, "b": 2 * numbers, "label": np.where(numbers % 2 == 0, "even", "odd")})
        parquet.write_table(table, tmp_path / f"part{file}.parquet", row_group_size=10)
    return tmp_path


def source_of(paths, x=("a",), y="b", classes=None):
    return parquet_source(paths, (x, y, None), classes)


def numbers(source, *, shuffled=False, epoch=0, skip=0):
    return [int(x) for block in source.blocks(Order(1, epoch, shuffled), skip) for x in block.x[:, 0]]


def test_rows_are_read_in_the_order_of_files(files):
    source = source_of(files)

    assert numbers(source) == list(range(50))
    assert source.rows == 50
    assert source.columns == ("a",)


def test_a_shuffled_pass_reads_row_groups_in_another_order(files):
    source = source_of(files)

    first, second, again = (numbers(source, shuffled=True, epoch=epoch) for epoch in (0, 1, 1))

    groups = [first[start] for start in np.cumsum([0, *(5 if first[0] in (20, 45) else 10 for _ in range(1))])]
    assert sorted(first) == list(range(50))
    assert first != second == again
    assert set(groups) <= {0, 10, 20, 25, 35, 45}
    assert not source.any_order


def test_row_groups_need_not_fit_in_memory(files, monkeypatch):
    monkeypatch.setattr(_parquet, "ROWS_AT_ONCE", 4)

    sizes = [len(block) for block in source_of(files / "part0.parquet").blocks(Order(0, 0))]

    assert sizes == [4, 4, 2, 4, 4, 2, 4, 1]


@pytest.mark.parametrize("skip", [0, 3, 10, 20, 25, 37, 49, 50])
@pytest.mark.parametrize("shuffled", [False, True])
def test_a_pass_may_begin_in_its_middle(files, skip, shuffled):
    source = source_of(files)

    assert numbers(source, shuffled=shuffled, skip=skip) == numbers(source, shuffled=shuffled)[skip:]


def test_what_is_left_out_at_the_beginning_is_not_read(files):
    source = source_of(files)
    read = []
    source.read = lambda piece: read.append(piece) or type(source).read(source, piece)

    numbers(source, skip=41)

    assert [(piece.file, piece.group) for piece in read] == [(1, 1), (1, 2)]


def test_rows_are_named_by_their_file(files):
    source = source_of(files)

    *_, last = source.blocks(Order(0, 0))

    assert source.place(int(last.numbers[-1])) == f"row 24 of {files / 'part1.parquet'}"


def test_text_may_be_a_target(files):
    (block, *_), source = (
        source_of(files, y="label").blocks(Order(0, 0)),
        source_of(files, y="label", classes=["odd", "even"]),
    )

    assert block.y[:3].tolist() == ["even", "odd", "even"]
    assert source.classes == ("even", "odd")


def test_files_may_have_more_columns_than_are_used(files):
    parquet.write_table(arrow.table({"c": [0.0], "b": [1.0], "a": [99.0]}), files / "part2.parquet")

    assert numbers(source_of(files))[-1] == 99


def test_a_file_without_a_column_is_refused(files):
    parquet.write_table(arrow.table({"b": [1.0]}), files / "part2.parquet")

    with pytest.raises(
        DataError, match=r"part2.parquet: expected the columns of .*part0.parquet, got no column 'a'.\n  Fix"
    ):
        source_of(files)


def test_a_file_that_is_none_is_refused(files):
    (files / "part2.parquet").write_bytes(b"not a table")

    with pytest.raises(
        DataError, match=r"part2.parquet: expected a file that can be read, got Parquet magic bytes not"
    ):
        source_of(files)


def test_a_file_that_is_damaged_inside_is_named(files):
    source = source_of(files)
    path = files / "part1.parquet"
    content = bytearray(path.read_bytes())
    content[4:200] = bytes(196)
    path.write_bytes(content)

    with pytest.raises(
        DataError, match=r"part1.parquet: expected a file that can be read, got .*\n  Fix: check how it was"
    ):
        numbers(source)
