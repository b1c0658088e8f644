import numpy as np
import pytest

from lamina.data import _array_source
from lamina.data._array_source import array_source
from lamina.data._source import Order
from lamina.errors import DataError


@pytest.fixture
def few_at_once(monkeypatch):
    """Read four rows at a time."""
    monkeypatch.setattr(_array_source, "READ_BYTES", 4 * 8)


def numbers(source, *, shuffled=False, epoch=0, skip=0):
    """Return what a pass reads, block by block."""
    return [block.x.tolist() for block in source.blocks(Order(1, epoch, shuffled), skip)]


def test_rows_are_read_some_at_a_time(few_at_once):
    source = array_source(np.arange(10.0))

    assert numbers(source) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert source.rows == 10


def test_a_shuffled_pass_mixes_all_rows(few_at_once):
    source = array_source(np.arange(10.0))

    first, second = (sum(numbers(source, shuffled=True, epoch=epoch), []) for epoch in (0, 1))

    assert sorted(first) == sorted(second) == list(range(10))
    assert first != second
    assert sum(numbers(source, shuffled=True, epoch=1), []) == second


def test_a_memory_map_is_read_in_pieces_that_lie_together(few_at_once, tmp_path):
    np.arange(10.0).tofile(tmp_path / "numbers")
    source = array_source(np.memmap(tmp_path / "numbers", np.float64))

    pieces = numbers(source, shuffled=True)

    assert sorted(pieces) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert not source.any_order


@pytest.mark.parametrize("skip", [0, 1, 4, 9, 10])
@pytest.mark.parametrize("shuffled", [False, True])
@pytest.mark.parametrize("any_order", [False, True])
def test_a_pass_may_begin_in_its_middle(few_at_once, skip, shuffled, any_order):
    source = array_source(np.arange(10.0))
    object.__setattr__(source, "any_order", any_order)

    whole = sum(numbers(source, shuffled=shuffled), [])

    assert sum(numbers(source, shuffled=shuffled, skip=skip), []) == whole[skip:]


def test_some_rows_can_be_chosen_and_some_of_these():
    source = array_source(np.arange(10.0) * 2).chosen(lambda numbers: numbers[3:8]).chosen(lambda numbers: numbers[::2])

    (block,) = source.blocks(Order(0, 0))

    assert source.rows == 3
    assert block.numbers.tolist() == [3, 5, 7]
    assert block.x.tolist() == [6.0, 10.0, 14.0]


def test_all_parts_go_together():
    source = array_source({"a": [1, 2], "b": [[3], [4]]}, ["no", "yes"], [0.5, 1.0])

    (block,) = source.blocks(Order(0, 0))

    assert block.x["b"].tolist() == [[3], [4]]
    assert block.y.tolist() == ["no", "yes"]
    assert block.sample_weight.tolist() == [0.5, 1.0]
    assert source.classes == ("no", "yes")


def test_the_columns_of_a_frame_are_remembered():
    pandas = pytest.importorskip("pandas")

    source = array_source(pandas.DataFrame({"a": [1], "b": [2]}), [1])

    assert source.columns == ("a", "b")
    assert source.classes is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1, 2], [1]), "from_arrays: expected as many rows in each array, got 1 and 2"),
        ((None,), "from_arrays, x: expected rows, got None"),
        (([1], None, [1]), "from_arrays, y: expected rows, got None"),
    ],
)
def test_what_does_not_fit_is_refused(arguments, message):
    with pytest.raises(DataError, match=message):
        array_source(*arguments)
