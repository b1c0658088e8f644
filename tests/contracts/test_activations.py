"""What holds for every activation."""

import jax
import numpy as np
import pytest
from tests.contracts.activation_cases import CASES

from lamina import activations
from lamina._core import registry
from lamina._core.portable import decode, encode

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)

WEIGHTS = np.linspace(-1, 1.5, 20).reshape(5, 4)
KERAS_DIFFERS = {
    activations.sparsemax: "the shares of Keras' do not sum to 1",
    activations.step: "Keras has none",
}


def test_every_registered_activation_has_a_case():
    registered = set(registry.names("activation"))

    covered = {case.activation.__name__ for case in CASES}

    assert covered == registered


@each_case
def test_the_values_are_those_of_the_reference(case, rng):
    x = 3 * rng.normal(size=(5, 4))

    values = case(x.astype("float32"))

    np.testing.assert_allclose(values, case.reference(x), rtol=1e-4, atol=1e-6)


@each_case
def test_float64_gives_the_digits_of_the_reference_and_its_slope(case, rng):
    x, step = 3 * rng.normal(size=(5, 4)), 1e-6 * rng.normal(size=(5, 4))

    with jax.enable_x64(True):
        values, gradient = jax.device_get(value_and_gradient(case)(x, WEIGHTS))

    difference = (WEIGHTS * (case.reference(x + step) - case.reference(x - step))).sum() / 2
    np.testing.assert_allclose(values, case.reference(x), rtol=1e-9, atol=1e-14)
    np.testing.assert_allclose((gradient * step).sum(), difference, rtol=1e-5, atol=1e-14)


@each_case
def test_huge_and_tiny_inputs_keep_value_and_gradient_finite(case):
    sizes = np.minimum([0.0, 1e-40, 1e-10, 1e2, 1e4, 1e10, 1e20, 1e30, 3e38], case.largest)
    x = np.float32(sizes[:, None, None]) * np.array([[0.5, -0.5, 0.25, 0.0]] * 5, "float32")

    values, gradient = jax.vmap(value_and_gradient(case), (0, None))(x, WEIGHTS)

    assert np.isfinite(values).all()
    assert np.isfinite(gradient).all()


@each_case
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
@pytest.mark.parametrize("shape", [(0, 3), (1, 1), (2, 1, 3)], ids=str)
def test_shape_and_type_of_the_input_are_kept(case, shape, dtype):
    if case.arguments.get("axis") == 0 and 0 in shape:
        pytest.skip("there is no class to choose from")

    result = jax.eval_shape(case, jax.ShapeDtypeStruct(shape, dtype))

    assert result.shape == shape
    assert result.dtype == dtype


@each_case
def test_keras_gives_the_same(case, rng):
    keras_activations = pytest.importorskip("keras").activations
    if case.activation in KERAS_DIFFERS:
        pytest.skip(KERAS_DIFFERS[case.activation])
    x = 3 * rng.normal(size=(5, 4)).astype("float32")

    expected = getattr(keras_activations, case.activation.__name__)(x, **case.arguments)

    np.testing.assert_allclose(case(x), expected, rtol=1e-5, atol=1e-6)


@each_case
def test_it_is_found_by_its_name_and_saved_by_it(case):
    found = activations.get(case.activation.__name__)

    assert found is case.activation
    assert decode(encode(found, where="activation"), "activation", where="activation") is found


def value_and_gradient(activation):
    """Return the compiled function that gives an activation's values and the gradient of their weighted sum."""

    def both(x, weights):
        values, pull = jax.vjp(activation, x)
        return values, pull(weights.astype(values.dtype))[0]

    return jax.jit(both)
