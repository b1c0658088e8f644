import jax
import numpy as np
import pytest

from lamina.errors import ArgumentError, ShapeError
from lamina.layers import Input, UnitNormalization
from lamina.layers._unit_normalization import to_unit_length


def test_vectors_get_length_one(call, rng):
    x = rng.normal(size=(4, 3, 5))

    output = call(UnitNormalization(), x)

    np.testing.assert_allclose(output, x / np.linalg.norm(x, axis=-1, keepdims=True), rtol=1e-5)


def test_an_axis_or_several_may_hold_the_vector(call):
    x = np.array([[[3.0, 0.0], [4.0, 2.0]]])

    np.testing.assert_allclose(call(UnitNormalization(1), x), [[[0.6, 0], [0.8, 1]]], rtol=1e-6)
    np.testing.assert_allclose(call(UnitNormalization((1, 2)), x), x / np.sqrt(29), rtol=1e-6)


def test_the_zero_vector_stays_and_its_gradient_is_finite(call):
    gradient = jax.grad(lambda x: to_unit_length(x, -1).sum())(np.zeros((1, 3), "float32"))

    assert call(UnitNormalization(), [[0, 0, 0]]).tolist() == [[0, 0, 0]]
    assert np.isfinite(gradient).all()


def test_the_axis_is_after_the_batch_and_exists():
    with pytest.raises(ArgumentError, match=r"UnitNormalization\(axis\): expected an axis after the batch"):
        UnitNormalization(0)
    with pytest.raises(ShapeError, match=r"expected an input with the axis 2 after the batch, got \(None, 3\)"):
        UnitNormalization(2)(Input((3,)))
