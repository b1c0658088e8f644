import itertools

import numpy as np
import pytest

from lamina.data import _iterator_source
from lamina.data._iterator_source import IteratorSource
from lamina.data._source import Order
from lamina.errors import ArgumentError, DataError


def count_to(number):
    return (([index, -index], index) for index in range(number))


def rows(given, *, limit=None):
    return IteratorSource(given, gives_batches=False, limit=limit, where="from_rows(numbers)")


def batches(given, *, limit=None):
    return IteratorSource(given, gives_batches=True, limit=limit, where="from_batches(numbers)")


def passed(source, *, epoch=0, skip=0):
    """Return what a pass reads, as one array."""
    return np.concatenate([block.x for block in source.blocks(Order(1, epoch), skip)])


def test_rows_are_put_together():
    source = rows(lambda: count_to(50))

    blocks = list(source.blocks(Order(0, 0)))

    assert [len(block) for block in blocks] == [32, 18]
    assert blocks[1].x[0].tolist() == [32, -32]
    assert blocks[1].y[0] == blocks[1].numbers[0] == 32


def test_large_rows_are_read_few_at_a_time(monkeypatch):
    monkeypatch.setattr(_iterator_source, "READ_BYTES", 400)

    blocks = list(rows(lambda: (np.zeros(10) for _ in range(40))).blocks(Order(0, 0)))

    assert [len(block) for block in blocks] == [32, 5, 3]


def test_batches_stay_as_they_are():
    source = batches([([1, 2], [3, 4]), ([5], [6])])

    blocks = list(source.blocks(Order(0, 0)))

    assert [block.x.tolist() for block in blocks] == [[1, 2], [5]]
    assert [block.numbers.tolist() for block in blocks] == [[0, 1], [2]]
    assert source.batch_size() == 2
    assert (source.rows, source.steps) == (None, 2)


def test_what_can_be_counted_is_counted():
    assert (rows([1, 2, 3]).rows, rows(iter([1, 2])).rows, rows(iter([1, 2]), limit=2).rows) == (3, None, 2)
    assert (rows([1, 2]).batch_size(), rows([1, 2]).steps) == (None, None)


@pytest.mark.parametrize("make", [lambda: list(range(5)), lambda: lambda: iter(range(5))], ids=["list", "function"])
def test_what_can_be_gone_through_again_is(make):
    source = rows(make())

    assert passed(source).tolist() == passed(source, epoch=1).tolist() == [0, 1, 2, 3, 4]


def test_a_function_with_an_argument_gets_random_numbers_of_the_pass():
    source = rows(lambda random: iter(random.normal(size=3)))

    first, second, again = (passed(source, epoch=epoch).tolist() for epoch in (0, 1, 1))

    assert first != second == again


def test_a_generator_can_be_gone_through_once():
    source = rows(count_to(5))

    assert len(passed(source)) == 5
    with pytest.raises(
        DataError, match=r"from_rows\(numbers\): expected an iterator that can be gone through again.*used up"
    ):
        passed(source)


def test_a_generator_that_never_ends_goes_on_in_the_next_epoch():
    source = rows(itertools.count(), limit=3)

    assert passed(source).tolist() == [0, 1, 2]
    assert passed(source).tolist() == [3, 4, 5]
    assert source.rows == 3


@pytest.mark.parametrize("make", [lambda: count_to(50), lambda: lambda: count_to(50)], ids=["generator", "function"])
def test_looking_uses_nothing_up(make):
    source = rows(make())

    looked = [next(source.peek()).y[0] for _ in range(2)]

    assert looked == [0, 0]
    assert len(passed(source)) == 50


@pytest.mark.parametrize("skip", [0, 1, 31, 32, 49])
def test_a_pass_may_begin_in_its_middle(skip):
    assert passed(rows(lambda: count_to(50)), skip=skip)[:, 0].tolist() == list(range(skip, 50))


@pytest.mark.parametrize("make", [lambda: iter(()), lambda: list, lambda: []], ids=["iterator", "function", "list"])
@pytest.mark.parametrize("kind", [rows, batches])
def test_an_empty_source_is_refused(kind, make):
    with pytest.raises(DataError, match=r"numbers\): expected at least one (row|batch), got none.\n  Fix: check the"):
        passed(kind(make()))


def test_an_epoch_shorter_than_was_said_is_refused():
    with pytest.raises(DataError, match=r"from_batches\(numbers\): expected 3 batches, got 2"):
        passed(batches(iter([[1], [2]]), limit=3))


def test_an_error_in_a_generator_names_the_row_before():
    def broken():
        yield 1
        yield 2
        raise OSError("disk gone")

    with pytest.raises(
        DataError, match=r"expected an iterator without errors, got OSError: disk gone after row 1"
    ) as error:
        passed(rows(broken))
    assert isinstance(error.value.__cause__, OSError)


def test_an_error_at_the_very_beginning_is_told_as_well():
    def broken():
        raise OSError("disk gone")
        yield

    with pytest.raises(DataError, match=r"got OSError\('disk gone'\).\n  Fix: correct the code that makes it"):
        passed(rows(broken))


def test_a_row_unlike_the_others_is_named():
    with pytest.raises(
        DataError, match=r"from_rows\(numbers\), row 2: expected a row like those before, shape \(\), got sh"
    ):
        passed(rows([1, 2, [3, 4]]))


def test_a_batch_that_does_not_fit_together_is_named():
    with pytest.raises(DataError, match=r"from_batches\(numbers\), batch 1: expected as many rows in each array"):
        passed(batches([([1], [1]), ([1, 2], [1])]))


@pytest.mark.parametrize(
    "given", [itertools.count(), itertools.cycle([1]), itertools.repeat(1)], ids=["count", "cycle", "repeat"]
)
def test_what_never_ends_needs_a_length(given):
    with pytest.raises(
        ArgumentError, match=r"from_rows\(rows\): expected how many rows make an epoch, as there is no end"
    ):
        rows(given)
    with pytest.raises(
        ArgumentError, match=r"from_batches\(steps\): expected how many batches make .*\n  Fix: write steps"
    ):
        batches(given)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            lambda: rows(3),
            DataError,
            "expected an iterable or a function that returns one, got 3.\n  Fix: write Dataset",
        ),
        (
            lambda: passed(rows(lambda: 3)),
            DataError,
            "expected a function that returns an iterator, got 3.\n  Fix: write",
        ),
        (lambda: rows([1], limit=0), ArgumentError, r"from_rows\(rows\): expected a positive integer, got 0"),
        (lambda: batches([1], limit=0), ArgumentError, r"from_batches\(steps\): expected a positive integer, got 0"),
    ],
)
def test_what_is_no_iterator_is_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()
