import numpy as np
import pytest

from lamina.data import Dataset, _array_source
from lamina.errors import ArgumentError, DataError, StageError


@pytest.fixture
def numbers():
    """Return 40 rows: x counts from 0, y is twice that."""
    return Dataset.from_arrays(np.arange(40.0), np.arange(40) * 2)


@pytest.fixture
def stream():
    """Return the same rows from a function, which does not tell how many there are."""
    return Dataset.from_rows(lambda: ((float(number), 2 * number) for number in range(40)))


def xs(dataset, **options):
    return [int(x) for block in dataset.blocks(**options) for x in block.x]


def test_links_are_passed_in_their_order(numbers):
    dataset = numbers.map(lambda x, y: (x + 1, y)).filter(lambda x, y: x > 37).map(lambda x, y: (x * 10, y))

    assert xs(dataset) == [380, 390, 400]


def test_a_new_link_leaves_the_data_set_as_it_was(numbers):
    numbers.filter(lambda x, y: x > 37)

    assert len(numbers) == 40


@pytest.mark.parametrize("kind", ["numbers", "stream"])
def test_the_order_follows_from_seed_and_epoch(kind, request):
    dataset = request.getfixturevalue(kind).shuffle(10)

    orders = {(seed, epoch): xs(dataset, epoch=epoch, seed=seed) for seed in (1, 2) for epoch in (0, 1)}

    assert len(set(map(tuple, orders.values()))) == 4
    assert all(sorted(order) == list(range(40)) for order in orders.values())
    assert xs(dataset, epoch=1, seed=2) == orders[2, 1]


def test_arrays_are_mixed_as_a_whole_and_streams_as_far_as_the_buffer_goes(numbers, stream):
    assert max(xs(numbers.shuffle(10))[:10]) >= 10
    assert sorted(xs(stream.shuffle(10))[:10]) == list(range(10))


def test_rows_are_mixed_as_a_whole_also_behind_functions(numbers):
    dataset = numbers.map(lambda x, y: (x, y)).filter(lambda x, y: x >= 0).shuffle(2)

    assert max(xs(dataset)[:10]) >= 10


def test_what_is_taken_before_shuffling_is_taken_first(stream):
    taken = xs(stream.take(5).shuffle())

    assert taken != sorted(taken)
    assert sorted(taken) == [0, 1, 2, 3, 4]


def test_what_is_taken_after_shuffling_changes_from_epoch_to_epoch(numbers):
    dataset = numbers.shuffle().take(5)

    assert xs(dataset, epoch=0) != xs(dataset, epoch=1)
    assert len(dataset) == 5


CHAINS = {
    "plain": lambda data: data,
    "shuffled": lambda data: data.shuffle(7),
    "mapped": lambda data: data.shuffle().map(lambda x, y: (x + 1, y)).prefetch(),
    "filtered": lambda data: data.filter(lambda x, y: x % 3 > 0).shuffle(5),
    "cut": lambda data: data.shuffle(8).take(30),
    "divided": lambda data: data.split(0.5, seed=1)[0].shuffle(),
}


@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS)
@pytest.mark.parametrize("kind", ["numbers", "stream"])
def test_a_pass_may_go_on_in_its_middle(chain, kind, request):
    dataset = chain(request.getfixturevalue(kind))

    whole = xs(dataset, epoch=3, seed=5)

    for start in (0, 1, 8, len(whole) - 1, len(whole)):
        assert xs(dataset, epoch=3, seed=5, start=start) == whole[start:]


@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS)
@pytest.mark.parametrize("kind", ["numbers", "stream"])
def test_the_number_of_rows_is_right_where_it_is_told(chain, kind, request):
    dataset = chain(request.getfixturevalue(kind))

    assert dataset.rows in (None, len(xs(dataset)))
    assert (dataset.rows is not None) or kind == "stream" or chain is CHAINS["filtered"]


def test_looking_sees_the_first_rows_as_they_lie_and_uses_nothing_up():
    dataset = Dataset.from_rows(iter(range(40))).filter(lambda x: x > 10).shuffle()

    first, again = (next(dataset.peek()).x[0] for _ in range(2))

    assert first == again == 11
    assert len(xs(dataset)) == 29


def test_unshuffled_rows_come_as_they_lie(numbers):
    mixed = numbers.shuffle().map(lambda x, y: (x, y))

    assert xs(mixed.unshuffled()) == list(range(40))
    assert (mixed.is_shuffled, mixed.unshuffled().is_shuffled) == (True, False)


@pytest.mark.parametrize("kind", ["numbers", "stream"])
def test_a_seed_divides_rows_into_parts_that_stay(kind, request):
    dataset = request.getfixturevalue(kind)

    first, second = dataset.split(0.25, seed=3)

    assert sorted(xs(first) + xs(second)) == list(range(40))
    assert 4 <= len(xs(second)) <= 16
    assert sorted(xs(second.shuffle(), epoch=1)) == xs(second)
    assert xs(dataset.shuffle().split(0.25, seed=3)[1].unshuffled()) == xs(second)


def test_the_last_rows_are_held_back_without_a_seed(numbers):
    first, second = numbers.map(lambda x, y: (x, y)).split(0.25)

    assert (len(first), len(second)) == (30, 10)
    assert xs(first) == list(range(30))
    assert max(xs(first.shuffle())[:10]) >= 10


def test_what_is_taken_is_divided_and_what_is_divided_is_taken(numbers):
    first, second = numbers.take(20).shuffle().take(10).split(0.5, seed=1)

    assert sorted(xs(first) + xs(second)) == sorted(xs(numbers.take(20).shuffle().take(10)))


@pytest.mark.parametrize(
    ("dataset", "message"),
    [
        (lambda numbers, stream: stream.split(0.5), r"a known number of rows, got None.\n  Fix: write split"),
        (lambda numbers, stream: numbers.shuffle().split(0.5), r"rows in one order, got .*\n  Fix: shuffle after spl"),
        (lambda numbers, stream: numbers.split(0.99), "split: expected a row for each part, got 0.99 of 40 rows"),
        (lambda numbers, stream: numbers.split(1.5), r"a finite number above 0 and below 1, got 1.5"),
        (lambda numbers, stream: numbers.split(0.5, seed=-1), r"split\(seed\): expected an integer of at least 0"),
    ],
)
def test_a_split_that_makes_no_two_parts_is_refused(dataset, message, numbers, stream):
    with pytest.raises(ArgumentError, match=message):
        dataset(numbers, stream)


def test_rows_that_lie_class_by_class_are_not_split_at_the_end(tmp_path):
    pillow = pytest.importorskip("PIL.Image")
    for name in ("cat", "dog"):
        (tmp_path / name).mkdir()
        for index in range(8):
            pillow.new("L", (2, 2)).save(tmp_path / name / f"{index}.png")
    pets = Dataset.from_images(tmp_path, (2, 2), workers=0)

    with pytest.raises(ArgumentError, match="split: expected a seed, as rows of one class lie together, got None"):
        pets.split(0.5)
    with pytest.raises(ArgumentError, match="split: expected a seed"):
        pets.cache().split(0.5)
    first, second = pets.split(0.5, seed=1)
    assert len(first) + len(second) == 16


def test_batches_are_what_a_loop_gets(numbers):
    batches = list(numbers.batch(16))

    assert [len(x) for x, _ in batches] == [16, 16, 8]
    assert batches[0][1].tolist() == list(range(0, 32, 2))
    assert [x.shape for x in Dataset.from_arrays(np.zeros((40, 2)))] == [(32, 2), (8, 2)]


def test_batches_of_the_source_are_the_batches():
    dataset = Dataset.from_batches([np.zeros(3), np.ones(3), np.ones(1)])

    assert dataset.batch_size == 3
    assert dataset.batch(2).batch_size == 2
    assert [len(batch) for batch in dataset] == [3, 3, 1]


@pytest.mark.parametrize(
    ("dataset", "steps"),
    [
        (Dataset.from_arrays(np.zeros(10)), 4),
        (Dataset.from_rows(lambda: iter(range(10))), None),
        (Dataset.from_batches([[1, 2, 3], [4]]), 2),
        (Dataset.from_batches([[1, 2, 3], [4]]).map(lambda x: x), 2),
        (Dataset.from_batches([[1, 2, 3], [4]]).filter(lambda x: x > 0), None),
        (Dataset.from_batches([[1, 2, 3], [4]]).batch(3), None),
    ],
)
def test_the_number_of_batches_is_known_where_it_can_be(dataset, steps):
    assert dataset.steps(3) == steps


def test_a_length_that_is_not_known_is_none(stream):
    assert stream.rows is None
    with pytest.raises(
        StageError, match=r"len\(dataset\): expected a known number of rows, got a source .*\n  Fix: look at"
    ):
        len(stream)
    assert len(list(stream)) == 2  # a list asks for the length, and does without


def test_names_of_columns_are_known_as_long_as_nobody_changes_them():
    pandas = pytest.importorskip("pandas")
    dataset = Dataset.from_arrays(pandas.DataFrame({"a": [1.0], "b": [2.0]}))

    assert dataset.filter(lambda x: x[:, 0] > 0).shuffle().columns == ("a", "b")
    assert dataset.map(lambda x: x).columns is None


@pytest.mark.parametrize("dataset", [
    Dataset.from_arrays(np.arange(3.0)).filter(lambda x: x > 5),
    Dataset.from_arrays(np.arange(3.0)).filter(lambda x: x > 5).shuffle(),
])  # fmt: skip
def test_a_pass_without_rows_is_refused(dataset):
    with pytest.raises(DataError, match=r"Dataset: expected at least one row, got none.\n  Fix: check the filter"):
        list(dataset.blocks())


def test_a_pass_whose_rows_were_all_left_out_says_so():
    dataset = Dataset.from_rows([0, 0]).map(lambda x: 1 / int(x), by_row=True, on_error="skip")

    with pytest.raises(DataError, match=r"got none, 2 having been left out.\n  Fix: look at dataset.skipped"):
        list(dataset.blocks())


def test_large_arrays_come_in_many_blocks(numbers, monkeypatch):
    monkeypatch.setattr(_array_source, "READ_BYTES", 160)

    assert [len(block) for block in numbers.blocks()] == [10] * 4


def test_a_data_set_is_shown_by_its_size(numbers, stream):
    assert repr(numbers) == "<Dataset of 40 rows>"
    assert repr(stream) == "<Dataset of an unknown number of rows>"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda data: data.batch(0), r"batch\(batch_size\): expected a positive integer, got 0"),
        (lambda data: data.take(0), r"take\(rows\): expected a positive integer, got 0"),
        (lambda data: data.shuffle(0), r"shuffle\(buffer\): expected a positive integer, got 0"),
        (lambda data: data.prefetch(0), r"prefetch\(blocks\): expected a positive integer, got 0"),
        (lambda data: data.map(3), r"map\(function\): expected a function, got 3"),
        (lambda data: data.filter(None), r"filter\(function\): expected a function, got None"),
        (
            lambda data: data.shuffle(buffer_size=3),
            r"shuffle\(buffer_size\): expected an argument that exists.*\n  Fix: did",
        ),
    ],
)
def test_arguments_that_do_not_fit_are_refused(make, message, numbers):
    with pytest.raises(ArgumentError, match=message):
        make(numbers)
