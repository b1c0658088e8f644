import numpy as np
import pytest

from lamina.data import RowBlock
from lamina.data._source import Order, Source


class Three(Source):
    """The least that a source can be."""

    def blocks(self, order, skip=0):
        yield RowBlock((np.arange(3),), np.arange(3))


def test_a_pass_that_is_not_shuffled_goes_through_the_rows_as_they_lie():
    assert Order(seed=1, epoch=2).numbers(4).tolist() == [0, 1, 2, 3]


def test_the_order_of_a_pass_follows_from_seed_and_epoch():
    orders = {
        (seed, epoch): tuple(Order(seed, epoch, shuffled=True).numbers(20)) for seed in (1, 2) for epoch in (0, 1)
    }

    assert len(set(orders.values())) == 4
    assert all(sorted(order) == list(range(20)) for order in orders.values())
    assert tuple(Order(1, 0, shuffled=True).numbers(20)) == orders[1, 0]


def test_random_numbers_for_different_purposes_differ():
    order = Order(seed=1, epoch=0)

    assert order.random("shuffle").random() != order.random("source").random()


def test_a_source_says_no_more_than_it_knows():
    source = Three()

    assert (source.rows, source.steps, source.columns, source.classes, source.batch_size()) == (None,) * 5
    assert (source.any_order, source.is_sorted, dict(source.skipped)) == (False, False, {})
    assert source.chosen(lambda numbers: numbers) is None
    assert source.place(7) == "row 7"
    assert next(source.peek()).x.tolist() == [0, 1, 2]


def test_a_source_must_give_blocks():
    with pytest.raises(NotImplementedError):
        Source().blocks(Order(0, 0))
