import gc
import tracemalloc

import jax
import numpy as np
import pytest

import lamina as lm
from lamina.errors import DataError, StageError
from lamina.layers import Activation, Conv2D, Dense
from lamina.training import PRECISIONS, is_ready, predict, rows_at_once, run_once, to_classes


class Forward:
    """A network that doubles its first input and notes how many rows it was given."""

    def __init__(self):
        self.sizes = []

    def __call__(self, inputs):
        self.sizes.append([len(array) for array in inputs])
        return inputs[0] * 2, inputs[0].sum(axis=1)


@pytest.mark.parametrize(
    ("count", "batch_size", "sizes"),
    [
        (1, 4096, [1]),
        (3, 4096, [4]),
        (5000, 4096, [4096, 1024]),
        (8192, 4096, [4096, 4096]),
        (10, 4, [4, 4, 2]),
        (11, 100, [16]),
        (250, 100, [100, 100, 64]),
        (3, 1, [1, 1, 1]),
    ],
)
def test_rows_go_through_in_groups_of_few_sizes(count, batch_size, sizes):
    forward, x = Forward(), np.arange(2.0 * count).reshape(count, 2)

    doubled, total = predict(forward, (x,), batch_size=batch_size)

    assert [size for (size,) in forward.sizes] == sizes
    np.testing.assert_array_equal(doubled, x * 2)
    np.testing.assert_array_equal(total, x.sum(axis=1))


def test_all_inputs_are_cut_alike():
    forward = Forward()

    predict(forward, (np.zeros((5, 2)), np.zeros((5, 3))))

    assert forward.sizes == [[8, 8]]


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (np.zeros((1, 3), np.float32), True),
        (np.zeros((4096, 3), np.float32), True),
        (np.zeros((8192, 3), np.float32), False),
        (np.zeros((3, 3), np.float32), False),
        (np.zeros((0, 3), np.float32), False),
        (np.zeros((1, 3)), False),
        (np.zeros((1, 4), np.float32), False),
        (np.zeros((1,), np.float32), False),
        ([[0.0, 0.0, 0.0]], False),
    ],
)
def test_what_needs_no_preparation_is_known(x, expected):
    assert is_ready(x, (None, 3)) is expected


@pytest.mark.parametrize(
    ("shape", "layers", "rows"),
    [
        ((3,), [Dense(2)], 4096),
        ((64, 64, 8), [Conv2D(31, 1, use_bias=False)], 256),  # each row a little less than 2**19 bytes
        ((64, 64, 8), [Conv2D(33, 1, use_bias=False)], 128),
        ((2**13, 2**12), [Activation("relu")], 1),
    ],
)
def test_so_many_rows_go_through_together_that_memory_is_no_concern(shape, layers, rows):
    graph = lm.Sequential([lm.Input(shape), *layers]).graph

    assert rows_at_once(graph) == rows
    assert not is_ready(np.zeros((8, 3), np.float32), (None, 3), most=4)


@pytest.mark.parametrize(
    ("predictions", "labels", "options", "expected"),
    [
        ([[0.1, 0.7, 0.2], [0.5, 0.3, 0.2]], None, {}, [1, 0]),
        ([[0.1, 0.7, 0.2], [0.5, 0.3, 0.2]], ["cat", "dog", "fox"], {}, ["dog", "cat"]),
        ([[[0.9, 0.1], [0.2, 0.8]]], None, {}, [[0, 1]]),
        ([[0.5], [0.51]], None, {"yes_above": 0.5}, [0, 1]),
        ([[0.2], [0.9]], [False, True], {"yes_above": 0.5}, [False, True]),
        ([[-0.1], [0.1]], None, {"yes_above": 0.0}, [0, 1]),
        ([[0.9, 0.2, 0.8], [0.4, 0.3, 0.2]], None, {"yes_above": 0.5}, [[1, 0, 1], [0, 0, 0]]),
    ],
)
def test_the_class_is_the_most_probable_one_or_what_each_output_says(predictions, labels, options, expected):
    labels = None if labels is None else np.array(labels)

    assert to_classes(np.array(predictions), labels, **options).tolist() == expected


@pytest.mark.parametrize("loss", ["sparse_categorical_crossentropy", "categorical_crossentropy"])
def test_labels_given_to_fit_come_back(dense, loss):
    model = dense(2, "softmax", features=1)
    model.compile(lm.optimizers.SGD(1.0), loss)

    model.fit([-1.0, -2.0, 1.0, 2.0], ["cold", "cold", "warm", "warm"], epochs=20, verbose=0)

    assert model.predict_classes([-3.0, 3.0]).tolist() == ["cold", "warm"]
    with pytest.raises(DataError, match="expected the labels seen in training, got 'hot' in row 1"):
        model.evaluate([-3.0, 3.0], ["cold", "hot"])


def test_the_network_can_be_run_as_it_is_written(dense):
    model = dense(2, "relu")
    x = np.ones((1, 3), np.float32)

    (found,) = run_once(model.graph, model.state, (x,), training=False, precision=PRECISIONS["float32"])

    np.testing.assert_allclose(found, model.predict(x), rtol=1e-6)


def test_settings_act_when_the_network_is_run_as_it_is_written():
    model = lm.Sequential([lm.Input((1000,)), lm.layers.Dropout(0.5)])
    x = np.ones((1, 1000), np.float32)
    settings = {"dropout/rate": np.float32(0.0)}

    (dropped,) = run_once(model.graph, model.state, (x,), training=True, precision=PRECISIONS["float32"])
    (kept,) = run_once(
        model.graph, model.state.replace(settings=settings), (x,), training=True, precision=PRECISIONS["float32"]
    )

    assert 300 < (np.asarray(dropped) == 0).sum() < 700
    np.testing.assert_array_equal(kept, x)


@pytest.mark.parametrize("rows", [1, 3])
def test_ten_thousand_predictions_neither_compile_again_nor_keep_memory(dense, rows):
    model, x = dense(2), np.ones((rows, 3), np.float32)
    tracemalloc.start()
    for _ in range(100):
        model.predict(x)
    gc.collect()
    before, _ = tracemalloc.get_traced_memory()

    with jax.no_tracing(True):
        for _ in range(5000):
            model.predict(x)

    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < 20 * 5000


def test_numbers_are_no_classes(dense):
    model = dense()
    model.compile("sgd", "mse")

    with pytest.raises(StageError, match=r"predict_classes: .* MeanSquaredError, which .*\n  Fix: call predict"):
        model.predict_classes(np.zeros((2, 3)))
