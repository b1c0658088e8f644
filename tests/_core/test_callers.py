import warnings

import numpy as np
import pytest

import lamina as lm
from lamina._core.callers import levels_up


def test_the_line_that_calls_is_one_level_up():
    assert levels_up() == 1


def compiled(convolution):
    lm.Sequential([lm.Input((None, None, 100)), convolution]).predict(np.zeros((1, 3, 100, 100)))


@pytest.mark.parametrize(
    "call",
    [
        lambda convolution: convolution(lm.Input((3, 100, 100))),
        lambda convolution: lm.Sequential([lm.Input((3, 100, 100)), convolution]),
        compiled,
    ],
)
def test_a_warning_points_to_the_line_that_calls_lamina(call):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call(lm.layers.Conv2D(2, 1))

    assert [each.filename for each in caught] == [__file__]
