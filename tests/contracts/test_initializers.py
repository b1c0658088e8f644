"""What holds for every initializer."""

import numpy as np
import pytest
from tests.contracts.initializer_cases import CASES, COLUMNS, ROWS

from lamina._core import registry, seeds
from lamina._core.config import fields_of, with_settings
from lamina._core.portable import decode, encode

RANDOM = [case for case in CASES if "seed" in fields_of(case.initializer)]
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: repr(case.initializer))
each_random_case = pytest.mark.parametrize("case", RANDOM, ids=lambda case: repr(case.initializer))


def test_every_registered_initializer_has_a_case():
    registered = set(registry.names("initializer"))

    covered = {type(case.initializer).__name__ for case in CASES}

    assert covered == registered


@each_case
def test_mean_deviation_and_bounds_are_those_of_the_formula(case):
    values = case.initializer((ROWS, COLUMNS), seeds.stream(1, "weights")).astype("float64")

    assert values.shape == (ROWS, COLUMNS)
    np.testing.assert_allclose(values.mean(), case.mean, atol=0.01 * case.deviation + 1e-7)
    np.testing.assert_allclose(values.std(), case.deviation, rtol=0.01, atol=1e-7)
    assert np.abs(values).max() <= case.largest * (1 + 1e-6)


@each_case
def test_the_bounds_are_nearly_reached(case):
    values = case.initializer((ROWS, COLUMNS), seeds.stream(1, "weights"))

    if np.isfinite(case.largest):
        assert np.abs(values).max() >= 0.99 * case.largest


@each_case
def test_keras_draws_from_the_same_distribution(case):
    keras = pytest.importorskip("keras")
    name, arguments = type(case.initializer).__name__, fields_of(case.initializer)
    if isinstance(arguments.get("value"), tuple):
        pytest.skip("Keras takes one number")

    keras.utils.set_random_seed(1)
    expected = np.asarray(getattr(keras.initializers, name)(**arguments)((ROWS, COLUMNS)))

    quantiles = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1] if np.isfinite(case.largest) else [0.05, 0.25, 0.5, 0.75, 0.95]
    values = case.initializer((ROWS, COLUMNS), seeds.stream(1, "weights"))
    np.testing.assert_allclose(
        np.quantile(values, quantiles), np.quantile(expected, quantiles), atol=0.03 * case.deviation + 1e-7
    )


@each_case
def test_values_are_float32_and_may_be_written_to(case):
    values = case.initializer((ROWS, 4), seeds.stream(1, "weights")) if case in RANDOM else case.initializer((ROWS, 4))

    assert values.dtype == np.float32
    assert values.flags.writeable
    assert values.flags.c_contiguous


@each_case
def test_the_same_stream_gives_the_same_values(case):
    first, second = (case.initializer((ROWS, 4), seeds.stream(7, "kernel")) for _ in range(2))

    np.testing.assert_array_equal(first, second)


@each_random_case
def test_the_next_values_of_a_stream_are_others(case):
    stream = seeds.stream(7, "kernel")

    first, second = case.initializer((5, 4), stream), case.initializer((5, 4), stream)

    assert (first != second).any()


@each_random_case
def test_its_own_seed_goes_before_the_stream(case):
    seeded = with_settings(case.initializer, {"seed": 3})

    first = seeded((5, 4), seeds.stream(7, "kernel"))

    np.testing.assert_array_equal(first, seeded((5, 4)))
    assert (first != with_settings(case.initializer, {"seed": 4})((5, 4))).any()


@each_case
def test_a_weight_without_elements_is_drawn_too(case):
    values = case.initializer((ROWS, 0), seeds.stream(1, "weights"))

    assert values.shape == (ROWS, 0)


@each_case
def test_what_is_saved_draws_the_same(case):
    loaded = decode(encode(case.initializer, where="initializer"), "initializer", where="initializer")

    np.testing.assert_array_equal(
        loaded((ROWS, 4), seeds.stream(1, "weights")), case.initializer((ROWS, 4), seeds.stream(1, "weights"))
    )
