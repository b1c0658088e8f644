import jax
import numpy as np

from lamina import activations


def test_linear_gives_back_the_very_array():
    x = np.array([1.0, -2.0])

    assert activations.linear(x) is x


def test_exponential_of_minus_infinity_is_zero():
    values = activations.exponential(np.array([-np.inf, 0.0, 1.0], "float32"))

    np.testing.assert_allclose(values, [0.0, 1.0, np.e], rtol=1e-6)


def test_step_fires_above_zero_only():
    x = np.array([-np.inf, -1e-30, -0.0, 0.0, 1e-30, np.inf], "float32")

    values = activations.step(x)

    np.testing.assert_array_equal(values, [0, 0, 0, 0, 1, 1])


def test_the_gradient_of_step_is_zero():
    gradient = jax.vmap(jax.grad(activations.step))(np.array([-1.0, 0.0, 1.0], "float32"))

    np.testing.assert_array_equal(gradient, [0, 0, 0])


def test_two_steps_of_a_sum_make_and_and_or():
    table = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])

    conjunction = activations.step(table.sum(axis=1) - 1.5)
    disjunction = activations.step(table.sum(axis=1) - 0.5)

    np.testing.assert_array_equal(conjunction, [0, 0, 0, 1])
    np.testing.assert_array_equal(disjunction, [0, 1, 1, 1])
