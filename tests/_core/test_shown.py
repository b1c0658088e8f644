import math

import pytest

from lamina._core.shown import number


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.0000"),
        (0.29461, "0.2946"),
        (-1.5, "-1.5000"),
        (0.001, "0.0010"),
        (0.00012345, "1.23e-04"),
        (99999.0, "99999.0000"),
        (123456.0, "1.23e+05"),
        (math.nan, "nan"),
        (-math.inf, "-inf"),
    ],
)
def test_numbers_have_four_digits_where_that_shows_something(value, text):
    assert number(value) == text
