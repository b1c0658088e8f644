import numpy as np
import pytest

import lamina as lm
from lamina.errors import DataError
from lamina.training._weights import check_counted, to_weights

ROWS = np.zeros((4, 2))


@pytest.fixture(scope="module")
def sequence():
    return lm.Sequential([lm.Input((5, 2)), lm.layers.Dense(3)]).graph


def weights(graph, given):
    return to_weights(graph, given, ROWS, "sample_weight")


@pytest.mark.parametrize(
    "given",
    [[1, 0, 2, 3], (1, 0, 2, 3), np.array([1, 0, 2, 3]), [[1], [0], [2], [3]], {"price": [1, 0, 2, 3]}],
    ids=["list", "tuple", "array", "column", "dictionary"],
)
def test_each_row_has_a_weight(dense, given):
    graph = dense(1, name="price").graph

    (found,) = weights(graph, given)

    assert found.dtype == np.float32
    assert found.tolist() == [1.0, 0.0, 2.0, 3.0]


def test_weights_for_all_outputs_are_given_once(two_by_two):
    first, second = weights(two_by_two.graph, np.array([1, 2, 3, 4]))

    assert first.tolist() == second.tolist() == [1.0, 2.0, 3.0, 4.0]


@pytest.mark.parametrize("given", [[[1, 2, 3, 4], None], {"kind": None, "price": [1, 2, 3, 4]}])
def test_each_output_may_have_weights_of_its_own(two_by_two, given):
    first, second = weights(two_by_two.graph, given)

    assert first.tolist() == [1.0, 2.0, 3.0, 4.0]
    assert second.tolist() == [1.0, 1.0, 1.0, 1.0]


@pytest.mark.parametrize("shape", [(4,), (4, 5), (4, 1)])
def test_sequences_take_a_weight_for_each_row_or_time_step(sequence, shape):
    (found,) = weights(sequence, np.ones(shape))

    assert found.shape in ((4,), (4, 5))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([1, 2, 3], r"expected as many rows as x has \(4\), got 3"),
        ([1, -2, 3, -4], "expected weights of at least 0, got -2 in row 1.\n  Fix: give a weight of 0 to a row"),
        ([0, 0, 0, 0], "expected at least one row with a weight above 0, got 0 for all 4 rows.\n  Fix: give the rows"),
        ([1, np.nan, 1, 1], "expected finite numbers, got nan in row 1"),
        (["a", "b", "c", "d"], "expected numbers"),
        (2.0, "expected rows, got 2.0"),
        (np.ones((4, 2)), r"expected one weight for each row, got an array of shape \(4, 2\)"),
    ],
)
def test_weights_that_cannot_be_are_refused(dense, given, message):
    with pytest.raises(DataError, match=f"^sample_weight: {message}"):
        weights(dense().graph, given)


@pytest.mark.parametrize("shape", [(4, 2), (4, 5, 3)])
def test_weights_of_sequences_have_the_shape_of_the_steps(sequence, shape):
    with pytest.raises(
        DataError, match=r"^sample_weight: expected one weight for each row \(or each row and step\), got an"
    ):
        weights(sequence, np.ones(shape))


def test_errors_name_the_output(two_by_two):
    with pytest.raises(DataError, match=r"^sample_weight\['kind'\]: expected weights of at least 0, got -1 in row 0"):
        weights(two_by_two.graph, {"price": None, "kind": [-1, 1, 1, 1]})


def test_several_outputs_take_as_many_weights(two_by_two):
    with pytest.raises(DataError, match=r"^sample_weight: expected 2, one for each output \(price, kind\), got 1"):
        weights(two_by_two.graph, [[1, 2, 3, 4]])


def test_no_weights_count_every_row():
    check_counted((), where="fit")


def test_the_targets_know_how_many_steps_there_are_where_the_network_does_not():
    graph = lm.Sequential([lm.Input((None, 2)), lm.layers.Dense(3)]).graph
    targets = [np.zeros((4, 5, 3))]

    (found,) = to_weights(graph, np.ones((4, 5)), ROWS, "sample_weight", targets=targets)

    assert found.shape == (4, 5)
    with pytest.raises(
        DataError, match=r"got an array of shape \(4, 6\).\n  Fix: give an array of shape \(rows,\), or"
    ):
        to_weights(graph, np.ones((4, 6)), ROWS, "sample_weight", targets=targets)
