import numpy as np
import pytest

from lamina import metrics
from lamina.errors import ArgumentError

SPREADS = {
    "wide": lambda z: 1 / (1 + np.exp(-3 * z)),
    "certain": lambda z: 1 / (1 + np.exp(-12 * z)),
    "rare": lambda z: 1 / (1 + np.exp(6 - z)),
    "uniform": lambda z: (z.argsort().argsort() + 0.5) / len(z),
}


def test_pairs_are_counted_by_hand():
    value = metrics.AUC()([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])

    assert value == 0.75


def test_precision_is_averaged_by_hand():
    value = metrics.AUC(curve="PR")([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])

    assert value == pytest.approx((1 + 2 / 3) / 2)


def test_ties_count_one_half():
    assert metrics.AUC()([0, 1, 0, 1], [0.3, 0.3, 0.3, 0.3]) == 0.5


@pytest.mark.parametrize(("curve", "tolerance"), [("ROC", 1e-3), ("PR", 2.5e-3)])
@pytest.mark.parametrize("spread", SPREADS)
def test_the_value_is_near_the_exact_one_wherever_answers_crowd(curve, tolerance, spread, rng):
    oracle = pytest.importorskip("sklearn.metrics")
    exact = {"ROC": oracle.roc_auc_score, "PR": oracle.average_precision_score}[curve]
    y_true = rng.random(2000) < 0.3
    y_pred = SPREADS[spread](rng.normal(size=2000) + 1.2 * y_true).astype("float32")

    value = metrics.AUC(curve=curve)(y_true, y_pred)

    assert value == pytest.approx(exact(y_true, y_pred), abs=tolerance)


def test_certain_answers_are_told_apart_down_to_1e_12():
    value = metrics.AUC()([0, 0, 1, 1], np.array([0.0, 1e-12, 1e-9, 1.0], "float32"))

    assert value == 1


def test_logits_give_what_their_probabilities_give(rng):
    y_true, logits = rng.random(300) < 0.5, rng.normal(size=300)

    value = metrics.AUC(from_logits=True)(y_true, logits)

    assert value == pytest.approx(float(metrics.AUC()(y_true, 1 / (1 + np.exp(-logits)))), abs=1e-4)


def test_one_kind_of_cases_has_no_curve_to_speak_of():
    assert np.isnan(metrics.AUC()([1, 1], [0.2, 0.8]))
    assert np.isnan(metrics.AUC()([0, 0], [0.2, 0.8]))


def test_labels_are_averaged_where_they_have_a_value():
    y_true, y_pred = [[1, 1], [0, 1], [1, 1]], [[0.6, 0.2], [0.5, 0.3], [0.4, 0.4]]

    value = metrics.AUC(multi_label=True)(y_true, y_pred)

    assert value == 0.5


def test_outputs_are_counted_together_unless_they_are_labels():
    y_true, y_pred = [[1, 1], [0, 1], [1, 1]], [[0.6, 0.7], [0.5, 0.7], [0.4, 0.7]]

    value = metrics.AUC()(y_true, y_pred)

    assert value == pytest.approx(4 / 5)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"num_thresholds": 1}, r"\(num_thresholds\): expected an integer of at least 2, got 1"),
        ({"curve": "roc"}, r"\(curve\): expected 'ROC' or 'PR', got 'roc'.\n.*did you mean 'ROC'"),
        ({"multi_label": 1}, r"\(multi_label\): expected True or False, got 1"),
        ({"from_logits": None}, r"\(from_logits\): expected True or False, got None"),
    ],
)
def test_arguments_out_of_range_are_refused(arguments, message):
    with pytest.raises(ArgumentError, match="AUC" + message):
        metrics.AUC(**arguments)
