import numpy as np

from lamina import losses, ops


def test_kl_divergence_by_hand():
    value = losses.kl_divergence([[0.25, 0.75]], [[0.5, 0.5]])

    np.testing.assert_allclose(value, [0.25 * np.log(0.5) + 0.75 * np.log(1.5)], rtol=1e-6)


def test_kl_divergence_is_cross_entropy_less_that_of_the_targets(rng):
    y_true, y_pred = rng.dirichlet(np.ones(3), size=4), rng.dirichlet(np.ones(3), size=4)

    value = losses.kl_divergence(y_true, y_pred)

    crossentropy = losses.categorical_crossentropy
    np.testing.assert_allclose(value, crossentropy(y_true, y_pred) - crossentropy(y_true, y_true), rtol=1e-4, atol=1e-6)


def test_a_class_that_was_not_seen_costs_nothing():
    value = losses.kl_divergence([[0.0, 1.0]], [[0.5, 0.5]])

    np.testing.assert_allclose(value, [np.log(2)], rtol=1e-6)


def test_what_was_thought_impossible_costs_much_but_not_infinitely():
    value = losses.kl_divergence([[1.0, 0.0]], [[0.0, 1.0]])

    np.testing.assert_allclose(value, [-np.log(1e-7)], rtol=1e-6)


def test_poisson_by_hand():
    value = losses.poisson([[2.0, 0.0]], [[3.0, 0.5]])

    np.testing.assert_allclose(value, [(3 - 2 * np.log(3) + 0.5) / 2], rtol=1e-6)


def test_the_best_rate_is_the_mean_of_the_counts():
    counts = np.array([[0.0], [1.0], [5.0]])

    slope = ops.grad(lambda rate: losses.Poisson()(counts, rate * np.ones((3, 1))))(2.0)

    np.testing.assert_allclose(slope, 0.0, atol=1e-6)


def test_a_negative_rate_has_no_likelihood():
    value = losses.poisson([[1.0]], [[-1.0]])

    assert np.isnan(value).all()
