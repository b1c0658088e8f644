import numpy as np
import pytest

from lamina.errors import ArgumentError
from lamina.layers import Weight


@pytest.mark.parametrize(
    ("shape", "kept", "size"), [((3, 4), (3, 4), 12), (5, (5,), 5), ((), (), 1), ([np.int64(2)], (2,), 2)]
)
def test_a_weight_has_a_shape_and_a_size(shape, kept, size):
    weight = Weight(shape)

    assert (weight.shape, weight.size) == (kept, size)


def test_a_weight_knows_its_bytes():
    assert Weight((3, 4)).nbytes == 48
    assert Weight((3, 4), "zeros", dtype="int8", trainable=False).nbytes == 12


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"shape": (3, None)}, r"Weight\(shape\): expected a tuple of positive integers"),
        ({"shape": (3,), "initializer": "he"}, r"Weight\(initializer\): expected the name of a known initializer"),
        ({"shape": (3,), "regularizer": "l9"}, r"Weight\(regularizer\): expected the name of a known regularizer"),
        ({"shape": (3,), "constraint": 1}, r"Weight\(constraint\): expected the name of a constraint"),
        ({"shape": (3,), "moving": 1}, r"Weight\(moving\): expected True or False"),
        ({"shape": (3,), "carried": 1}, r"Weight\(carried\): expected True or False"),
        (
            {"shape": (3,), "carried": True},
            r"Weight\(carried\): expected moving=True beside it, .* got moving=False.\n  Fix: write moving=T",
        ),
        ({"shape": (3,), "trainable": 0}, r"Weight\(trainable\): expected True or False"),
        ({"shape": (3,), "dtype": "int4"}, r"Weight\(dtype\): expected 'float32' or 'int8', got 'int4'"),
        ({"shape": (3,), "dtype": "int8"}, r"Weight\(dtype\): expected trainable=False beside whole numbers, .*'int8'"),
    ],
)
def test_mistakes_are_named_at_once(arguments, sentence):
    with pytest.raises(ArgumentError, match=sentence):
        Weight(**arguments)
