import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError, ShapeError
from lamina.layers import Flatten, Input, Permute, RepeatVector, Reshape


def test_flatten_keeps_the_order_of_the_numbers(call):
    x = np.arange(24.0).reshape(2, 3, 4)

    assert call(Flatten(), x).tolist() == x.reshape(2, 12).tolist()


@pytest.mark.parametrize(("shape", "flat"), [((), 1), ((5,), 5), ((2, 3, 4), 24), ((None, 3), None)])
def test_flatten_multiplies_the_sizes(shape, flat):
    assert Flatten()(Input(shape)).shape == (None, flat)


def test_reshape_keeps_the_order_of_the_numbers(call):
    x = np.arange(24.0).reshape(2, 12)

    assert call(Reshape((3, 4)), x).tolist() == x.reshape(2, 3, 4).tolist()


@pytest.mark.parametrize(
    ("target", "given", "shape"),
    [((-1,), (3, 4), (12,)), ((2, -1), (3, 4), (2, 6)), ((), (1,), ()), ((-1, 3), (None,), (None, 3))],
)
def test_reshape_works_out_one_size(target, given, shape):
    assert Reshape(target)(Input(given)).shape == (None, *shape)


@pytest.mark.parametrize("target", [(0,), (2, -2), (-1, -1), (2.0,), "ab", 3, (True,)])
def test_a_target_shape_is_positive_integers(target):
    with pytest.raises(ArgumentError, match=r"Reshape\(target_shape\): expected a tuple of positive integers"):
        Reshape(target)


@pytest.mark.parametrize("target", [(5,), (5, -1)])
def test_reshape_refuses_another_count_of_numbers(target):
    with pytest.raises(ShapeError, match=r"got \(None, 3, 4\).\n  Fix: choose sizes that multiply to 12"):
        Reshape(target)(Input((3, 4)))


def test_a_size_known_only_from_data_is_checked_there():
    model = lm.Model(symbol := Input((None,)), Reshape((-1, 3))(symbol))

    assert model.predict(np.zeros((2, 6))).shape == (2, 2, 3)
    with pytest.raises(ShapeError, match=r"expected an input that \(-1, 3\) can hold, got \(2, 7\)"):
        model.predict(np.zeros((2, 7)))


def test_permute_changes_the_order_of_axes(call):
    x = np.arange(24.0).reshape(2, 3, 4)

    assert call(Permute((2, 1)), x).tolist() == x.transpose(0, 2, 1).tolist()
    assert Permute((3, 1, 2))(Input((4, 5, 6))).shape == (None, 6, 4, 5)


@pytest.mark.parametrize("dims", [(0, 1), (1, 1), (2, 3), (1, "2"), 2])
def test_permute_names_each_axis_once(dims):
    with pytest.raises(ArgumentError, match=r"Permute\(dims\): expected each axis from 1 on exactly once"):
        Permute(dims)


def test_permute_names_all_axes():
    with pytest.raises(ShapeError, match="expected an input with 2 axes after the batch"):
        Permute((2, 1))(Input((3,)))


def test_repeat_vector_adds_an_axis_of_time(call):
    assert call(RepeatVector(2), [[1, 2]]).tolist() == [[[1, 2], [1, 2]]]


def test_repeat_vector_wants_vectors_and_a_count():
    with pytest.raises(ArgumentError, match=r"RepeatVector\(n\): expected a positive integer, got 0"):
        RepeatVector(0)
    with pytest.raises(ShapeError, match=r"expected an input of shape \(batch, features\), got \(None, 2, 3\)"):
        RepeatVector(2)(Input((2, 3)))


@pytest.mark.parametrize("layer", [Flatten(), Reshape((3, 2)), Permute((2, 1))], ids=repr)
def test_numbers_keep_their_type(layer):
    symbol = layer(Input((2, 3), dtype="int32"))

    assert symbol.dtype == "int32"
    assert lm.Model(symbol.node.inputs[0], symbol)(np.ones((1, 2, 3), int)).dtype == "int32"
