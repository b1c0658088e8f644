import numpy as np
import pytest

from lamina import losses, ops


@pytest.mark.parametrize(
    ("y_pred", "expected"), [([2.0, 0.0], -1.0), ([0.0, 3.0], 0.0), ([-4.0, 0.0], 1.0), ([1.0, 1.0], -(0.5**0.5))]
)
def test_by_hand(y_pred, expected):
    value = losses.cosine_similarity([[1.0, 0.0]], [y_pred])

    np.testing.assert_allclose(value, [expected], rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("length", [1e-6, 1.0, 1e18, 1e38])
def test_length_does_not_matter(length):
    value = losses.cosine_similarity([[0.3, 0.4]], [[0.6 * length, 0.8 * length]])

    np.testing.assert_allclose(value, [-1.0], rtol=1e-6)


def test_the_zero_vector_has_cosine_zero_and_a_finite_gradient():
    value, gradient = ops.value_and_grad(lambda p: losses.cosine_similarity([[1.0, 2.0]], p)[0])(ops.zeros((1, 2)))

    assert value == 0
    assert np.isfinite(gradient).all()


def test_the_gradient_is_at_right_angles_to_the_prediction():
    y_pred = np.array([[0.5, -1.0, 2.0]], "float32")

    gradient = ops.grad(lambda p: losses.cosine_similarity([[1.0, 2.0, 3.0]], p)[0])(y_pred)

    np.testing.assert_allclose((gradient * y_pred).sum(), 0.0, atol=1e-6)
    assert np.abs(gradient).max() > 0.1
