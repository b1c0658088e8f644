import numpy as np
import pytest

from lamina import metrics
from lamina.errors import ArgumentError

Y_TRUE = [1, 1, 1, 0, 0]
Y_PRED = [0.9, 0.6, 0.2, 0.8, 0.1]


def test_precision_is_the_share_of_yes_answers_that_are_right():
    assert metrics.Precision()(Y_TRUE, Y_PRED) == pytest.approx(2 / 3)


def test_recall_is_the_share_of_true_cases_that_are_found():
    assert metrics.Recall()(Y_TRUE, Y_PRED) == pytest.approx(2 / 3)


def test_several_thresholds_give_a_value_each():
    precision = metrics.Precision(thresholds=[0.0, 0.7, 0.95])(Y_TRUE, Y_PRED)
    recall = metrics.Recall(thresholds=(0.0, 0.7, 0.95))(Y_TRUE, Y_PRED)

    np.testing.assert_allclose(precision, [3 / 5, 1 / 2, 0], rtol=1e-6)
    np.testing.assert_allclose(recall, [1, 1 / 3, 0], rtol=1e-6)


def test_no_yes_answer_has_precision_zero_without_a_warning():
    assert metrics.Precision()([1, 0], [0.1, 0.2]) == 0


def test_no_true_case_has_recall_zero_without_a_warning():
    assert metrics.Recall()([0, 0], [0.9, 0.2]) == 0


def test_only_the_first_k_outputs_say_yes_however_low():
    y_true, y_pred = [[1, 0, 1], [0, 1, 0]], [[0.3, 0.1, 0.2], [0.4, 0.0, 0.4]]

    assert metrics.Precision(top_k=1)(y_true, y_pred) == 0.5
    assert metrics.Recall(top_k=2)(y_true, y_pred) == pytest.approx(2 / 3)


def test_a_threshold_binds_the_first_k_too():
    value = metrics.Recall(thresholds=0.25, top_k=2)([[1, 0, 1]], [[0.3, 0.1, 0.2]])

    assert value == 0.5


def test_one_class_can_be_picked_from_class_numbers():
    y_true, y_pred = [0, 1, 2, 2], np.eye(3)[[0, 2, 2, 1]]

    assert metrics.Precision(class_id=2)(y_true, y_pred) == 0.5
    assert metrics.Recall(class_id=0)(y_true, y_pred) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"thresholds": 1.5}, r"\(thresholds\): expected a finite number of at least 0 and of at most 1, got 1.5"),
        ({"thresholds": (0.5, -1)}, r"\(thresholds\): expected a finite number .*, got -1"),
        ({"top_k": 0}, r"\(top_k\): expected a positive integer, got 0"),
        ({"class_id": -1}, r"\(class_id\): expected an integer of at least 0, got -1"),
    ],
)
@pytest.mark.parametrize("metric", [metrics.Precision, metrics.Recall])
def test_arguments_out_of_range_are_refused(metric, arguments, message):
    with pytest.raises(ArgumentError, match=message):
        metric(**arguments)
