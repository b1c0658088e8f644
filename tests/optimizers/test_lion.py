import pytest

from lamina.errors import ArgumentError
from lamina.optimizers import Lion


def test_steps_by_hand_follow_the_sign_of_the_momentum(steps):
    gradients = [1.0, -0.05, -1.0, 0.0]

    weights = steps(Lion(0.1, beta_1=0.9, beta_2=0.99), 1.0, gradients)

    # The second gradient is too small to turn 0.9 · 0.01 round; the third is not, and the momentum is below 0 then.
    assert weights == pytest.approx([0.9, 0.8, 0.9, 1.0])


def test_without_gradient_or_momentum_nothing_moves(steps):
    gradients = [[0.0, 1.0]]

    weights = steps(Lion(0.1), [1.0, 1.0], gradients)

    assert weights[0] == pytest.approx([1.0, 0.9])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"beta_1": 0}, r"Lion\(beta_1\): expected a finite number above 0 and below 1, got 0"),
        ({"beta_2": 1}, r"Lion\(beta_2\): expected a finite number of at least 0 and below 1, got 1"),
    ],
)
def test_a_number_out_of_range_is_refused(arguments, sentence):
    with pytest.raises(ArgumentError, match=sentence):
        Lion(**arguments)
