import numpy as np
import pytest

from lamina import ops
from lamina.ops import _formulas as formulas

Y_TRUE = np.array([[1.0, 0.0, 1.0]])
Y_PRED = np.array([[0.5, 0.25, 0.2]])


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (formulas.mean_squared_error, (0.25 + 0.0625 + 0.64) / 3),
        (formulas.mean_absolute_error, (0.5 + 0.25 + 0.8) / 3),
        (formulas.mean_absolute_percentage_error, 100 * (0.5 + 0.25e7 + 0.8) / 3),
        (
            formulas.mean_squared_logarithmic_error,
            (np.log(2 / 1.5) ** 2 + np.log(1.25) ** 2 + np.log(2 / 1.2) ** 2) / 3,
        ),
        (formulas.log_cosh, np.log(np.cosh([0.5, 0.25, 0.8])).mean()),
        (formulas.cosine_similarity, 0.7 / np.sqrt(2 * (0.25 + 0.0625 + 0.04))),
        (formulas.hinge, (0.5 + 1.25 + 0.8) / 3),
        (formulas.squared_hinge, (0.25 + 1.5625 + 0.64) / 3),
        (formulas.categorical_hinge, 1 + 0.25 - 0.7),
        (formulas.kl_divergence, np.log(2) + np.log(5)),
        (formulas.poisson, (0.95 + np.log(2) + np.log(5)) / 3),
    ],
)
def test_rows_by_hand(formula, expected):
    value = formula(ops.asarray(Y_TRUE), ops.asarray(Y_PRED))

    np.testing.assert_allclose(value, [expected], rtol=1e-5)


@pytest.mark.parametrize("from_logits", [False, True])
def test_crossentropies_by_hand(from_logits):
    probabilities = np.array([[0.5, 0.2, 0.3]])
    scores = np.log(probabilities / (1 - probabilities)) if from_logits else probabilities
    logits = np.log(probabilities) + 7 if from_logits else probabilities

    binary = formulas.binary_crossentropy(Y_TRUE, ops.asarray(scores), from_logits, 0.0)
    categorical = formulas.categorical_crossentropy(Y_TRUE, ops.asarray(logits), from_logits, 0.0)
    sparse = formulas.sparse_categorical_crossentropy(ops.asarray([1]), ops.asarray(logits), from_logits, None)

    np.testing.assert_allclose(binary, [-np.log([0.5, 0.8, 0.3]).mean()], rtol=1e-5)
    np.testing.assert_allclose(categorical, [-np.log([0.5, 0.3]).sum()], rtol=1e-5)
    np.testing.assert_allclose(sparse, [-np.log(0.2)], rtol=1e-5)


def test_smoothing_moves_targets_towards_ignorance():
    half, third = np.full((1, 2), 0.5), np.array([[0.6, 0.2, 0.2]])

    binary = formulas.binary_crossentropy(ops.zeros((1, 2)), ops.asarray(half / 2), False, 1.0)
    categorical = formulas.categorical_crossentropy(ops.asarray(Y_TRUE), ops.asarray(third), False, 1.0)

    np.testing.assert_allclose(binary, [-np.log(0.25 * 0.75) / 2], rtol=1e-5)
    np.testing.assert_allclose(categorical, [-np.log(third).mean()], rtol=1e-5)


@pytest.mark.parametrize(("y_true", "expected"), [(2, 0.0), (5, np.nan), (-1, np.nan)])
def test_an_ignored_class_costs_nothing_and_an_unknown_one_has_no_value(y_true, expected):
    value = formulas.sparse_categorical_crossentropy(ops.asarray([y_true]), ops.full((1, 3), 1 / 3), False, 2)

    np.testing.assert_array_equal(value, [expected])


def test_a_perfect_prediction_has_no_slope():
    slope = ops.grad(formulas.magnitude)(0.0)

    assert slope == 0
