import numpy as np
import pytest

from lamina import losses, ops
from lamina.errors import ArgumentError, ShapeError


def test_binary_by_hand():
    value = losses.binary_focal_crossentropy([[1.0, 0.0]], [[0.75, 0.5]], gamma=2.0)

    np.testing.assert_allclose(value, [(0.25**2 * -np.log(0.75) + 0.5**2 * np.log(2)) / 2], rtol=1e-6)


def test_categorical_by_hand():
    value = losses.categorical_focal_crossentropy([[0.0, 1.0]], [[0.25, 0.75]], alpha=0.5, gamma=2.0)

    np.testing.assert_allclose(value, [0.5 * 0.25**2 * -np.log(0.75)], rtol=1e-6)


def test_without_focus_it_is_plain_cross_entropy(rng):
    y_true, y_pred = np.eye(3)[[0, 1, 2, 2]], rng.dirichlet(np.ones(3), size=4)

    binary = losses.binary_focal_crossentropy(y_true, y_pred, gamma=0.0)
    categorical = losses.categorical_focal_crossentropy(y_true, y_pred, gamma=0.0, alpha=1.0)

    np.testing.assert_allclose(binary, losses.binary_crossentropy(y_true, y_pred), rtol=1e-6)
    np.testing.assert_allclose(categorical, losses.categorical_crossentropy(y_true, y_pred), rtol=1e-6)


def test_balancing_weights_ones_by_alpha_and_zeros_by_the_rest():
    plain = losses.binary_focal_crossentropy([[1.0], [0.0]], [[0.3], [0.3]])

    balanced = losses.binary_focal_crossentropy([[1.0], [0.0]], [[0.3], [0.3]], apply_class_balancing=True, alpha=0.9)

    np.testing.assert_allclose(balanced, plain * np.array([0.9, 0.1]), rtol=1e-6)


def test_a_list_of_alphas_weights_each_class():
    plain = losses.categorical_focal_crossentropy(np.eye(2), np.full((2, 2), 0.5), alpha=1.0)

    weighted = losses.CategoricalFocalCrossentropy(alpha=[0.2, 0.7]).call(np.eye(2), np.full((2, 2), 0.5))

    np.testing.assert_allclose(weighted, plain * np.array([0.2, 0.7]), rtol=1e-6)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("y_pred", [[0.0, 1.0], [1.0, 0.0]])
@pytest.mark.parametrize("function", [losses.binary_focal_crossentropy, losses.categorical_focal_crossentropy])
def test_certain_predictions_keep_the_gradient_finite(function, y_pred, gamma):
    gradient = ops.grad(lambda p, g: function([[0.0, 1.0]], p, gamma=g)[0])(ops.asarray([y_pred]), gamma)

    assert np.isfinite(gradient).all()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"alpha": 1.5}, r"\(alpha\): expected a finite number of at least 0 and of at most 1"),
        ({"gamma": -1.0}, r"\(gamma\): expected a finite number of at least 0"),
        ({"label_smoothing": 2.0}, r"\(label_smoothing\): expected a finite number"),
        ({"from_logits": 1}, r"\(from_logits\): expected True or False"),
        ({"apply_class_balancing": None}, r"\(apply_class_balancing\): expected True or False"),
    ],
)
def test_settings_of_the_binary_loss_outside_their_range_are_refused(settings, message):
    with pytest.raises(ArgumentError, match=f"BinaryFocalCrossentropy{message}"):
        losses.BinaryFocalCrossentropy(**settings)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"alpha": -0.1}, r"\(alpha\): expected a finite number of at least 0"),
        ({"alpha": [0.1, -0.1]}, r"\(alpha\): expected a finite number of at least 0"),
        ({"gamma": "2"}, r"\(gamma\): expected a finite number of at least 0"),
        ({"label_smoothing": -1}, r"\(label_smoothing\): expected a finite number"),
        ({"from_logits": "no"}, r"\(from_logits\): expected True or False"),
    ],
)
def test_settings_of_the_categorical_loss_outside_their_range_are_refused(settings, message):
    with pytest.raises(ArgumentError, match=f"CategoricalFocalCrossentropy{message}"):
        losses.CategoricalFocalCrossentropy(**settings)


def test_alphas_for_another_number_of_classes_are_refused():
    loss = losses.CategoricalFocalCrossentropy(alpha=[0.5, 0.5, 0.5])

    with pytest.raises(
        ShapeError, match=r"\(alpha\): expected one number, or one for each of 2 classes, got 3 numbers"
    ):
        loss(np.eye(2), np.eye(2))
