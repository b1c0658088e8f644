import numpy as np
import pytest

from lamina.data._item_source import map_source
from lamina.data._source import Order
from lamina.errors import DataError


class Squares:
    """Numbers with their squares; some of them cannot be read."""

    def __init__(self, count=40, broken=()):
        self.count, self.broken, self.asked = count, broken, []

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        self.asked.append(index)
        if index in self.broken:
            raise OSError(f"sector {index}")
        return np.float32(index), index**2


def numbers(source, *, shuffled=False, epoch=0, skip=0):
    return [int(x) for block in source.blocks(Order(1, epoch, shuffled), skip) for x in block.x]


def test_items_are_read_as_rows():
    first, *_ = map_source(Squares()).blocks(Order(0, 0))

    assert first.x.dtype == np.float32
    assert first.y[:4].tolist() == [0, 1, 4, 9]
    assert first.numbers[:3].tolist() == [0, 1, 2]


def test_a_shuffled_pass_mixes_all_items():
    source = map_source(Squares())

    orders = [numbers(source, shuffled=True, epoch=epoch) for epoch in (0, 1, 1)]

    assert sorted(orders[0]) == list(range(40))
    assert orders[0] != orders[1] == orders[2]


@pytest.mark.parametrize("on_error", ["raise", "skip"])
@pytest.mark.parametrize("skip", [0, 1, 16, 39, 40])
def test_a_pass_may_begin_in_its_middle(on_error, skip):
    source = map_source(Squares(), on_error=on_error)

    assert numbers(source, shuffled=True, skip=skip) == numbers(source, shuffled=True)[skip:]


def test_what_is_left_out_at_the_beginning_is_not_read():
    items = Squares()

    numbers(map_source(items), skip=30)

    assert items.asked == list(range(30, 40))


def test_looking_reads_only_the_first_items():
    items = Squares()

    next(map_source(items).peek())

    assert items.asked == list(range(16))


def test_an_item_that_cannot_be_read_is_named():
    with pytest.raises(DataError, match=r"from_map\(Squares\), row 17: expected no error, got OSError: sector 17"):
        numbers(map_source(Squares(broken={17, 20})))


def test_items_that_are_skipped_are_listed():
    source = map_source(Squares(broken={3, 20}), on_error="skip")

    found = numbers(source)

    assert found == [number for number in range(40) if number not in (3, 20)]
    assert dict(source.skipped) == {"row 3": "OSError: sector 3", "row 20": "OSError: sector 20"}
    assert source.rows is None


def test_some_items_can_be_chosen():
    source = map_source(Squares()).chosen(lambda numbers: numbers[numbers % 10 == 0])

    assert source.rows == 4
    assert numbers(source) == [0, 10, 20, 30]
    assert next(source.blocks(Order(0, 0))).numbers.tolist() == [0, 10, 20, 30]


def test_several_processes_read_the_same_rows():
    table = [([index, -index], index) for index in range(50)]
    here, there = map_source(table), map_source(table, workers=2)

    assert numbers_of(there) == numbers_of(here)


def numbers_of(source):
    return [number for block in source.blocks(Order(3, 1, shuffled=True)) for number in block.y.tolist()]


@pytest.mark.parametrize("given", [(number for number in range(3)), {1, 2}, 3], ids=["generator", "set", "number"])
def test_what_has_no_items_is_refused(given):
    with pytest.raises(
        DataError, match=r"from_map\(dataset\): expected an object with __len__ and __getitem__, got an"
    ):
        map_source(given)
