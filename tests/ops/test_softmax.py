"""The softmax and its logarithms of halves: computed in float32, given back as halves."""

import numpy as np
import pytest

from lamina import ops

SCORES = np.array([[0.0, 1.0, 2.0], [60000.0, 0.0, -60000.0]])


@pytest.mark.parametrize("function", [ops.softmax, ops.log_softmax, ops.logsumexp])
def test_the_result_is_that_of_float32_rounded_once(function):
    narrow = ops.asarray(SCORES, "float16")

    found = function(narrow, axis=-1)

    assert found.dtype == "float16"
    np.testing.assert_array_equal(found, function(narrow.astype("float32"), axis=-1).astype("float16"))


def test_a_sum_of_many_exponentials_does_not_overflow():
    scores = ops.full((100_000,), 2.0, "float16")  # Σ exp(2) is 738,905, and the largest float16 is 65,504

    assert float(ops.logsumexp(scores)) == pytest.approx(2 + np.log(100_000), rel=1e-3)
    assert float(ops.softmax(scores)[0]) == pytest.approx(1e-5, rel=0.01)
