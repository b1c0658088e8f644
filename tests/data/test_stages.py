import threading

import numpy as np
import pytest

from lamina.data import RowBlock, _stages
from lamina.data._source import Order
from lamina.data._stages import Prefetch, Share, Shuffle, Stage, Take
from lamina.errors import ArgumentError

FIRST = Order(seed=1, epoch=0)


def blocks(*sizes):
    """Yield rows that count from 0, in blocks of these sizes."""
    first = 0
    for size in sizes:
        numbers = np.arange(first, first + size)
        yield RowBlock((numbers * 1.0,), numbers)
        first += size


def after(stage, *sizes, order=FIRST):
    """Return the rows that come out, block by block."""
    return [block.numbers.tolist() for block in stage.blocks(blocks(*sizes), order, "row {}".format)]


def test_a_stage_keeps_rows_unless_it_says_otherwise():
    stage = Stage()

    assert (stage.is_rowwise, stage.keeps_rows, stage.rows(7), dict(stage.skipped)) == (True, True, 7, {})
    with pytest.raises(NotImplementedError):
        stage.blocks(blocks(1), FIRST, str)


def test_a_buffer_of_rows_is_mixed_at_a_time():
    rows = sum(after(Shuffle(4), 3, 3, 3, 1), [])

    assert [sorted(rows[start : start + 4]) for start in (0, 4, 8)] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert rows != sorted(rows)


def test_each_pass_is_mixed_anew_and_each_time_in_the_same_way():
    first, second, again = (after(Shuffle(100), 50, order=Order(1, epoch)) for epoch in (0, 1, 1))

    assert first != second == again


def test_without_a_buffer_as_much_is_mixed_as_memory_is_given(monkeypatch):
    monkeypatch.setattr(_stages, "WINDOW_BYTES", 5 * 8)
    monkeypatch.setattr(_stages, "READ_BYTES", 2 * 8)

    mixed = after(Shuffle(None), 10)

    assert [len(block) for block in mixed] == [2, 2, 1, 2, 2, 1]
    assert sorted(sum(mixed[:3], [])) == [0, 1, 2, 3, 4]


def test_nothing_is_mixed_to_nothing():
    assert after(Shuffle(None)) == []


def test_shuffling_keeps_the_number_of_rows():
    assert (Shuffle(3).rows(7), Shuffle(3).rows(None)) == (7, None)


@pytest.mark.parametrize(
    ("start", "stop", "rows"),
    [
        (0, 5, [[0, 1, 2], [3, 4]]),
        (2, 4, [[2], [3]]),
        (4, None, [[4, 5], [6]]),
        (6, 100, [[6]]),
        (7, None, []),
    ],
)
def test_some_rows_are_taken(start, stop, rows):
    assert after(Take(start, stop), 3, 3, 1) == rows
    assert Take(start, stop).rows(7) == len(sum(rows, []))


def test_no_more_is_read_than_is_taken():
    rest = blocks(3, 3, 3)

    list(Take(0, 3).blocks(rest, FIRST, str))

    assert next(rest).numbers.tolist() == [3, 4, 5]


def test_how_many_rows_are_taken_of_an_unknown_number_is_not_known():
    assert Take(0, 5).rows(None) is None


def test_a_seed_divides_rows_into_two_parts():
    first, second = (sum(after(Share(0.3, 1, is_second=part), 500, 500), []) for part in (False, True))

    assert sorted(first + second) == list(range(1000))
    assert len(second) / 1000 == pytest.approx(0.3, abs=0.03)
    assert Share(0.3, 1, is_second=True).rows(1000) is None


def test_which_part_a_row_belongs_to_is_the_same_in_any_order_and_another_for_another_seed():
    share = Share(0.5, 1, is_second=True)
    numbers = np.arange(100)

    assert (share.has(numbers[::-1]) == share.has(numbers)[::-1]).all()
    assert (share.has(numbers) != Share(0.5, 2, is_second=True).has(numbers)).any()


def test_neighbours_go_to_different_parts_as_often_as_by_chance():
    sides = Share(0.5, 7, is_second=True).has(np.arange(100_000))

    assert sides.mean() == pytest.approx(0.5, abs=0.01)
    assert (sides[1:] == sides[:-1]).mean() == pytest.approx(0.5, abs=0.01)
    assert (sides[64:] == sides[:-64]).mean() == pytest.approx(0.5, abs=0.01)


def test_a_thread_reads_ahead():
    names = []

    def watched():
        for block in blocks(1, 1):
            names.append(threading.current_thread().name)
            yield block

    found = [block.numbers.tolist() for block in Prefetch(2).blocks(watched(), FIRST, str)]

    assert found == [[0], [1]]
    assert set(names) == {"lamina-ahead"}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Shuffle(0), r"shuffle\(buffer\): expected a positive integer, got 0"),
        (lambda: Prefetch(0), r"prefetch\(blocks\): expected a positive integer, got 0"),
    ],
)
def test_numbers_below_one_are_refused(make, message):
    with pytest.raises(ArgumentError, match=message):
        make()
