import numpy as np
import pytest

from lamina import losses, ops
from lamina.errors import ArgumentError


def test_dice_by_hand():
    value = losses.dice([[1.0, 1.0, 0.0]], [[0.5, 1.0, 0.5]])

    np.testing.assert_allclose(value, [1 - 2 * 1.5 / (2 + 2)], rtol=1e-6)


def test_alpha_is_the_price_of_false_positives():
    false_positive = losses.tversky([[1.0, 0.0]], [[1.0, 1.0]], alpha=3.0, beta=0.0)
    false_negative = losses.tversky([[1.0, 1.0]], [[1.0, 0.0]], alpha=3.0, beta=0.0)

    np.testing.assert_allclose(false_positive, [0.75], rtol=1e-6)
    assert false_negative == 0


def test_beta_is_the_price_of_false_negatives():
    false_positive = losses.tversky([[1.0, 0.0]], [[1.0, 1.0]], alpha=0.0, beta=3.0)
    false_negative = losses.tversky([[1.0, 1.0]], [[1.0, 0.0]], alpha=0.0, beta=3.0)

    assert false_positive == 0
    np.testing.assert_allclose(false_negative, [0.75], rtol=1e-6)


def test_each_image_has_its_own_loss():
    y_true = np.zeros((2, 3, 3, 1))
    y_true[:, 0] = 1
    y_pred = y_true.copy()
    y_pred[1] = 1 - y_pred[1]

    values = losses.dice(y_true, y_pred)

    np.testing.assert_allclose(values, [0.0, 1.0], atol=1e-6)


def test_weights_count_images():
    y_true, y_pred = np.ones((2, 3, 3, 1)), np.ones((2, 3, 3, 1))
    y_pred[1] = 0

    value = losses.Dice()(y_true, y_pred, [1.0, 3.0])

    np.testing.assert_allclose(value, 0.75, rtol=1e-6)


def test_an_empty_image_found_empty_costs_nothing():
    value, gradient = ops.value_and_grad(lambda p: losses.dice(ops.zeros((1, 4)), p)[0])(ops.zeros((1, 4)))

    assert value == 0
    assert np.isfinite(gradient).all()


@pytest.mark.parametrize("price", ["alpha", "beta"])
def test_a_price_below_zero_is_refused(price):
    with pytest.raises(ArgumentError, match=rf"Tversky\({price}\): expected a finite number of at least 0, got -1"):
        losses.Tversky(**{price: -1})
