import pytest

from lamina import metrics
from lamina.errors import ArgumentError


def largest(y_true, y_pred):
    return y_pred.max(axis=-1)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("accuracy", metrics.Accuracy),
        ("auc", metrics.AUC),
        ("AUC", metrics.AUC),
        ("bce", metrics.BinaryCrossentropy),
        ("binary_accuracy", metrics.BinaryAccuracy),
        ("f1_score", metrics.F1Score),
        ("kld", metrics.KLDivergence),
        ("logcosh", metrics.LogCoshError),
        ("mae", metrics.MeanAbsoluteError),
        ("MeanSquaredError", metrics.MeanSquaredError),
        ("mape", metrics.MeanAbsolutePercentageError),
        ("mse", metrics.MeanSquaredError),
        ("msle", metrics.MeanSquaredLogarithmicError),
        ("r2_score", metrics.R2Score),
        ("rmse", metrics.RootMeanSquaredError),
        ("sparse_top_k_categorical_accuracy", metrics.SparseTopKCategoricalAccuracy),
        ("top_k_categorical_accuracy", metrics.TopKCategoricalAccuracy),
    ],
)
def test_a_name_gives_the_metric_and_is_its_key(name, kind):
    metric = metrics.get(name)

    assert type(metric) is kind
    assert metric.key == name


def test_a_metric_is_itself():
    metric = metrics.Precision()

    assert metrics.get(metric) is metric


def test_a_class_is_called():
    assert type(metrics.get(metrics.Recall)) is metrics.Recall


def test_a_function_becomes_a_metric_of_its_name():
    metric = metrics.get(largest)

    assert metric.key == "largest"
    assert metric([[0.0, 0.0]], [[1.0, 3.0]]) == 3


def test_a_misspelt_name_is_answered_with_the_nearest():
    with pytest.raises(ArgumentError, match=r"compile\(metrics\): .* got 'acuracy'.\n.*did you mean 'accuracy'"):
        metrics.get("acuracy", where="compile(metrics)")


@pytest.mark.parametrize("identifier", [3, None, dict])
def test_what_is_no_metric_is_refused(identifier):
    with pytest.raises(ArgumentError, match=r"metrics: expected the name of a metric.*\n.*metrics=\[\"accuracy\"\]"):
        metrics.get(identifier)


@pytest.mark.parametrize(
    ("word", "targets", "outputs", "kind"),
    [
        ("accuracy", "binary", 1, metrics.BinaryAccuracy),
        ("accuracy", "binary", 5, metrics.BinaryAccuracy),
        ("acc", "one_hot", 3, metrics.CategoricalAccuracy),
        ("accuracy", "classes", 10, metrics.SparseCategoricalAccuracy),
        ("accuracy", "any", 1, metrics.BinaryAccuracy),
        ("crossentropy", "binary", 1, metrics.BinaryCrossentropy),
        ("ce", "one_hot", 3, metrics.CategoricalCrossentropy),
        ("crossentropy", "classes", 3, metrics.SparseCategoricalCrossentropy),
        ("mae", "classes", 3, metrics.MeanAbsoluteError),
    ],
)
def test_a_word_means_what_fits_the_loss(word, targets, outputs, kind):
    metric = metrics.resolve(word, targets, outputs)

    assert type(metric) is kind
    assert metric.key == word


def test_the_accuracy_of_signs_has_its_border_at_zero():
    metric = metrics.resolve("accuracy", "sign", 1)

    assert metric([-1, 1, 1], [-0.3, 0.2, -5.0]) == pytest.approx(2 / 3)


@pytest.mark.parametrize("targets", ["numbers", "nonnegative"])
@pytest.mark.parametrize("find", [metrics.accuracy_for, metrics.crossentropy_for])
def test_numbers_have_no_accuracy(find, targets):
    with pytest.raises(ArgumentError, match=r"here: .*, got a loss for numbers.\n.*\"mae\" or \"r2_score\".*Binary"):
        find(targets, 1, where="here")


def test_the_loss_of_a_function_leaves_several_outputs_open():
    with pytest.raises(ArgumentError, match=r"does not say .*\n.*CategoricalAccuracy\(\) or Sparse"):
        metrics.accuracy_for("any", 3)


def test_scores_of_signs_are_no_probabilities():
    with pytest.raises(ArgumentError, match=r"'crossentropy', got a loss for scores of -1 and 1.\n.*\"hinge\""):
        metrics.crossentropy_for("sign", 1)


def test_metrics_and_functions_pass_through():
    metric = metrics.Recall()

    assert metrics.resolve(metric, "binary", 1) is metric
    assert metrics.resolve(largest, "binary", 1).key == "largest"
