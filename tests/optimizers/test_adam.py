import numpy as np
import pytest

from lamina.errors import ArgumentError
from lamina.optimizers import Adam, Adamax, AdamW, Nadam

CLASSES = [Adam, AdamW, Adamax, Nadam]


@pytest.mark.parametrize(
    ("optimizer", "by_hand"),
    [
        # With the same gradient at each step, every step is as long as the learning rate.
        (Adam(0.1), [0.9, 0.8, 0.7]),
        (Adam(0.1, amsgrad=True), [0.9, 0.8, 0.7]),
        (Adamax(0.1), [0.9, 0.8, 0.7]),
        # The same, from 0.95 of the weight each time.
        (AdamW(0.1, weight_decay=0.5), [0.85, 0.7075, 0.572125]),
        # u₁ = 0.468 and u₂ = 0.48528: the mean, 0.1, is taken by u₂ / (1 - u₁ u₂).
        (Nadam(0.1), [1 - 0.1 * (1 + 0.048528 / (1 - 0.468 * 0.48528))]),
        # The biased root is √0.001 of the gradient: epsilon is added before the bias is taken out.
        (Adam(0.1, epsilon=0.001**0.5), [1 - 0.1 * 5 / 6]),
    ],
    ids=repr,
)
def test_steps_by_hand(optimizer, by_hand, steps):
    gradients = [5.0] * len(by_hand)

    weights = steps(optimizer, 1.0, gradients)

    assert weights == pytest.approx(by_hand, rel=1e-4)


def test_amsgrad_does_not_forget_a_large_gradient(steps):
    gradients = [100.0] + [1.0] * 20

    forgetting = steps(Adam(0.1, beta_2=0.5), 1.0, gradients)
    remembering = steps(Adam(0.1, beta_2=0.5, amsgrad=True), 1.0, gradients)

    assert forgetting[-2] - forgetting[-1] > 10 * (remembering[-2] - remembering[-1])


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize("size", [1e-6, 1.0, 1e6])
def test_the_size_of_the_gradient_hardly_matters(kind, size, steps):
    gradients = [size] * 3

    *_, weight = steps(kind(0.01, epsilon=1e-12), 1.0, gradients)

    *_, wanted = steps(kind(0.01, epsilon=1e-12), 1.0, np.ones(3))
    assert weight == pytest.approx(wanted, rel=1e-4)


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"beta_1": 1.0}, r"\(beta_1\): expected a finite number of at least 0 and below 1, got 1.0"),
        ({"beta_2": -1}, r"\(beta_2\): expected a finite number of at least 0 and below 1, got -1"),
        ({"epsilon": 0.0}, r"\(epsilon\): expected a finite number above 0, got 0.0"),
        ({"learning_rate": -0.1}, r"\(learning_rate\): expected a finite number of at least 0, got -0.1"),
    ],
)
def test_a_number_out_of_range_is_refused(kind, arguments, sentence):
    with pytest.raises(ArgumentError, match=f"^{kind.__name__}{sentence}"):
        kind(**arguments)


@pytest.mark.parametrize("kind", [Adam, AdamW])
def test_amsgrad_is_true_or_false(kind):
    with pytest.raises(ArgumentError, match=r"\(amsgrad\): expected True or False, got 1"):
        kind(amsgrad=1)


def test_a_negative_weight_decay_is_refused():
    with pytest.raises(ArgumentError, match=r"AdamW\(weight_decay\): expected a finite number of at least 0, got -1"):
        AdamW(weight_decay=-1)
