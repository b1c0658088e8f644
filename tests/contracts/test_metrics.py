"""What holds for every metric."""

import functools

import numpy as np
import pytest

from contracts.metric_cases import CASES
from lamina import ops
from lamina._core import registry
from lamina._core.config import fields_of
from lamina._core.portable import decode, encode

ROWS = 60

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: repr(case.metric))


def drawn(case, rng):
    """Return targets, predictions as the network gives them, and a weight for each row."""
    shape = (ROWS, case.kind.outputs)
    y_true, y_pred = case.kind.targets(rng, shape), case.kind.predictions(rng, shape).astype("float32")
    return y_true, y_pred, rng.choice(np.float32([0, 0.5, 1, 2]), size=ROWS)


@functools.cache
def compiled(case):
    """Return `update` and `compute` as programs, which all tests of a case share."""
    return ops.jit(case.metric.update), ops.jit(case.metric.compute)


def summed(case, y_true, y_pred, *batches):
    """Return the sums of several batches, each given by its weights: a row of weight 0 is not in it."""
    sums = case.metric.init(case.kind.outputs)
    for weights in batches:
        sums = compiled(case)[0](sums, y_true, y_pred, np.float32(weights))
    return sums


def value_of(case, *data):
    return compiled(case)[1](summed(case, *data))


def assert_same(first, second):
    np.testing.assert_allclose(first, second, rtol=2e-5, atol=1e-6)


def test_every_registered_metric_has_a_case():
    registered = set(registry.names("metric"))

    covered = {type(case.metric).__name__ for case in CASES}

    assert covered == registered


@each_case
@pytest.mark.parametrize("weighted", [False, True])
def test_the_value_is_that_of_the_oracle(case, weighted, rng):
    y_true, y_pred, weights = drawn(case, rng)
    weights = weights if weighted else np.ones_like(weights)

    value = value_of(case, y_true, y_pred, weights)

    expected = case.reference(y_true, y_pred.astype(float), weights.astype(float))
    np.testing.assert_allclose(value, expected, rtol=case.tolerance, atol=case.tolerance)


@each_case
def test_batches_are_the_whole(case, rng):
    y_true, y_pred, weights = drawn(case, rng)
    batches = [weights * (np.arange(ROWS) // 25 == number) for number in range(3)]

    value = value_of(case, y_true, y_pred, *batches)

    assert_same(value, value_of(case, y_true, y_pred, weights))


@each_case
def test_a_loop_can_carry_the_sums(case, rng):
    data = drawn(case, rng)
    start = case.metric.init(case.kind.outputs)

    carried = ops.eval_shape(lambda: ops.fori_loop(0, 3, lambda _, sums: case.metric.update(sums, *data), start))

    assert ops.tree_structure(carried) == ops.tree_structure(start)


@each_case
def test_the_order_does_not_matter(case, rng):
    data = drawn(case, rng)
    order = rng.permutation(ROWS)

    value = value_of(case, *(array[order] for array in data))

    assert_same(value, value_of(case, *data))


@each_case
def test_merging_is_the_union(case, rng):
    y_true, y_pred, weights = drawn(case, rng)
    early = np.arange(ROWS) < 25
    parts = [summed(case, y_true, y_pred, weights * mine) for mine in (early, ~early)]

    merged = case.metric.merge(*parts)

    assert_same(compiled(case)[1](merged), value_of(case, y_true, y_pred, weights))


@each_case
def test_merging_with_nothing_changes_nothing(case, rng):
    sums, nothing = summed(case, *drawn(case, rng)), case.metric.init(case.kind.outputs)

    merged = case.metric.merge(nothing, case.metric.merge(sums, nothing))

    for before, after in zip(ops.tree_leaves(sums), ops.tree_leaves(merged), strict=True):
        np.testing.assert_allclose(after, before, rtol=1e-6)


@each_case
def test_a_row_without_weight_counts_nothing(case, rng):
    y_true, y_pred, weights = drawn(case, rng)
    spoiled = np.where(weights[:, None] == 0, np.nan, y_pred)

    value = value_of(case, y_true, spoiled, weights)

    np.testing.assert_array_equal(value, value_of(case, y_true, y_pred, weights))


@each_case
def test_weight_two_is_the_same_row_twice(case, rng):
    y_true, y_pred, _ = drawn(case, rng)
    twice = np.arange(ROWS) % (ROWS // 2)

    value = value_of(case, y_true, y_pred, np.where(np.arange(ROWS) < ROWS // 2, 2.0, 0.0))

    assert_same(value, value_of(case, y_true[twice], y_pred[twice], np.ones(ROWS)))


@each_case
def test_no_rows_have_no_value(case):
    nothing = case.metric.init(case.kind.outputs)

    value = compiled(case)[1](nothing)

    np.testing.assert_array_equal(value, np.full(value.shape, case.nothing))


@each_case
def test_half_precision_is_summed_in_float32(case, rng):
    y_true, y_pred, weights = drawn(case, rng)
    start = case.metric.init(case.kind.outputs)

    sums = ops.eval_shape(case.metric.update, start, y_true, y_pred.astype("float16"), weights)

    assert {leaf.dtype.name for leaf in ops.tree_leaves(sums)} == {"float32"}


@each_case
def test_a_metric_survives_the_saved_form(case):
    saved = encode(case.metric, where="metric")

    restored = decode(saved, "metric", where="metric")

    assert type(restored) is type(case.metric)
    assert fields_of(restored) == fields_of(case.metric)


@each_case
def test_a_metric_says_what_it_is_for(case):
    metric = case.metric

    assert metric.key == registry.snake_case(type(metric).__name__)
    assert metric.task in ("any", "classes", "numbers")
    assert metric.direction in ("max", "min", None)
