import pytest

from lamina.data import Dataset
from lamina.errors import DataError


@pytest.fixture
def asked():
    """Return a list that notes each pass through the rows."""
    return []


@pytest.fixture
def cached(asked):
    def rows():
        asked.append("pass")
        return iter([([number], number) for number in range(40)])

    return Dataset.from_rows(rows).filter(lambda x, y: y % 2 == 0).cache()


def numbers(dataset, **options):
    return [int(number) for block in dataset.blocks(**options) for number in block.y]


def test_rows_are_read_once(cached, asked):
    assert not asked

    first, second = numbers(cached), numbers(cached, epoch=1)

    assert first == second == list(range(0, 40, 2))
    assert asked == ["pass"]


def test_what_lies_in_memory_is_shuffled_as_a_whole(cached):
    shuffled = cached.shuffle(2)

    first, second = numbers(shuffled, epoch=0), numbers(shuffled, epoch=1)

    assert sorted(first) == sorted(second) == list(range(0, 40, 2))
    assert max(first[:10]) > 20
    assert first != second


def test_the_number_of_rows_is_known_once_they_have_been_read(cached):
    assert cached.rows is None

    numbers(cached)

    assert len(cached) == 20


def test_looking_does_not_read_all(cached, asked):
    next(cached.peek())

    assert "_kept" not in vars(cached.source)


def test_a_pass_may_begin_in_its_middle(cached):
    assert numbers(cached.shuffle(), start=7) == numbers(cached.shuffle())[7:]


def test_rows_keep_their_place_in_the_source(cached):
    (block,) = cached.blocks()

    assert block.numbers[3] == 6
    assert cached.place(6) == "row 6"


def test_what_the_source_knows_stays_known():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"a": [1.0, 2.0], "b": [3.0, 4.0]})

    cached = Dataset.from_arrays(frame, ["no", "yes"]).cache()

    assert (cached.columns, cached.classes, cached.rows, cached.batch_size) == (("a", "b"), ("no", "yes"), 2, None)
    assert Dataset.from_batches([[1, 2], [3]]).cache().batch_size == 2
    assert not cached.source.is_sorted


def test_errors_name_the_rows_they_are_about():
    broken = Dataset.from_rows([1, 2, 0]).map(lambda x: 6 // int(x), by_row=True).cache()

    with pytest.raises(DataError, match="row 2: expected no error, got ZeroDivisionError"):
        numbers(broken)


def test_what_was_skipped_is_told():
    cached = Dataset.from_rows([1, 2, 0]).map(lambda x: (6 // int(x), x), by_row=True, on_error="skip").cache()

    assert numbers(cached) == [1, 2]
    assert list(cached.skipped) == ["row 2"]
