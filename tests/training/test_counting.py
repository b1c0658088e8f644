import numpy as np
import pytest

import lamina as lm
from lamina import ops
from lamina.errors import DataError, ShapeError
from lamina.training._counting import counted, weights_of

X = np.array([[1, 2, 3, 0, 0], [4, 5, 0, 0, 0], [2, 2, 1, 4, 5], [3, 0, 0, 0, 0]])
MASK = X != 0
TOKENS, CLASSES = 6, 3


def network(*, mask_zero=True):
    embedding = lm.layers.Embedding(TOKENS, 4, mask_zero=mask_zero)
    layers = [embedding, lm.layers.Dense(5, "tanh"), lm.layers.Dense(CLASSES, activation="softmax")]
    return lm.Sequential([lm.Input((None,), dtype="int32"), *layers]).build(seed=1)


@pytest.fixture(scope="module")
def tagger(trainee):
    """Return a network that tells the class of each step, with metrics that add up in different ways."""
    names = ["accuracy", "crossentropy", lm.metrics.SparseTopKCategoricalAccuracy(2)]
    return trainee(network(), "sparse_categorical_crossentropy", lm.optimizers.SGD(0.5), metrics=names)


@pytest.fixture
def classes(rng):
    return rng.integers(0, CLASSES, X.shape)


def losses_of(tagger, y):
    """Return the cross-entropy of each step, by hand."""
    first, second = tagger.weights("dense"), tagger.weights("dense_1")
    hidden = np.tanh(tagger.weights("embedding")["embeddings"][X] @ first["kernel"] + first["bias"])
    logits = hidden @ second["kernel"] + second["bias"]
    return np.log(np.exp(logits).sum(axis=-1)) - np.take_along_axis(logits, y[..., None], axis=-1)[..., 0]


@pytest.mark.parametrize("batch_size", [1, 3, 4])
@pytest.mark.parametrize("weighting", ["none", "rows", "steps"])
def test_the_loss_is_the_weighted_mean_over_real_steps_in_any_batches(tagger, classes, weighting, batch_size, rng):
    given = {"none": None, "rows": np.array([1, 2, 0, 3]), "steps": rng.uniform(0, 2, X.shape)}[weighting]

    scores = tagger.restarted().evaluate(X, classes, given, batch_size=batch_size)

    weights = MASK if given is None else MASK * (given if given.ndim == 2 else given[:, None])
    assert scores["loss"] == pytest.approx(np.average(losses_of(tagger, classes), weights=weights), rel=1e-5)
    assert scores["crossentropy"] == pytest.approx(scores["loss"], rel=1e-5)


def test_a_mask_is_the_same_as_weights_of_0_for_padding(tagger, trainee, classes):
    plain = trainee(network(mask_zero=False), "sparse_categorical_crossentropy", metrics=["accuracy"])

    found = plain.train_on_batch(X, classes, MASK)

    wanted = tagger.restarted().train_on_batch(X, classes)
    assert found == pytest.approx({name: wanted[name] for name in ("loss", "accuracy")}, rel=1e-6)


def test_padding_counts_in_no_metric_and_moves_no_weight(tagger, classes, rng):
    others = np.where(MASK, classes, rng.integers(0, CLASSES, X.shape))
    longer, more = np.pad(X, ((0, 0), (0, 2))), np.pad(others, ((0, 0), (0, 2)))

    found = [tagger.restarted().train_on_batch(*data) for data in ((X, classes), (longer, more))]
    weights = tagger.numbers()
    tagger.restarted().train_on_batch(X, classes)

    assert found[0] == pytest.approx(found[1], rel=1e-6)
    np.testing.assert_allclose(tagger.numbers(), weights, atol=1e-7)


def test_the_history_of_fit_is_what_evaluation_finds(tagger, classes):
    tagger.restarted(**{"optimizer/learning_rate": 0})

    history = tagger.fit(X, classes, batch_size=3).history

    scores = tagger.evaluate(X, classes)
    assert {name: values[0] for name, values in history.items()} == pytest.approx(scores, rel=1e-5)


@pytest.mark.parametrize(
    ("loss", "units", "names"),
    [
        ("binary_crossentropy", 1, ["accuracy", "auc", "precision", "recall", "f1_score"]),
        ("mse", 2, ["mae", "r2_score", "cosine_similarity", "root_mean_squared_error"]),
        ("categorical_crossentropy", CLASSES, ["accuracy", "auc", "f1_score", "top_k_categorical_accuracy"]),
    ],
)
def test_every_way_to_add_up_leaves_masked_steps_out(trainee, loss, units, names, rng):
    activation = {"mse": None, "binary_crossentropy": "sigmoid"}.get(loss, "softmax")
    layers = [lm.layers.Embedding(TOKENS, 4, mask_zero=True), lm.layers.Dense(units, activation=activation)]
    model = lm.Sequential([lm.Input((None,), dtype="int32"), *layers]).build(seed=1)
    y = rng.normal(size=(*X.shape, units)) if loss == "mse" else rng.integers(0, 2, (*X.shape, units))
    y = np.eye(CLASSES)[rng.integers(0, CLASSES, X.shape)] if units == CLASSES else y
    judged = trainee(model, loss, metrics=names)

    found = judged.evaluate(X, y)

    assert found == pytest.approx(judged.evaluate(X[MASK][:, None], y[MASK][:, None]), rel=1e-5)


def test_a_batch_that_is_all_padding_changes_nothing_and_is_finite(trainee, rng):
    class Late(lm.Layer):
        """Mask in the middle of the network, where the data does not tell."""

        masking = "use"

        def gives_mask(self, masked):
            return True

        def output_mask(self, x, mask):
            return x[..., 0] > 0

        def call(self, weights, x, context):
            return x

    layers = [lm.layers.Rescaling(1.0), Late(), lm.layers.Dense(1)]
    late = trainee(lm.Sequential([lm.Input((3, 2)), *layers]).build(seed=1), metrics=["mae"])
    before = late.weights()

    scores = late.train_on_batch(-np.ones((2, 3, 2)), rng.normal(size=(2, 3, 1)))

    assert scores["loss"] == 0
    np.testing.assert_array_equal(late.weights()["kernel"], before["kernel"])


def test_rows_of_padding_alone_are_found_before_the_first_step(tagger, classes):
    with pytest.raises(DataError, match="^x: expected at least one step in each row .* got nothing but 0 in row 2"):
        tagger.restarted().fit(np.where(np.arange(4)[:, None] == 2, 0, X), classes)


@pytest.mark.parametrize(
    ("loss", "metrics", "where"),
    [
        (
            "dice",
            [],
            r"loss=Dice\): expected a value for each step, of shape \(batch, time\), as the output has a mask",
        ),
        (
            "mse",
            [lambda y_true, y_pred: ops.mean(y_pred, axis=(1, 2))],
            r"metrics=.*\): expected a value for each step",
        ),
    ],
)
def test_what_judges_a_sequence_as_a_whole_is_refused(trainee, loss, metrics, where):
    layers = [lm.layers.Embedding(TOKENS, 4, mask_zero=True), lm.layers.Dense(1, activation="sigmoid")]
    model = lm.Sequential([lm.Input((None,), dtype="int32"), *layers]).build(seed=1)

    with pytest.raises(ShapeError, match=r"compile\(" + where + r"(.|\n)*Fix: average over the last axis alone"):
        trainee(model, loss, metrics=metrics).evaluate(X, np.ones(X.shape))


@pytest.mark.parametrize(
    ("given", "mask", "wanted"),
    [
        (None, None, [1, 0]),
        ([2, 3], None, [2, 0]),
        ([[2, 3], [4, 5]], None, [[2, 3], [0, 0]]),
        (None, [[True, False], [True, True]], [[1, 0], [0, 0]]),
        ([2, 3], [[True, False], [True, True]], [[2, 0], [0, 0]]),
        ([[2, 3], [4, 5]], [[False, True], [True, True]], [[0, 3], [0, 0]]),
    ],
)
def test_weights_of_rows_and_steps_and_masks_are_multiplied(given, mask, wanted):
    real = ops.asarray([1.0, 0.0])

    found = weights_of(real, *(None if each is None else ops.asarray(each) for each in (given, mask)))

    assert found.tolist() == wanted


def test_what_a_loss_ignores_does_not_count():
    loss = lm.losses.SparseCategoricalCrossentropy(ignore_class=-1)
    y_true, y_pred = ops.asarray([[0, -1], [-1, 1]]), ops.ones((2, 2, 3)) / 3

    assert counted(loss, y_true, y_pred, ops.asarray([2.0, 3.0])).tolist() == [[2, 0], [0, 3]]
    assert counted(lm.losses.MeanSquaredError(), y_true, y_pred, ops.asarray([2.0])).tolist() == [2]
