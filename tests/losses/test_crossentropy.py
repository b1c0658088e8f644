import numpy as np
import pytest

from lamina import losses, ops
from lamina.errors import ArgumentError

INFINITY = float("inf")


def gradient(function, y_true, y_pred, **settings):
    """Return the gradient of the only row's loss by its predictions."""
    return ops.grad(lambda p: function(y_true, p, **settings)[0])(ops.asarray(y_pred))[0]


def test_binary_by_hand():
    value = losses.binary_crossentropy([[1.0, 0.0]], [[0.25, 0.5]])

    np.testing.assert_allclose(value, [(np.log(4) + np.log(2)) / 2], rtol=1e-6)


def test_categorical_by_hand():
    value = losses.categorical_crossentropy([[0.0, 1.0, 0.0]], [[0.25, 0.125, 0.625]])

    np.testing.assert_allclose(value, [np.log(8)], rtol=1e-6)


def test_sparse_by_hand():
    values = losses.sparse_categorical_crossentropy([1, 0], [[0.75, 0.25], [0.5, 0.5]])

    np.testing.assert_allclose(values, [np.log(4), np.log(2)], rtol=1e-6)


def test_logits_and_their_probabilities_have_one_loss(rng):
    logits, y_true = rng.normal(size=(6, 3)), rng.integers(3, size=6)
    one_hot = np.eye(3)[y_true]

    sparse = losses.sparse_categorical_crossentropy(y_true, logits, from_logits=True)
    binary = losses.binary_crossentropy(one_hot, logits, from_logits=True)

    np.testing.assert_allclose(sparse, losses.categorical_crossentropy(one_hot, ops.softmax(logits)), rtol=1e-5)
    np.testing.assert_allclose(binary, losses.binary_crossentropy(one_hot, ops.sigmoid(logits)), rtol=1e-5)


def test_probabilities_are_divided_by_their_sum():
    value = losses.categorical_crossentropy([[0.0, 1.0]], [[6.0, 2.0]])

    np.testing.assert_allclose(value, [np.log(4)], rtol=1e-6)


@pytest.mark.parametrize("y_pred", [[0.0, 1.0], [1.0, 0.0], [0.0, 0.0]])
@pytest.mark.parametrize("function", [losses.categorical_crossentropy, losses.binary_crossentropy])
def test_certain_probabilities_keep_value_and_gradient_finite(function, y_pred):
    value = function([[0.0, 1.0]], [y_pred])

    assert np.isfinite(value).all()
    assert np.isfinite(gradient(function, [[0.0, 1.0]], [y_pred])).all()


def test_the_right_class_for_certain_costs_nothing():
    assert losses.categorical_crossentropy([[0.0, 1.0]], [[0.0, 1.0]]) == 0
    assert losses.sparse_categorical_crossentropy([1], [[0.0, 1.0]]) == 0


@pytest.mark.parametrize("logit", [-100.0, -20.0, -1.0, 0.0, 1.0, 20.0, 100.0])
@pytest.mark.parametrize("y_true", [0.0, 0.3, 1.0])
def test_binary_from_logits_is_exact_with_the_gradient_sigmoid_less_target(logit, y_true):
    value = losses.binary_crossentropy([[y_true]], [[logit]], from_logits=True)

    exact = y_true * np.log1p(np.exp(-logit)) + (1 - y_true) * np.log1p(np.exp(logit))
    np.testing.assert_allclose(value, [exact], rtol=1e-5, atol=1e-40)
    slope = gradient(losses.binary_crossentropy, [[y_true]], [[logit]], from_logits=True)
    np.testing.assert_allclose(slope, [1 / (1 + np.exp(-logit)) - y_true], rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("offset", [-1e4, 0.0, 1e4])
def test_the_gradient_by_class_logits_is_softmax_less_target_wherever_they_lie(offset):
    logits = np.array([[0.0, np.log(3.0)]], "float32") + np.float32(offset)

    slope = gradient(losses.categorical_crossentropy, [[1.0, 0.0]], logits, from_logits=True)

    np.testing.assert_allclose(slope, [-0.75, 0.75], rtol=1e-3)


@pytest.mark.parametrize(("logit", "expected"), [(-1e20, 1e20), (1e20, 0.0)])
def test_a_logit_far_out_costs_its_size_or_nothing(logit, expected):
    assert losses.binary_crossentropy([[1.0]], [[logit]], from_logits=True) == np.float32(expected)
    assert losses.categorical_crossentropy([[1.0, 0.0]], [[logit, 0.0]], from_logits=True) == np.float32(expected)


@pytest.mark.parametrize(
    ("function", "y_true"),
    [(losses.categorical_crossentropy, [[0.0, 1.0, 0.0]]), (losses.sparse_categorical_crossentropy, [1])],
)
def test_a_class_that_cannot_be_and_is_not_asked_for_costs_nothing(function, y_true):
    logits = np.array([[-INFINITY, 0.0, 0.0]], "float32")

    value = function(y_true, logits, from_logits=True)

    np.testing.assert_allclose(value, [np.log(2)], rtol=1e-6)
    np.testing.assert_allclose(gradient(function, y_true, logits, from_logits=True), [0.0, -0.5, 0.5], rtol=1e-6)


@pytest.mark.parametrize("label", [-1, 3, 255])
def test_a_class_that_does_not_exist_has_no_loss(label):
    value = losses.sparse_categorical_crossentropy([label], [[0.2, 0.3, 0.5]])

    assert np.isnan(value).all()


@pytest.mark.parametrize("ignored", [-1, 0, 255])
def test_the_ignored_class_counts_nothing(ignored):
    y_pred = np.array([[0.25, 0.75], [0.5, 0.5], [0.9, 0.1]])
    loss = losses.SparseCategoricalCrossentropy(ignore_class=ignored)

    value = loss([1, ignored, 1], y_pred)

    np.testing.assert_allclose(value, (-np.log(0.75) - np.log(0.1)) / 2, rtol=1e-6)


def test_the_ignored_class_counts_nothing_in_a_sequence_with_weights():
    y_pred = np.full((2, 2, 4), 0.25)
    loss = losses.SparseCategoricalCrossentropy(ignore_class=-1)

    total, weight = loss.sums([[1, -1], [2, 3]], y_pred, [5.0, 1.0])

    np.testing.assert_allclose(total, 7 * np.log(4), rtol=1e-6)
    assert weight == 7


def test_the_ignored_class_may_have_a_last_axis():
    loss = losses.SparseCategoricalCrossentropy(ignore_class=-1)

    value = loss([[1], [-1]], [[0.5, 0.5], [0.9, 0.1]])

    np.testing.assert_allclose(value, np.log(2), rtol=1e-6)


def test_smoothing_moves_binary_targets_towards_one_half():
    value = losses.binary_crossentropy([[1.0, 0.0]], [[0.9, 0.4]], label_smoothing=0.2)

    np.testing.assert_allclose(value, losses.binary_crossentropy([[0.9, 0.1]], [[0.9, 0.4]]), rtol=1e-6)


def test_smoothing_spreads_over_the_classes_of_the_last_axis():
    y_true, y_pred = np.eye(4)[[[0, 2]]], np.full((1, 2, 4), 0.25) + [0.2, -0.1, -0.1, 0.0]

    values = losses.categorical_crossentropy(y_true, y_pred, label_smoothing=0.4)

    np.testing.assert_allclose(values, losses.categorical_crossentropy(0.6 * y_true + 0.1, y_pred), rtol=1e-6)


@pytest.mark.parametrize("loss", [losses.BinaryCrossentropy, losses.CategoricalCrossentropy])
@pytest.mark.parametrize("smoothing", [-0.1, 1.1, float("nan"), "much", True])
def test_a_smoothing_outside_its_range_is_refused(loss, smoothing):
    with pytest.raises(
        ArgumentError, match=r"Crossentropy\(label_smoothing\): expected a finite number of at least 0 and"
    ):
        loss(label_smoothing=smoothing)


@pytest.mark.parametrize(
    "loss", [losses.BinaryCrossentropy, losses.CategoricalCrossentropy, losses.SparseCategoricalCrossentropy]
)
def test_from_logits_is_true_or_false(loss):
    with pytest.raises(ArgumentError, match=r"Crossentropy\(from_logits\): expected True or False, got 'yes'"):
        loss(from_logits="yes")


@pytest.mark.parametrize("ignored", [1.5, "none", True])
def test_the_ignored_class_is_an_integer(ignored):
    with pytest.raises(ArgumentError, match=r"SparseCategoricalCrossentropy\(ignore_class\): expected an integer"):
        losses.SparseCategoricalCrossentropy(ignore_class=ignored)
