import warnings

import pytest

import lamina as lm
from lamina._core.callers import levels_up


def test_the_line_that_calls_is_one_level_up():
    assert levels_up() == 1


@pytest.mark.parametrize(
    "call", [lambda x: lm.layers.Conv2D(2, 1)(x), lambda x: lm.Sequential([x, lm.layers.Conv2D(2, 1)])]
)
def test_a_warning_points_to_the_line_that_calls_lamina(call):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call(lm.Input((3, 100, 100)))

    assert [each.filename for each in caught] == [__file__]
