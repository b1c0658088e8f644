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


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"shape": (3, None)}, r"Weight\(shape\): expected a tuple of positive integers"),
        ({"shape": (3,), "initializer": "he"}, r"Weight\(initializer\): expected the name of a known initializer"),
        ({"shape": (3,), "regularizer": "l9"}, r"Weight\(regularizer\): expected the name of a known regularizer"),
        ({"shape": (3,), "constraint": 1}, r"Weight\(constraint\): expected the name of a constraint"),
        ({"shape": (3,), "moving": 1}, r"Weight\(moving\): expected True or False"),
    ],
)
def test_mistakes_are_named_at_once(arguments, sentence):
    with pytest.raises(ArgumentError, match=sentence):
        Weight(**arguments)
