import numpy as np
import pytest

from lamina import activations


@pytest.mark.parametrize(
    ("activation", "expected"),
    [
        (activations.hard_shrink, [-2.0, 0.0, 0.0, 0.0, 0.75]),
        (activations.soft_shrink, [-1.5, 0.0, 0.0, 0.0, 0.25]),
        (activations.tanh_shrink, [-1.0359724, -0.0378828, 0.0, 0.0378828, 0.1148510]),
    ],
    ids=lambda item: getattr(item, "__name__", ""),
)
def test_small_values_shrink_to_zero(activation, expected):
    x = np.array([-2.0, -0.5, 0.0, 0.5, 0.75], "float32")

    np.testing.assert_allclose(activation(x), expected, atol=1e-6)


@pytest.mark.parametrize(
    "activation", [activations.hard_shrink, activations.soft_shrink], ids=lambda item: item.__name__
)
def test_a_threshold_of_zero_shrinks_nothing(activation):
    x = np.array([-2.0, -1e-30, 0.0, 3e38], "float32")

    np.testing.assert_array_equal(activation(x, threshold=0.0), x)
