import numpy as np
import pytest

import lamina as lm
from lamina.errors import DataError, ShapeError
from lamina.training import to_inputs, to_rows

X = np.zeros((4, 3), np.float32)


@pytest.fixture(scope="module")
def plan(dense, plan_of):
    return plan_of(dense(), "mse")


def test_rows_are_checked_arrays_in_the_shapes_of_the_network(plan):
    rows = to_rows(plan, X.tolist(), [1, 2, 3, 4])

    assert len(rows) == 4
    assert rows.inputs[0].shape == (4, 3)
    assert rows.targets[0].tolist() == [[1.0], [2.0], [3.0], [4.0]]
    assert rows.weights is None
    assert rows.classes == (None,)


def test_some_rows_can_be_taken(plan):
    rows = to_rows(plan, X, [1, 2, 3, 4], sample_weight=[0.1, 0.2, 0.3, 0.4])

    some = rows.take(np.array([3, 0]))

    assert len(some) == 2
    assert some.targets[0].ravel().tolist() == [4.0, 1.0]
    np.testing.assert_allclose(some.weights[0], [0.4, 0.1])


def test_rows_go_to_the_device_as_a_block(plan):
    block = to_rows(plan, X, [1, 2, 3, 4]).block()

    assert block.inputs[0].shape == (4, 3)
    assert block.targets[0].tolist() == [[1.0], [2.0], [3.0], [4.0]]
    assert block.weights is None


@pytest.mark.parametrize("y", [np.zeros(3), np.zeros((5, 1))])
def test_as_many_targets_as_inputs_are_needed(plan, y):
    with pytest.raises(DataError, match=rf"^y: expected as many rows as x has \(4\), got {len(y)}"):
        to_rows(plan, X, y)


def test_targets_are_needed(plan):
    with pytest.raises(
        DataError, match=r"^y: expected targets, got None\.\n  Fix: pass them after the inputs, as in fit"
    ):
        to_rows(plan, X, None)


@pytest.mark.parametrize(
    ("shape", "fix"),
    [
        ((4, 5), "build the model for this data, or select the columns"),
        ((4, 3, 1), r"reshape the rows: x\.reshape\(-1, 3\)"),
        ((3,), r"write x\[None\] for a single row; a batch has one row for each example"),
        ((7,), "build the model"),
    ],
)
def test_rows_of_another_shape_are_refused_where_they_are_read(plan, shape, fix):
    expected = rf"^dense \(Dense\): expected an input of shape \(batch, 3\), got \({shape[0]},.*\n  Fix: {fix}"
    with pytest.raises(ShapeError, match=expected):
        to_rows(plan, np.zeros(shape), np.zeros(len(np.zeros(shape))))


def test_images_without_channels_are_told_how_to_get_them():
    model = lm.Sequential([lm.Input((8, 9, 3)), lm.layers.Conv2D(2, 3)])
    fix = r"give a last axis of 3, or build the model for one of 1: Input\(\(8, 9, 1\)\) and x\[\.\.\., None\]"

    with pytest.raises(ShapeError, match=rf"conv2d \(Conv2D\): .*\n  Fix: {fix}"):
        to_inputs(model.graph, np.zeros((5, 8, 9)))


@pytest.mark.parametrize(
    ("size", "shape", "fix"),
    [
        ((8, 9, 1), (8, 9), r"write x\[None, \.\.\., None\] for a single one"),
        ((None, None, 3), (5, 8, 9), "build the model for this data, or bring the data into that shape"),
        ((8, 9, 1), (5, 8, 9, 3), "build the model for this data, or bring the data into that shape"),
    ],
)
def test_other_images_are_told_what_is_missing(size, shape, fix):
    model = lm.Sequential([lm.Input(size), lm.layers.Conv2D(2, 3)])

    with pytest.raises(ShapeError, match=rf"conv2d \(Conv2D\): .*\n  Fix: {fix}"):
        to_inputs(model.graph, np.zeros(shape))


def test_images_with_their_channels_first_are_told_from_others():
    model = lm.Sequential([lm.Input((8, 9, 3)), lm.layers.Conv2D(2, 3)])

    with pytest.raises(
        ShapeError, match=r"conv2d \(Conv2D\): .*\n  Fix: move the channels to the end: np\.moveaxis\(x, 1"
    ):
        to_inputs(model.graph, np.zeros((5, 3, 8, 9)))
    assert len(to_inputs(model.graph, np.moveaxis(np.zeros((5, 3, 8, 9)), 1, -1))[0]) == 5


def test_a_single_image_is_told_from_a_batch():
    model = lm.Sequential([lm.Input((28, 28)), lm.layers.Flatten()])

    with pytest.raises(
        ShapeError, match=r"^flatten \(Flatten\): expected .*\(batch, 28, 28\), got \(28, 28\)\.\n  Fix: write x"
    ):
        to_inputs(model.graph, np.zeros((28, 28)))


def test_numbers_alone_are_rows_of_one_number():
    model = lm.Sequential([lm.Input((1,)), lm.layers.Dense(1)])

    assert to_inputs(model.graph, [1, 2, 3])[0].tolist() == [[1.0], [2.0], [3.0]]


def test_sizes_that_may_vary_take_any():
    model = lm.Sequential([lm.Input((None, 2)), lm.layers.Dense(1)])

    assert to_inputs(model.graph, np.zeros((4, 9, 2)))[0].shape == (4, 9, 2)
    with pytest.raises(ShapeError, match=r"expected an input of shape \(batch, any, 2\), got \(4, 9, 3\)"):
        to_inputs(model.graph, np.zeros((4, 9, 3)))


@pytest.mark.parametrize("wrap", [list, tuple, lambda pair: {"right": pair[1], "left": pair[0]}])
def test_several_inputs_are_given_in_order_or_by_name(two_by_two, wrap):
    left, right = np.ones((4, 2), np.float32), np.zeros((4, 3), np.float32)

    inputs = to_inputs(two_by_two.graph, wrap([left, right]))

    assert [array.shape for array in inputs] == [(4, 2), (4, 3)]


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.zeros((4, 2)), r"^x: expected 2, one for each input \(left, right\), got 1"),
        ({"left": np.zeros((4, 2)), "rihgt": np.zeros((4, 3))}, "^x: .* got 'rihgt'.\n  Fix: did you mean 'right'?"),
        ({"left": np.zeros((4, 2))}, "^x: expected something for each input, got nothing for 'right'"),
        ([np.zeros((4, 2)), np.zeros((5, 3))], r"^x\['right'\]: expected as many rows as x\['left'\] has \(4\), got 5"),
        (
            [np.zeros((4, 2)), np.full((4, 3), np.nan)],
            r"^x\['right'\]: expected finite numbers, got nan in row 0, column 0",
        ),
        ([[], np.zeros((4, 3))], r"^x\['left'\]: expected at least one row, got none"),
    ],
)
def test_inputs_that_do_not_match_are_refused(two_by_two, x, message):
    with pytest.raises(DataError, match=message):
        to_inputs(two_by_two.graph, x)


def test_targets_of_several_outputs_are_named_in_errors(two_by_two, plan_of):
    plan = plan_of(two_by_two, ["mse", "sparse_categorical_crossentropy"])
    x = [np.zeros((4, 2)), np.zeros((4, 3))]

    with pytest.raises(DataError, match=r"^y\['kind'\]: expected class numbers from 0 to 2, got 3 in row 3"):
        to_rows(plan, x, {"price": [1, 2, 3, 4], "kind": [0, 1, 2, 3]})


def test_the_layer_that_reads_the_data_may_refuse_it():
    model = lm.Sequential([lm.Input((2,), dtype="int32"), lm.layers.Embedding(5, 3), lm.layers.Flatten()])

    with pytest.raises(DataError, match=r"^x: expected whole numbers from 0 to 4 for .*, got 5 in row 1"):
        to_inputs(model.graph, [[0, 1], [2, 5]])


def test_ignored_classes_are_those_of_the_loss(dense, plan_of):
    plan = plan_of(dense(3, "softmax"), lm.losses.SparseCategoricalCrossentropy(ignore_class=-1))

    assert to_rows(plan, X, [0, -1, 2, -1]).targets[0].tolist() == [0, -1, 2, -1]


def test_labels_are_those_of_earlier_training(dense, plan_of):
    plan = plan_of(dense(3, "softmax"), "sparse_categorical_crossentropy")
    known = (np.array(["a", "b", "c"]),)

    rows = to_rows(plan, X, ["c", "b", "c", "b"], classes=known)

    assert rows.targets[0].tolist() == [2, 1, 2, 1]
    assert rows.classes[0] is known[0]


def test_labels_are_refused_where_training_was_on_numbers(dense, plan_of):
    plan = plan_of(dense(2, "softmax"), "sparse_categorical_crossentropy")
    message = (
        r"^y: expected class numbers, as in earlier training, got labels such as 'a'\.\n  Fix: give numbers, or train"
    )

    assert to_rows(plan, X, [True, False, True, True], classes=(None,)).targets[0].tolist() == [1, 0, 1, 1]
    with pytest.raises(DataError, match=message):
        to_rows(plan, X, ["a", "b", "a", "b"], classes=(None,))


def test_the_shape_of_all_rows_in_place_of_one_is_found_out(plan_of):
    plan = plan_of(lm.Sequential([lm.Input((6, 4)), lm.layers.Dense(1)]))

    with pytest.raises(ShapeError, match=r"for 6 rows state the shape of one row: Input\(\(4,\)\)"):
        to_inputs(plan.graph, np.zeros((6, 4)))
