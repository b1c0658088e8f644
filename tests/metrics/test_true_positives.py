import numpy as np
import pytest

from lamina import metrics
from lamina.errors import ArgumentError

Y_TRUE = [1, 1, 1, 0, 0, 0, 0]
Y_PRED = [0.9, 0.6, 0.2, 0.8, 0.1, 0.2, 0.3]
KINDS = {
    metrics.TruePositives: 2.0,
    metrics.FalseNegatives: 1.0,
    metrics.FalsePositives: 1.0,
    metrics.TrueNegatives: 3.0,
}


@pytest.mark.parametrize(("metric", "count"), KINDS.items())
def test_each_kind_of_answer_is_counted(metric, count):
    assert metric()(Y_TRUE, Y_PRED) == count


def test_the_four_kinds_are_all_rows_by_their_weights():
    weights = [1, 2, 3, 4, 5, 6, 7]

    counts = [float(metric()(Y_TRUE, Y_PRED, weights)) for metric in KINDS]

    assert counts == [3.0, 3.0, 4.0, 18.0]


def test_several_thresholds_have_a_count_each():
    counts = metrics.FalsePositives(thresholds=[0.0, 0.25, 0.9])(Y_TRUE, Y_PRED)

    np.testing.assert_array_equal(counts, [4, 2, 0])


def test_wrong_answers_are_better_few_and_right_ones_many():
    assert [metric.direction for metric in KINDS] == ["max", "min", "min", "max"]


@pytest.mark.parametrize("metric", KINDS)
def test_a_threshold_is_a_probability(metric):
    with pytest.raises(
        ArgumentError, match=rf"^{metric.__name__}\(thresholds\): expected a finite number .*, got 1\.5"
    ):
        metric(thresholds=1.5)
