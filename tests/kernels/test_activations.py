import jax
import numpy as np
import pytest

from lamina import activations
from lamina.kernels._activations import FUSED, activate, slope


@pytest.mark.parametrize("name", FUSED)
def test_value_and_slope_are_those_of_the_activation_of_that_name(name):
    x = np.linspace(-3, 3, 13, dtype="float32")
    function = activations.get(name)

    y = activate(name, x)

    np.testing.assert_allclose(y, function(x), rtol=1e-6)
    np.testing.assert_allclose(slope(name, y), [jax.grad(function)(value) for value in x], rtol=1e-4, atol=1e-6)
