import numpy as np
import pytest

from lamina import metrics
from lamina.errors import ShapeError


@pytest.mark.parametrize("y_true", [[-1, 1, 1], [0, 1, 1]])
def test_what_is_missing_to_the_margin_by_hand(y_true):
    y_pred = [-2.0, 0.5, -1.0]

    assert metrics.Hinge()(y_true, y_pred) == pytest.approx((0 + 0.5 + 2) / 3)
    assert metrics.SquaredHinge()(y_true, y_pred) == pytest.approx((0 + 0.25 + 4) / 3)


def test_the_true_class_must_win_by_a_margin():
    value = metrics.CategoricalHinge()([[0, 1, 0], [1, 0, 0]], [[0.5, 0.75, 0.0], [3.0, 1.0, 2.0]])

    assert value == pytest.approx((0.75 + 0) / 2)


@pytest.mark.parametrize("metric", [metrics.Hinge(), metrics.SquaredHinge(), metrics.CategoricalHinge()], ids=repr)
def test_targets_of_another_shape_are_refused(metric):
    with pytest.raises(ShapeError, match=f"{type(metric).__name__}: expected one target for each prediction"):
        metric(np.ones((3, 2)), np.ones((3, 3)))
