import numpy as np
import pytest

from lamina import ops
from lamina.errors import ArgumentError


@pytest.mark.parametrize(
    "asks", [np.tanh, lambda x: x if x.sum() > 0 else -x, lambda x: range(x[0]), lambda x: float(x[0])]
)
def test_asking_for_values_that_are_not_known_yet_is_explained(asks):
    def function(x):
        with ops.explained("mine"):
            return asks(x)

    with pytest.raises(ArgumentError, match=r"^mine: expected array functions of lamina\.ops.*\n  Fix: write lm\.ops"):
        ops.jit(function)(ops.asarray([1, 2]))


def test_other_errors_are_left_alone():
    with pytest.raises(TypeError, match="^my own$"), ops.explained("mine"):
        raise TypeError("my own")
