import numpy as np
import pytest

import lamina as lm
from lamina.data import Dataset
from lamina.errors import ArgumentError, DataError, ShapeError
from lamina.training import Known, Stream, StreamFeed, _stream, to_rows
from lamina.training._stream import first_rows, in_known_columns, input_blocks, joined

pandas = pytest.importorskip("pandas", reason="frames are read where pandas is installed")


@pytest.fixture(scope="module")
def plan(dense, plan_of):
    """Return the plan of a model with three inputs and one number as output."""
    return plan_of(dense())


@pytest.fixture(scope="module")
def kinds(dense, plan_of):
    """Return the plan of a model that tells three classes apart."""
    return plan_of(dense(3, "softmax"), "sparse_categorical_crossentropy")


@pytest.fixture
def rows(rng):
    """Return 50 rows of three numbers, and their numbers as targets."""
    return rng.normal(size=(50, 3)).astype(np.float32), np.arange(50.0, dtype=np.float32)


def stream_of(plan, dataset, **known):
    return Stream(plan, dataset, Known(**known))


def fed(feed, *, seed=1, step=0, start=0):
    """Return the targets of each batch of an epoch, in the order in which the program takes them."""
    batches = []
    for portion in feed.portions(seed, step, start):
        targets = np.asarray(portion.block.targets[0])[:, 0]
        for index in range(portion.steps):
            first = portion.skipped + index * portion.batches.size
            batches.append(targets[first : first + portion.batches.size].tolist())
    return batches


def small_blocks(monkeypatch, rows):
    """Let a block have so many rows of three inputs and a target."""
    monkeypatch.setattr(_stream, "BLOCK_BYTES", rows * 16)


@pytest.mark.parametrize("block", [4, 8, 20, 48, 52, 1000])
@pytest.mark.parametrize("count", [3, 4, 16, 17, 50])
def test_batches_are_those_of_the_rows_in_their_order(plan, rows, monkeypatch, block, count):
    small_blocks(monkeypatch, block)
    x, y = rows
    feed = StreamFeed(stream_of(plan, Dataset.from_arrays(x[:count], y[:count])), batch_size=4)

    batches = fed(feed)

    assert batches == [y[start : min(start + 4, count)].tolist() for start in range(0, count, 4)]
    assert feed.steps() == len(batches)


def test_all_blocks_are_of_one_shape_and_divided_in_one_way(plan, rows, monkeypatch):
    small_blocks(monkeypatch, 20)
    feed = StreamFeed(stream_of(plan, Dataset.from_arrays(*rows)), batch_size=4)

    portions = list(feed.portions(1, 0))

    assert {portion.block.inputs[0].shape for portion in portions} == {(20, 3)}
    assert {portion.batches for portion in portions} == {(4, True)}
    assert [portion.steps for portion in portions] == [5, 5, 3]
    assert [portion.skipped for portion in portions] == [0, 0, 10]


@pytest.mark.parametrize(("count", "ragged"), [(48, False), (50, True)])
def test_batches_are_known_to_be_full_where_the_number_of_rows_is(plan, rows, count, ragged):
    x, y = rows
    known = Dataset.from_arrays(x[:count], y[:count])

    (portion,) = StreamFeed(stream_of(plan, known), batch_size=4).portions(1, 0)
    (other,) = StreamFeed(stream_of(plan, known.filter(lambda x, y: y >= 0)), batch_size=4).portions(1, 0)

    assert portion.batches == (4, ragged)
    assert other.batches == (4, True)


@pytest.mark.parametrize("count", [16, 17, 50])
def test_an_epoch_may_go_on_in_its_middle(plan, rows, monkeypatch, count):
    small_blocks(monkeypatch, 20)
    x, y = rows
    feed = StreamFeed(stream_of(plan, Dataset.from_arrays(x[:count], y[:count]).shuffle()), batch_size=4)

    whole = fed(feed)

    for start in range(len(whole)):
        assert fed(feed, start=start) == whole[start:]
        assert {portion.batches for portion in feed.portions(1, 0, start)} == {(4, count % 4 > 0)}


def test_each_epoch_has_an_order_that_the_seed_decides(plan, rows):
    feed = StreamFeed(stream_of(plan, Dataset.from_arrays(*rows).shuffle()), batch_size=50)

    orders = {(seed, step): tuple(fed(feed, seed=seed, step=step)[0]) for seed in (1, 2) for step in (0, 13)}

    assert len(set(orders.values())) == 4
    assert all(sorted(order) == list(range(50)) for order in orders.values())
    assert tuple(fed(feed, seed=2, step=13)[0]) == orders[2, 13]


def test_rows_are_checked_when_they_are_read_and_named_as_in_their_source(plan, rows):
    x, y = rows
    x[40, 1] = np.nan
    stream = stream_of(plan, Dataset.from_rows(lambda: zip(x, y, strict=True)).shuffle())

    with pytest.raises(
        DataError, match=r"x: expected finite numbers, got nan in row 40, column 1 \(1 such among those read with it\)"
    ):
        fed(StreamFeed(stream, batch_size=4))


@pytest.mark.parametrize(
    ("x", "y", "error", "message"),
    [
        ([[1.0, 2.0, np.inf]], [1.0], DataError, "x: expected finite numbers, got inf in row 0, column 2"),
        ([[1.0, 2.0, 3.0]], ["a"], DataError, "y: expected numbers, as the loss asks for, got text such as 'a'"),
        ([[1.0, 2.0, 3.0]], [[1.0, 2.0]], DataError, r"y: expected targets of shape \(rows, 1\), as the output has"),
        ([[1.0, 2.0]], [1.0], ShapeError, r"dense \(Dense\): expected an input of shape \(batch, 3\), got \(1, 2\)"),
    ],
)
def test_the_first_rows_are_checked_before_training(plan, x, y, error, message):
    with pytest.raises(error, match=message):
        stream_of(plan, Dataset.from_arrays(np.array(x), np.array(y)))


def test_columns_are_named_as_in_the_table(plan):
    frame = pandas.DataFrame({"age": [30.0, 40.0], "income": [1.0, np.nan], "rooms": [2.0, 3.0]})

    with pytest.raises(DataError, match="got nan in row 1, column 'income'"):
        stream_of(plan, Dataset.from_arrays(frame, [1.0, 2.0]))


def test_a_data_set_without_targets_is_refused(plan):
    with pytest.raises(DataError, match=r"y: expected targets, got a data set without them.\n  Fix: name the targets"):
        stream_of(plan, Dataset.from_arrays(np.zeros((2, 3))))


def test_a_data_set_without_rows_is_refused(plan, rows):
    with pytest.raises(DataError, match="expected at least one row, got none"):
        stream_of(plan, Dataset.from_arrays(*rows).filter(lambda x, y: y < 0))


def test_labels_are_numbered_by_all_there_are_and_not_by_the_first(kinds):
    dataset = Dataset.from_arrays(np.zeros((3, 3)), ["dog", "cat", "ant"])

    stream = stream_of(kinds, dataset)
    late = stream_of(kinds, dataset, classes=stream.classes)

    assert stream.classes[0].tolist() == ["ant", "cat", "dog"]
    assert [target.tolist() for target in stream.rows(first_rows(dataset)).targets] == [[2, 1, 0]]
    assert late.classes is not None


def test_labels_must_be_listed_where_not_all_rows_are_seen(kinds):
    dataset = Dataset.from_rows([([1.0, 2.0, 3.0], "dog"), ([1.0, 2.0, 3.0], "cat")])

    with pytest.raises(
        DataError, match=r"y: expected a list of all labels, .*, got labels such as 'dog'.\n  Fix: write cl"
    ):
        stream_of(kinds, dataset)


def test_as_many_labels_are_needed_as_there_are_outputs(kinds):
    with pytest.raises(DataError, match=r"y: expected 3 different labels, one for each output, got 2 \('cat', 'dog'\)"):
        stream_of(kinds, Dataset.from_arrays(np.zeros((2, 3)), ["dog", "cat"]))


def test_a_label_that_was_not_listed_is_refused(kinds):
    dataset = Dataset.from_arrays(np.zeros((3, 3)), ["dog", "cat", "ant"])
    stream = stream_of(kinds, dataset)

    with pytest.raises(DataError, match="y: expected the labels seen in training, got 'emu' in row 1"):
        stream.rows(first_rows(dataset.map(lambda x, y: (x, np.where(y == "cat", "emu", y)))))


def test_columns_are_put_into_the_order_of_training(plan):
    frame = pandas.DataFrame({"b": [2.0], "c": [3.0], "a": [1.0]})
    dataset = Dataset.from_arrays(frame, [1.0])

    stream = stream_of(plan, dataset, columns=(("a", "b", "c"),))

    assert stream.sample.inputs[0].tolist() == [[1.0, 2.0, 3.0]]
    assert stream.columns == (("a", "b", "c"),)
    with pytest.raises(
        DataError, match="x: expected the columns that the model was trained on, .* got a frame without 'd'"
    ):
        in_known_columns(dataset, frame.to_numpy(), (("a", "b", "d"),), where="x")


@pytest.mark.parametrize("weight", [[1.0, 0.5], [0.0, 0.0]])
def test_weights_of_rows_are_kept_also_where_none_of_a_block_counts(plan, weight):
    dataset = Dataset.from_arrays(np.zeros((2, 3)), [1.0, 2.0], sample_weight=weight)

    assert stream_of(plan, dataset).sample.weights[0].tolist() == weight


def test_weights_of_classes_become_weights_of_rows(kinds):
    dataset = Dataset.from_arrays(np.zeros((3, 3)), np.array([2, 0, 2]), sample_weight=[1.0, 1.0, 0.5])

    stream = stream_of(kinds, dataset, class_weight={0: 1.0, 1: 2.0, 2: 4.0})

    assert stream.sample.weights[0].tolist() == [4.0, 1.0, 2.0]
    with pytest.raises(ArgumentError, match="expected a weight for every class in y, got none for class 2"):
        stream_of(kinds, dataset, class_weight={0: 1.0})


def test_the_number_of_rows_is_known_at_the_latest_after_a_pass(plan, rows):
    dataset = Dataset.from_arrays(*rows)
    whole, part = stream_of(plan, dataset), stream_of(plan, dataset.filter(lambda x, y: y < 7))

    assert (len(whole), len(part)) == (50, 0)
    fed(StreamFeed(part, batch_size=4))
    assert len(part) == 7


def test_a_generator_is_gone_through_once_for_checks_and_training_together(plan, rows):
    feed = StreamFeed(stream_of(plan, Dataset.from_rows(zip(*rows, strict=True))), batch_size=25)

    assert sum(fed(feed), []) == list(range(50))
    with pytest.raises(DataError, match="expected an iterator that can be gone through again .*used up"):
        fed(feed)


def test_inputs_for_prediction_come_as_they_lie(plan, rows):
    dataset = Dataset.from_arrays(*rows).shuffle()

    ((found,),) = input_blocks(plan.graph, dataset, None)

    np.testing.assert_array_equal(found, rows[0])
    with pytest.raises(DataError, match="got nan in row 0, column 0"):
        list(input_blocks(plan.graph, Dataset.from_arrays(np.full((1, 3), np.nan)), None))


def test_rows_are_joined(plan, rows):
    x, y = rows
    first, second = (to_rows(plan, x[part], y[part], y[part] + 1) for part in (slice(0, 2), slice(7, 8)))

    found = joined(first, second)

    assert found.targets[0].ravel().tolist() == [0, 1, 7]
    assert found.weights[0].tolist() == [1, 2, 8]
    np.testing.assert_array_equal(found.inputs[0], x[[0, 1, 7]])


@pytest.fixture(scope="module")
def network(trainee):
    layers = [lm.layers.Dense(4, activation="tanh"), lm.layers.Dropout(0.3), lm.layers.Dense(1)]
    model = lm.Sequential([lm.Input((3,)), *layers]).build(seed=1)
    return trainee(model, "mse", "adam")


@pytest.mark.parametrize("block", [8, 20, 1000])
def test_training_on_a_stream_gives_the_weights_of_training_on_arrays_bit_by_bit(network, rows, monkeypatch, block):
    small_blocks(monkeypatch, block)
    options = {"batch_size": 4, "epochs": 2, "shuffle": False}

    by_arrays = network.restarted().fit(*rows, **options, validation_data=rows).history
    weights = network.numbers()
    dataset = Dataset.from_arrays(*rows)
    by_stream = network.restarted().fit(dataset, None, **options, validation_data=dataset).history

    np.testing.assert_array_equal(network.numbers(), weights)
    assert by_stream == by_arrays


def test_training_without_a_known_length_gives_the_same_weights(network, rows, monkeypatch):
    small_blocks(monkeypatch, 20)
    dataset = Dataset.from_arrays(*rows)

    network.restarted().fit(dataset.shuffle(), None, batch_size=4, epochs=2)
    weights = network.numbers()
    history = network.restarted().fit(dataset.filter(lambda x, y: y >= 0).shuffle(), None, batch_size=4, epochs=2)

    np.testing.assert_allclose(network.numbers(), weights, rtol=1e-5)
    assert (history.params["rows"], history.params["steps"]) == (50, None)
