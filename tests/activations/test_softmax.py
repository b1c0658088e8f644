import jax
import numpy as np
import pytest

from lamina import activations

SHARES = [activations.softmax, activations.sparsemax]
each_share = pytest.mark.parametrize("activation", SHARES, ids=lambda item: item.__name__)


def test_softmax_of_logarithms_gives_the_shares():
    x = np.log([1.0, 2.0, 5.0])

    np.testing.assert_allclose(activations.softmax(x), [0.125, 0.25, 0.625], rtol=1e-6)


def test_log_softmax_of_logarithms_gives_the_logarithms_of_the_shares():
    x = np.log([1.0, 2.0, 5.0])

    np.testing.assert_allclose(activations.log_softmax(x), np.log([0.125, 0.25, 0.625]), rtol=1e-6)


@pytest.mark.parametrize(
    ("scores", "shares"),
    [
        ([0.0, 2.0], [0.0, 1.0]),
        ([0.0, 0.5], [0.25, 0.75]),
        ([1.0, 1.0, 1.0, 1.0], [0.25, 0.25, 0.25, 0.25]),
        ([-1.0, 0.5, 1.0], [0.0, 0.25, 0.75]),
        ([7.0], [1.0]),
    ],
)
def test_sparsemax_by_hand(scores, shares):
    values = activations.sparsemax(np.array(scores, "float32"))

    np.testing.assert_allclose(values, shares, atol=1e-7)


@each_share
@pytest.mark.parametrize("offset", [-1e6, 0.0, 1e6])
def test_the_shares_sum_to_one(activation, offset, rng):
    x = (rng.normal(size=(50, 10)) + offset).astype("float32")

    values = np.asarray(activation(x))

    assert (values >= 0).all()
    np.testing.assert_allclose(values.sum(axis=-1), 1.0, rtol=1e-5)


@each_share
def test_a_class_that_is_ruled_out_gets_nothing(activation):
    x = np.array([-np.inf, 0.25, 0.25], "float32")

    np.testing.assert_array_equal(activation(x), [0.0, 0.5, 0.5])


@each_share
def test_a_class_that_is_ruled_out_leaves_the_gradient_finite(activation):
    x = np.array([-np.inf, 0.25, 0.5], "float32")

    gradient = jax.grad(lambda x: activation(x)[1])(x)

    assert gradient[0] == 0.0
    assert np.isfinite(gradient).all()


def test_log_softmax_keeps_what_softmax_rounds_to_zero():
    x = np.array([200.0, 0.0], "float32")

    assert activations.softmax(x)[1] == 0.0
    assert activations.log_softmax(x)[1] == -200.0


@pytest.mark.parametrize("activation", [activations.softmax, activations.log_softmax], ids=lambda item: item.__name__)
def test_several_axes_are_one_choice(activation, rng):
    x = rng.normal(size=(2, 3, 4)).astype("float32")

    together = activation(x, axis=(1, 2))

    np.testing.assert_allclose(together, np.asarray(activation(x.reshape(2, 12))).reshape(2, 3, 4), rtol=1e-5)
