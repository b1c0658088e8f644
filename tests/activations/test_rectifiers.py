import jax
import numpy as np
import pytest

from lamina import activations


@pytest.mark.parametrize(
    ("activation", "expected"),
    [
        (activations.relu, [0.0, 0.0, 8.0]),
        (activations.relu6, [0.0, 0.0, 6.0]),
        (activations.leaky_relu, [-0.2, 0.0, 8.0]),
        (activations.elu, [-0.6321206, 0.0, 8.0]),
        (activations.selu, [-1.1113307, 0.0, 8.4056079]),
        (activations.celu, [-0.6321206, 0.0, 8.0]),
    ],
    ids=lambda item: getattr(item, "__name__", ""),
)
def test_rectifiers_at_minus_one_zero_and_eight(activation, expected):
    x = np.array([-1.0, 0.0, 8.0], "float32")

    np.testing.assert_allclose(activation(x), expected, rtol=1e-6)


@pytest.mark.parametrize(
    ("activation", "slope"),
    [
        (activations.relu, 0.0),
        (activations.relu6, 0.0),
        (activations.leaky_relu, 0.2),
        (activations.elu, 1.0),
        (activations.selu, 1.7580993),
        (activations.celu, 1.0),
    ],
    ids=lambda item: getattr(item, "__name__", ""),
)
def test_the_slope_at_zero_is_that_of_the_negative_side(activation, slope):
    gradient = jax.grad(activation)(np.float32(0.0))

    np.testing.assert_allclose(gradient, slope, rtol=1e-6)


@pytest.mark.parametrize(
    ("activation", "limit"),
    [(activations.relu, 0.0), (activations.relu6, 0.0), (activations.elu, -1.0), (activations.selu, -1.7580993)],
    ids=lambda item: getattr(item, "__name__", ""),
)
def test_minus_infinity_is_led_to_the_lower_limit(activation, limit):
    value = activation(np.float32(-np.inf))

    np.testing.assert_allclose(value, limit, rtol=1e-6)


def test_all_arguments_of_relu_work_together():
    x = np.array([-2.0, 1.0, 1.5, 3.0, 9.0], "float32")

    values = activations.relu(x, 0.5, max_value=4.0, threshold=1.0)

    np.testing.assert_array_equal(values, [-1.5, 0.0, 1.5, 3.0, 4.0])


def test_the_slope_of_leaky_relu_may_change_without_compiling_again():
    x = np.array([-2.0, 3.0], "float32")
    traces = []

    @jax.jit
    def leak(slope):
        traces.append(slope)
        return activations.leaky_relu(x, slope)

    np.testing.assert_allclose([leak(0.5), leak(0.25)], [[-1.0, 3.0], [-0.5, 3.0]])
    assert len(traces) == 1


def test_selu_keeps_mean_zero_and_variance_one(rng):
    x = rng.normal(size=1_000_000).astype("float32")

    values = np.asarray(activations.selu(x))

    np.testing.assert_allclose([values.mean(), values.var()], [0.0, 1.0], atol=0.01)
