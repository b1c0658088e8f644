"""What holds for every loss."""

import jax
import numpy as np
import pytest

from contracts.loss_cases import CASES
from lamina import losses
from lamina._core import registry
from lamina._core.config import fields_of, settings_of, with_settings
from lamina._core.portable import decode, encode

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: repr(case.loss))
each_shape = pytest.mark.parametrize("shape", [(5, 4), (3, 2, 4)], ids=str)


@pytest.fixture(autouse=True)
def float64():
    """Let JAX compute in float64, as most of these contracts are about formulas and not about rounding."""
    with jax.enable_x64(True):
        yield


def drawn(case, rng, shape=(5, 4)):
    return case.kind.targets(rng, shape), case.kind.predictions(rng, shape)


def test_every_registered_loss_has_a_case():
    registered = {name for name in registry.names("loss") if name in losses.__all__}

    covered = {type(case.loss).__name__ for case in CASES}

    assert covered == registered


@each_case
@each_shape
def test_the_values_are_those_of_the_reference(case, shape, rng):
    y_true, y_pred = drawn(case, rng, shape)

    values = case.loss.call(y_true, y_pred)

    np.testing.assert_allclose(values, case.reference(y_true, y_pred), rtol=1e-6)


@each_case
def test_float32_gives_the_same_but_for_rounding(case, rng):
    y_true, y_pred = drawn(case, rng)

    values = case.loss.call(y_true, y_pred.astype("float32"))

    assert values.dtype == "float32"
    np.testing.assert_allclose(values, case.loss.call(y_true, y_pred), rtol=1e-4, atol=1e-6)


@each_case
def test_half_precision_is_computed_in_float32(case, rng):
    y_true, y_pred = drawn(case, rng)

    values = case.loss.call(y_true, y_pred.astype("float16"))

    assert values.dtype == "float32"


@each_case
def test_the_gradient_is_the_central_difference(case, rng):
    y_true, y_pred = drawn(case, rng)
    step = 1e-6 * rng.normal(size=y_pred.shape)

    gradient = jax.jit(jax.grad(lambda p: case.loss(y_true, p)))(y_pred)

    difference = (case.loss(y_true, y_pred + step) - case.loss(y_true, y_pred - step)) / 2
    np.testing.assert_allclose((gradient * step).sum(), difference, rtol=1e-5, atol=1e-14)


@each_case
def test_a_perfect_prediction_has_the_least_loss(case, rng):
    y_true = case.kind.targets(rng, (5, 4))
    perfect = case.kind.perfect(y_true, 4).astype(float)

    least = case.loss.call(y_true, perfect)

    for _ in range(20):
        assert (least <= case.loss.call(y_true, case.kind.predictions(rng, (5, 4))) + 1e-12).all()


@each_case
def test_weight_two_is_the_same_row_twice(case, rng):
    y_true, y_pred = drawn(case, rng)
    twice = [0, 1, 1, 2, 3]

    weighted = case.loss(y_true, y_pred, np.array([1, 2, 1, 1, 0]))

    np.testing.assert_allclose(weighted, case.loss(y_true[twice], y_pred[twice]), rtol=1e-12)


@each_case
def test_a_row_without_weight_changes_nothing(case, rng):
    y_true, y_pred = drawn(case, rng)
    weights = np.array([1, 1, 0, 1, 1])
    spoiled = y_pred.copy()
    spoiled[2] = np.nan

    weighted = case.loss(y_true, spoiled, weights)

    assert weighted == case.loss(y_true, y_pred, weights)


@each_case
def test_the_sums_add_up_over_batches(case, rng):
    y_true, y_pred = drawn(case, rng)
    weights = rng.uniform(size=5)

    total, weight = case.loss.sums(y_true, y_pred, weights)

    np.testing.assert_allclose(total, (weights * case.reference(y_true, y_pred)).sum(), rtol=1e-6)
    np.testing.assert_allclose(weight, weights.sum(), rtol=1e-12)


@each_case
def test_predictions_of_zero_and_huge_ones_keep_value_and_gradient_finite(case, rng):
    y_true, y_pred = drawn(case, rng)
    loss_and_gradient = jax.jit(jax.value_and_grad(lambda p: case.loss(y_true, p)))

    for extreme in (0 * y_pred, *(y_pred + offset for offset in (1e4, 1e8, 1e12, case.largest))):
        value, gradient = loss_and_gradient(extreme.astype("float32"))

        assert np.isfinite(value)
        assert np.isfinite(gradient).all()


@each_case
def test_settings_may_be_traced(case, rng):
    y_true, y_pred = drawn(case, rng)
    settings = dict(settings_of(case.loss))

    compiled = jax.jit(lambda values: with_settings(case.loss, values).call(y_true, y_pred))(settings)

    np.testing.assert_allclose(compiled, case.loss.call(y_true, y_pred), rtol=1e-12)


@each_case
def test_the_function_gives_the_values_of_the_class(case, rng):
    y_true, y_pred = drawn(case, rng)
    function = getattr(losses, registry.snake_case(type(case.loss).__name__))

    values = function(y_true, y_pred, **fields_of(case.loss))

    np.testing.assert_array_equal(values, case.loss.call(y_true, y_pred))
    assert type(losses.get(function)) is type(case.loss)


@each_case
def test_a_loss_survives_the_saved_form(case, rng):
    y_true, y_pred = drawn(case, rng)

    restored = decode(encode(case.loss, where="loss"), "loss", where="loss")

    assert repr(restored) == repr(case.loss)
    np.testing.assert_array_equal(restored.call(y_true, y_pred), case.loss.call(y_true, y_pred))
