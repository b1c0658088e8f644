import numpy as np
import pytest

from lamina import ops
from lamina.metrics import Sum


@ops.jit
def added_up(steps, amount):
    return ops.fori_loop(0, steps, lambda _, total: total + amount, Sum.zero())


def exact(total):
    return float(total.high) + float(total.low)


@pytest.mark.parametrize("amount", [1.0, 3.0, 128.0, 1001.0])
def test_whole_numbers_add_exactly_far_beyond_float32(amount):
    start = Sum.zero() + 2.0**24

    total = start + added_up(1_000_001, amount)

    assert exact(total) == 2**24 + 1_000_001 * amount


def test_the_value_is_the_sum_rounded_to_float32():
    total = Sum.zero() + 2.0**24 + 1.0 + 1.0

    assert total.value == 2**24 + 2


def test_fractions_keep_twice_the_digits(rng):
    numbers = rng.uniform(size=10_000).astype("float32")

    total, _ = ops.jit(lambda: ops.scan(lambda sums, x: (sums + x, None), Sum.zero(), ops.asarray(numbers)))()

    np.testing.assert_allclose(exact(total), numbers.sum(dtype="float64"), rtol=1e-12)


def test_two_sums_join_with_what_rounding_left():
    half = Sum.zero() + 2.0**24 + 1.0

    total = half + half

    assert exact(total) == 2**25 + 2


def test_several_sums_run_side_by_side():
    totals = Sum.zero((2,)) + np.array([2.0**24, 1.0], "float32")

    totals = totals + 1.0

    np.testing.assert_array_equal(np.float64(totals.high) + np.float64(totals.low), [2**24 + 1, 2])


def test_a_sum_is_a_tree_of_two_arrays():
    leaves = ops.tree_leaves(Sum.zero((3,)))

    assert [leaf.shape for leaf in leaves] == [(3,), (3,)]
