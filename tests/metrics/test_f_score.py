import numpy as np
import pytest

from lamina import metrics
from lamina.errors import ArgumentError

Y_TRUE = np.eye(3)[[0, 0, 0, 1, 1, 2]]
Y_PRED = np.eye(3)[[0, 0, 1, 1, 0, 1]]
SCORES = [2 * 2 / (2 * 2 + 1 + 1), 2 * 1 / (2 * 1 + 2 + 1), 0]


@pytest.mark.parametrize(
    ("average", "expected"),
    [
        (None, SCORES),
        ("macro", np.mean(SCORES)),
        ("micro", 3 / 6),
        ("weighted", np.average(SCORES, weights=[3, 2, 1])),
    ],
)
def test_averages_by_hand(average, expected):
    value = metrics.F1Score(average)(Y_TRUE, Y_PRED)

    np.testing.assert_allclose(value, expected, rtol=1e-6)


def test_beta_makes_recall_count_more():
    y_true, y_pred = [1, 1, 1, 0], [0.9, 0.2, 0.3, 0.1]  # precision 1, recall ⅓

    value = metrics.FBetaScore(beta=2.0)(y_true, y_pred)

    assert value == pytest.approx(5 * (1 / 3) / (4 + 1 / 3))


def test_a_single_output_says_yes_above_one_half():
    value = metrics.F1Score()([1, 1, 0, 0], [0.9, 0.2, 0.3, 0.6])

    assert value == 0.5


def test_of_several_outputs_only_the_highest_says_yes():
    value = metrics.F1Score(None)([[1, 1, 0]], [[0.9, 0.8, 0.7]])

    np.testing.assert_array_equal(value, [1, 0, 0])


def test_a_threshold_lets_all_above_it_say_yes():
    value = metrics.F1Score(None, threshold=0.75)([[1, 1, 0]], [[0.9, 0.8, 0.7]])

    np.testing.assert_array_equal(value, [1, 1, 0])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"average": "makro"}, r"\(average\): expected 'macro', 'micro' or 'weighted', got 'makro'.\n.*'macro'"),
        ({"threshold": 2}, r"\(threshold\): expected a finite number .* of at most 1, got 2"),
        ({"beta": 0}, r"\(beta\): expected a finite number above 0, got 0"),
    ],
)
def test_arguments_out_of_range_are_refused(arguments, message):
    with pytest.raises(ArgumentError, match="FBetaScore" + message):
        metrics.FBetaScore(**arguments)
