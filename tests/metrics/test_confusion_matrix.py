import numpy as np
import pytest

from lamina import metrics
from lamina.errors import ArgumentError

TRUE = np.array([0, 0, 1, 1, 2, 2])
PREDICTED = np.array([0, 1, 1, 1, 0, 2])
TABLE = [[1, 1, 0], [0, 2, 0], [1, 0, 1]]


@pytest.mark.parametrize("y_true", [TRUE, TRUE[:, None], np.eye(3)[TRUE]])
def test_rows_are_true_classes_and_columns_predicted_ones(y_true):
    table = metrics.ConfusionMatrix()(y_true, np.eye(3)[PREDICTED])

    np.testing.assert_array_equal(table, TABLE)


def test_one_output_tells_two_classes_apart():
    table = metrics.ConfusionMatrix()([[1], [0], [0]], [[0.7], [0.6], [0.2]])

    np.testing.assert_array_equal(table, [[1, 1], [0, 1]])


def test_a_threshold_moves_the_border():
    table = metrics.ConfusionMatrix(threshold=0.65)([1, 0, 0], [0.7, 0.6, 0.2])

    np.testing.assert_array_equal(table, [[2, 0], [0, 1]])


def test_more_classes_than_outputs_leave_rows_of_zero():
    table = metrics.ConfusionMatrix(4)(TRUE, np.eye(3)[PREDICTED])

    np.testing.assert_array_equal(table, np.pad(TABLE, (0, 1)))


def test_kappa_by_hand():
    value = metrics.CohenKappa()(TRUE, np.eye(3)[PREDICTED])

    expected = 2 * (2 + 3 + 1) / 36  # each class is true twice, and predicted 2, 3 and 1 times
    assert value == pytest.approx((4 / 6 - expected) / (1 - expected))


def test_distant_mistakes_cost_kappa_more():
    near, far = np.eye(3)[[0, 0, 1, 1, 1, 2]], np.eye(3)[[0, 0, 1, 1, 0, 2]]
    metric = metrics.CohenKappa(weighting="quadratic")

    assert metric(TRUE, near) > metric(TRUE, far)


def test_kappa_of_one_class_does_not_exist():
    assert np.isnan(metrics.CohenKappa()([1, 1], [0.9, 0.8]))


@pytest.mark.parametrize(("y_pred", "expected"), [([0.1, 0.9], 1), ([0.9, 0.1], -1), ([0.1, 0.2], 0)])
def test_correlation_goes_from_minus_one_to_one(y_pred, expected):
    assert metrics.MatthewsCorrelation()([0, 1], y_pred) == expected


def test_overlap_by_hand():
    value = metrics.MeanIoU()(TRUE, np.eye(3)[PREDICTED])

    assert value == pytest.approx((1 / 3 + 2 / 3 + 1 / 2) / 3)


def test_overlap_leaves_out_classes_that_do_not_occur():
    value = metrics.MeanIoU()([0, 0, 1], np.eye(5)[[0, 1, 1]])

    assert value == pytest.approx(0.5)


def test_overlap_counts_pixels(rng):
    y_true, y_pred = rng.integers(2, size=(3, 4, 4)), rng.random((3, 4, 4, 2))

    value = metrics.MeanIoU()(y_true, y_pred)

    assert value == pytest.approx(float(metrics.MeanIoU()(y_true.ravel(), y_pred.reshape(-1, 2))))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"num_classes": 1}, r"\(num_classes\): expected an integer of at least 2, got 1"),
        ({"threshold": "half"}, r"\(threshold\): expected a finite number, got 'half'"),
        ({"weighting": "square"}, r"\(weighting\): expected 'linear' or 'quadratic', got 'square'"),
    ],
)
def test_arguments_out_of_range_are_refused(arguments, message):
    with pytest.raises(ArgumentError, match="CohenKappa" + message):
        metrics.CohenKappa(**arguments)
