import numpy as np
import pytest

from lamina.data import Dataset
from lamina.errors import ArgumentError
from lamina.training import ArrayFeed, FitOptions, Rows, Stream, StreamFeed, prepare, read, read_inputs
from lamina.training._given import check_alone, check_batch_size, feed_of

X, Y = np.zeros((6, 3), np.float32), np.arange(6.0)
DATASET = Dataset.from_arrays(X, Y)


@pytest.fixture(scope="module")
def plan(dense, plan_of):
    return plan_of(dense())


def test_arrays_are_read_as_rows_and_data_sets_as_streams(plan):
    assert type(read(plan, X, Y)) is Rows
    assert type(read(plan, DATASET, None)) is Stream


def test_a_data_set_is_scored_in_the_order_it_lies_in(plan):
    stream = read(plan, DATASET.shuffle(), None)

    (rows,) = stream.blocks(0, 0, 100)

    assert rows.targets[0].ravel().tolist() == Y.tolist()


def test_what_feeds_rows_is_found_by_what_they_are(plan):
    assert type(feed_of(read(plan, X, Y), batch_size=4)) is ArrayFeed
    assert type(feed_of(read(plan, DATASET, None), batch_size=4)) is StreamFeed


@pytest.mark.parametrize(
    ("dataset", "size"), [(DATASET, 4), (DATASET.batch(2), 2), (Dataset.from_batches([(X, Y)]), 6)]
)
def test_a_data_set_may_say_the_size_of_batches(plan, dataset, size):
    assert feed_of(read(plan, dataset, None), batch_size=4).batch_size == size


def test_inputs_are_read_from_either(plan):
    (whole,) = read_inputs(plan.graph, X, None)
    (block,) = read_inputs(plan.graph, DATASET, None)

    np.testing.assert_array_equal(whole[0], block[0])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"y": Y},
            r"fit\(y\): expected nothing beside a data set, got an array of shape \(6,\).*\n  Fix: put the targets",
        ),
        (
            {"sample_weight": [1]},
            r"fit\(sample_weight\): expected nothing .*\n  Fix: put the weights into the data set",
        ),
        (
            {"validation_split": 0.25},
            r"fit\(validation_split\): .* got 0.25.\n  Fix: write train, .* dataset.split\(0.25, seed=1\)",
        ),
    ],
)
def test_what_belongs_into_a_data_set_is_refused_beside_it(plan, arguments, message):
    options = {name: value for name, value in arguments.items() if name != "y"}

    with pytest.raises(ArgumentError, match=message):
        prepare(plan, DATASET, arguments.get("y"), FitOptions(**options), classes=None)


def test_weights_beside_a_data_set_are_refused_in_evaluation_too(plan):
    with pytest.raises(ArgumentError, match=r"evaluate\(sample_weight\): expected nothing beside a data set"):
        read(plan, DATASET, None, np.ones(6))


def test_nothing_else_is_refused():
    check_alone("fit", y=None, sample_weight=None)


@pytest.mark.parametrize("batch_size", [16, 64])
def test_another_size_of_batches_than_that_of_the_data_set_is_refused(batch_size):
    check_batch_size(DATASET, batch_size)
    check_batch_size(DATASET.batch(batch_size), batch_size)
    check_batch_size(DATASET.batch(4), 32)
    with pytest.raises(
        ArgumentError, match=rf"fit\(batch_size\): .* got {batch_size}.\n  Fix: write dataset.batch\({batch_size}\)"
    ):
        check_batch_size(DATASET.batch(4), batch_size)


def test_arrays_may_be_validated_on_beside_a_data_set_and_the_other_way_round(plan):
    rows, validation = prepare(plan, DATASET, None, FitOptions(validation_data=(X, Y)), classes=None)
    others, stream = prepare(plan, X, Y, FitOptions(validation_data=DATASET), classes=None)

    assert (type(rows), type(validation)) == (Stream, Rows)
    assert (type(others), type(stream)) == (Rows, Stream)


def test_errors_of_validation_rows_say_so(plan):
    broken = Dataset.from_arrays(np.full((2, 3), np.nan), [1.0, 2.0])

    with pytest.raises(ValueError, match="validation_data x: expected finite numbers, got nan in row 0, column 0"):
        prepare(plan, X, Y, FitOptions(validation_data=broken), classes=None)
