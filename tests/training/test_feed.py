import dataclasses
import tracemalloc

import numpy as np
import pytest

import lamina as lm
from lamina import ops, training
from lamina.errors import ArgumentError
from lamina.training import ArrayFeed, _feed


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
    return [[number for block in blocks(feed, seed=seed, step=step) for number in block] for step in steps]


def blocks(feed, *, seed=1, step=0, start=0):
    """Return the numbers of the rows of each block, without those that were in the block before."""
    found = []
    for portion in feed.portions(seed, step, start):
        weights = np.array(portion.block.weights[0])  # a copy: the next block may lie in the same place
        order = range(len(weights)) if portion.order is None else portion.order
        found.append([float(weights[row]) for row in order][portion.skipped :])
    return found


@pytest.mark.parametrize("rows_per_block", [None, 2, 4])
def test_an_epoch_may_go_on_in_its_middle(rows, rows_per_block):
    feed = ArrayFeed(rows, batch_size=2, shuffle=True, rows_per_block=rows_per_block)
    whole = sum(blocks(feed), [])

    for start in range(6):
        assert sum(blocks(feed, start=start), []) == whole[2 * start :]
        assert sum(portion.steps for portion in feed.portions(1, 0, start)) == 5 - start


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
    [(2, 4, [4, 4, 2]), (3, 3, [3, 3, 3, 1]), (4, 8, [8, 2]), (5, 20, [10]), (20, 20, [10])],
)
def test_blocks_hold_whole_batches_and_share_one_shape(rows, batch_size, rows_per_block, sizes):
    feed = ArrayFeed(rows, batch_size=batch_size, shuffle=True, rows_per_block=rows_per_block)

    shapes = {portion.block.inputs[0].shape for portion in feed.portions(1, 0)}

    assert [len(block) for block in blocks(feed)] == sizes
    assert shapes == {(min(rows_per_block, 10), 3)}
    assert sum(portion.steps for portion in feed.portions(1, 0)) == feed.steps()


@pytest.mark.parametrize("shuffle", [True, False])
@pytest.mark.parametrize("layout", ["C", "F"])
def test_rows_come_in_the_same_order_in_blocks(rows, shuffle, layout):
    rows = dataclasses.replace(rows, inputs=(np.asarray(rows.inputs[0], order=layout),))
    whole = ArrayFeed(rows, batch_size=2, shuffle=shuffle)
    parts = ArrayFeed(rows, batch_size=2, shuffle=shuffle, rows_per_block=4)

    assert orders(parts) == orders(whole)


@pytest.mark.parametrize(("room", "expected"), [(200, 12), (199, 9), (160, 6), (100, 3), (1, 3)])
def test_as_many_batches_go_to_the_device_as_there_is_room_for(rows, monkeypatch, room, expected):
    monkeypatch.setattr(_feed, "BLOCK_BYTES", room)

    feed = ArrayFeed(rows, batch_size=3, shuffle=True)  # 10 rows of 5 numbers, 4 bytes each

    assert feed.rows_per_block == expected


def test_another_device_takes_all_rows_at_once(rows, monkeypatch):
    monkeypatch.setattr(_feed, "BLOCK_BYTES", 1)
    monkeypatch.setattr(ops, "default_backend", lambda: "gpu")

    (portion,) = ArrayFeed(rows, batch_size=3, shuffle=False).portions(1, 0)

    np.testing.assert_array_equal(portion.block.inputs[0], rows.inputs[0])


def test_blocks_take_turns_in_one_place(rows):
    feed = ArrayFeed(rows, batch_size=2, shuffle=True, rows_per_block=4)

    places = {portion.block.inputs[0].unsafe_buffer_pointer() for portion in feed.portions(1, 0)}

    assert len(places) == 1


def test_what_is_input_and_target_alike_goes_to_the_device_once(line):
    x, _ = line
    model = lm.Sequential([lm.Input((3,)), lm.layers.Dense(3)])
    plan = training.compile_plan(model.graph, "sgd", loss="mse")
    rows, _ = training.prepare(plan, x, x, training.FitOptions(validation_split=0.2), classes=None)

    (whole,) = ArrayFeed(rows, batch_size=2, shuffle=True).portions(1, 0)
    parts = list(ArrayFeed(rows, batch_size=2, shuffle=True, rows_per_block=2).portions(1, 0))

    assert rows.nbytes == 8 * 3 * 4
    assert all(portion.block.inputs[0] is portion.block.targets[0] for portion in (whole, *parts))


@pytest.mark.parametrize("rows_per_block", [3, 5])
def test_blocks_that_would_cut_batches_are_refused(rows, rows_per_block):
    with pytest.raises(
        ArgumentError, match=r"^ArrayFeed\(rows_per_block\): expected a multiple of the batch size \(4\), got"
    ):
        ArrayFeed(rows, batch_size=4, shuffle=True, rows_per_block=rows_per_block)


def test_training_block_by_block_gives_the_same_weights_bit_by_bit(network, line, monkeypatch):
    def trained():
        history = network.restarted().fit(*line, batch_size=3, epochs=2, validation_data=line)
        return history.history, network.numbers()

    history, weights = trained()
    monkeypatch.setattr(_feed, "BLOCK_BYTES", 100)  # six of the ten rows
    block_history, block_weights = trained()

    np.testing.assert_array_equal(block_weights, weights)
    assert block_history == history


def test_many_rows_are_trained_on_without_a_second_copy_of_them(dense, monkeypatch):
    monkeypatch.setattr(_feed, "BLOCK_BYTES", 2**20)
    x = np.ones((20_000, 100), np.float32)  # 8 MB, in blocks of 1 MB
    model = dense(100, "sigmoid", features=100)
    model.compile("sgd", "binary_crossentropy")
    model.fit(x, x, batch_size=100, validation_split=0.25, verbose=0)
    tracemalloc.start()

    model.fit(x, x, batch_size=100, validation_split=0.25, verbose=0)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * 2**20
