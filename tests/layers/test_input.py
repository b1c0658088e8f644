import numpy as np
import pytest

from lamina.errors import ArgumentError
from lamina.layers import Input


@pytest.mark.parametrize(
    ("shape", "found"),
    [
        ((784,), (784,)),
        (784, (784,)),
        ([28, 28, 1], (28, 28, 1)),
        ((None, 3), (None, 3)),
        ((), ()),
        (np.int64(5), (5,)),
    ],
)
def test_the_batch_is_added_in_front(shape, found):
    assert Input(shape).shape == (None, *found)


def test_the_number_of_rows_in_a_batch_may_be_fixed():
    assert Input((28, 28), batch_size=32).shape == (32, 28, 28)


@pytest.mark.parametrize("shape", [(0,), (-1,), (2.5,), "784", None, (True,), (3, "a")])
def test_sizes_are_positive_integers(shape):
    with pytest.raises(ArgumentError, match=r"Input\(shape\): expected a tuple of positive integers"):
        Input(shape)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"dtype": "flaot32"}, r"Input\(dtype\).*\n  Fix: did you mean 'float32'"),
        ({"dtype": "float64"}, r"Input\(dtype\): expected 'float32', 'int32' or 'bool', got 'float64'"),
        ({"name": "a/b"}, r"Input\(name\): expected a plain name"),
        ({"batch_size": 0}, r"Input\(batch_size\): expected "),
        ({"batch_shape": (None, 3)}, "write shape instead of batch_shape"),
    ],
)
def test_mistakes_are_named(arguments, sentence):
    with pytest.raises(ArgumentError, match=sentence):
        Input((3,), **arguments)


def test_the_shape_must_be_given_alone():
    with pytest.raises(ArgumentError, match=r"Input\(shape\): expected a value, got none"):
        Input()
    with pytest.raises(ArgumentError, match=r"Input: expected at most 1 \(shape\) without a name, got 2"):
        Input(28, 28)
