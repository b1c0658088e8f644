"""What a GPU or TPU computes is what the twin computes."""

import numpy as np
import pytest

from lamina.kernels import Window
from lamina.kernels import _convolution_twin as twin
from lamina.kernels import _convolution_xla as xla


@pytest.mark.parametrize(
    "window", [Window(), Window((2, 1), ((1, 0), (0, 2)), groups=2), Window((1, 1), dilation=(2, 3), groups=4)], ids=str
)
def test_output_and_gradients_are_those_of_the_twin(window, rng):
    x, bias = rng.normal(size=(2, 5, 6, 4)).astype("float32"), rng.normal(size=8).astype("float32")
    kernel = rng.normal(size=(2, 2, 4 // window.groups, 8)).astype("float32")

    y = xla.forward(x, kernel, bias, window, "tanh")

    np.testing.assert_allclose(y, twin.forward(x, kernel, bias, window, "tanh"), rtol=1e-4, atol=1e-5)
    dx, wanted = (engine.input_gradient(y, kernel, window, x.shape) for engine in (xla, twin))
    np.testing.assert_allclose(dx, wanted, rtol=1e-4, atol=1e-5)
    dkernel, wanted = (engine.kernel_gradient(x, y, window, kernel.shape) for engine in (xla, twin))
    np.testing.assert_allclose(dkernel, wanted, rtol=1e-4, atol=1e-5)
