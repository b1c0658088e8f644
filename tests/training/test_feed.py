import numpy as np
import pytest

import lamina as lm
from lamina import training
from lamina.errors import ArgumentError
from lamina.training import ArrayFeed, Events, Session
from lamina.training._loop import Interrupt, Pace, Watch, train_epoch


@pytest.fixture(scope="module")
def network(trainee):
    layers = [lm.layers.Dense(4, activation="tanh"), lm.layers.Dropout(0.3), lm.layers.Dense(1)]
    model = lm.Sequential([lm.Input((3,)), *layers]).build(seed=1)
    return trainee(model, "mse", "adam")


@pytest.fixture
def rows(network, line):
    return training.to_rows(network.plan, *line, np.arange(1, 11))


def orders(feed, *, seed=1, steps=(0, 4)):
    """Return the numbers of the rows as they come, by their weights, for epochs that begin at these steps."""
    epochs = []
    for step in steps:
        portions = feed.portions(seed, step)
        epochs.append([float(portion.block.weights[0][row]) for portion in portions for row in portion.order])
    return epochs


def test_without_shuffling_rows_keep_their_order(rows):
    first, second = orders(ArrayFeed(rows, batch_size=4, shuffle=False))

    assert first == second == list(range(1, 11))


def test_each_epoch_has_an_order_of_its_own_that_the_seed_decides(rows):
    feed = ArrayFeed(rows, batch_size=4, shuffle=True)

    first, second = orders(feed)

    assert sorted(first) == sorted(second) == list(range(1, 11))
    assert first != second
    assert orders(feed) == [first, second]
    assert orders(feed, seed=2) != [first, second]


@pytest.mark.parametrize(("batch_size", "steps"), [(1, 10), (3, 4), (5, 2), (10, 1), (11, 1), (1000, 1)])
def test_a_batch_larger_than_the_data_is_the_data(rows, batch_size, steps):
    feed = ArrayFeed(rows, batch_size=batch_size, shuffle=True)

    assert feed.steps() == steps
    assert feed.batch_size == min(batch_size, 10)


@pytest.mark.parametrize(
    ("batch_size", "rows_per_block", "sizes"),
    [(2, 4, [4, 4, 2]), (3, 3, [3, 3, 4]), (4, 8, [10]), (4, 4, [4, 6]), (5, 20, [10]), (20, 20, [10])],
)
def test_blocks_hold_whole_batches_and_no_last_one_is_shorter(rows, batch_size, rows_per_block, sizes):
    feed = ArrayFeed(rows, batch_size=batch_size, shuffle=True, rows_per_block=rows_per_block)

    portions = list(feed.portions(1, 0))

    assert [len(portion.order) for portion in portions] == sizes
    assert sum(portion.steps for portion in portions) == feed.steps()


def test_rows_come_in_the_same_order_in_blocks(rows):
    whole = ArrayFeed(rows, batch_size=2, shuffle=True)
    blocks = ArrayFeed(rows, batch_size=2, shuffle=True, rows_per_block=4)

    assert orders(blocks) == orders(whole)


@pytest.mark.parametrize("rows_per_block", [3, 5])
def test_blocks_that_would_cut_batches_are_refused(rows, rows_per_block):
    with pytest.raises(
        ArgumentError, match=r"^ArrayFeed\(rows_per_block\): expected a multiple of the batch size \(4\), got"
    ):
        ArrayFeed(rows, batch_size=4, shuffle=True, rows_per_block=rows_per_block)


def test_training_block_by_block_gives_the_same_weights_bit_by_bit(network, rows):
    def trained(**options):
        network.restarted()
        feed = ArrayFeed(rows, batch_size=3, shuffle=True, **options)
        session = Session(network, network.plan, epochs=1, first_epoch=0, steps=4, rows=10, metrics=("loss",))
        watch = Watch(0, Events([], session), Interrupt())
        values = train_epoch(network, network.program, feed, Pace(), watch=watch)
        return values, network.numbers()

    values, weights = trained()
    block_values, block_weights = trained(rows_per_block=3)

    np.testing.assert_array_equal(block_weights, weights)
    assert block_values == values
