import numpy as np
import pytest

import lamina as lm
from lamina import training

RATE = 0.1


@pytest.fixture(scope="module")
def regression(dense, trainee):
    return trainee(dense(), "mse", lm.optimizers.SGD(RATE), metrics=["mae"])


@pytest.fixture(scope="module")
def classifier(trainee):
    """Return a network with all that can make a mean wrong: penalties, class targets, and what is ignored."""
    layers = [
        lm.layers.Dense(4, activation="tanh", kernel_regularizer="l2", activity_regularizer="l1"),
        lm.layers.Dense(3, activation="softmax", kernel_constraint="non_neg"),
    ]
    model = lm.Sequential([lm.Input((3,)), *layers]).build(seed=2)
    loss = lm.losses.SparseCategoricalCrossentropy(ignore_class=-1)
    return trainee(model, loss, lm.optimizers.SGD(RATE), metrics=["accuracy"])


def by_hand(weights, x, y, batches, row_weights=None):
    """Return kernel and bias after gradient descent on the weighted mean of squares, in float64."""
    kernel, bias = weights["kernel"].astype(float), weights["bias"].astype(float)
    row_weights = np.ones(len(x)) if row_weights is None else np.asarray(row_weights, float)
    for rows in batches:
        own = row_weights[rows, None]
        error = x[rows] @ kernel + bias - y[rows, None]
        kernel = kernel - RATE * (2 * x[rows].T @ (own * error)) / own.sum()
        bias = bias - RATE * (2 * own * error).sum(axis=0) / own.sum()
    return kernel, bias


def assert_weights(trainee, expected):
    for name, values in zip(("kernel", "bias"), expected, strict=True):
        np.testing.assert_allclose(trainee.weights()[name], values, rtol=1e-5, atol=1e-6)


def test_the_gradient_is_that_of_the_mean(regression, line):
    x, y = line
    regression.restarted()
    block = training.to_rows(regression.plan, x, y).block()

    gradients = regression.program.gradients(regression.state, block)

    error = x @ regression.weights()["kernel"] + regression.weights()["bias"] - y[:, None]
    np.testing.assert_allclose(gradients["dense"]["kernel"], 2 * x.T @ error / len(x), rtol=1e-5)
    np.testing.assert_allclose(gradients["dense"]["bias"], 2 * error.mean(axis=0), rtol=1e-5)


@pytest.mark.parametrize("batch_size", [3, 4, 6, 7, 9])
def test_the_last_short_batch_gives_the_update_of_a_short_batch(regression, line, batch_size):
    x, y = line
    start = regression.restarted().weights()

    regression.fit(x, y, batch_size=batch_size, shuffle=False)

    batches = [slice(first, first + batch_size) for first in range(0, len(x), batch_size)]
    assert int(regression.state.step) == len(batches)
    assert_weights(regression, by_hand(start, x, y, batches))


@pytest.mark.parametrize("row_weights", [[1, 2, 0.5, 0, 3, 1, 1, 0, 0, 2], [0, 0, 0, 0, 1, 1, 1, 1, 1, 1]])
def test_every_row_counts_with_its_weight(regression, line, row_weights):
    x, y = line
    start = regression.restarted().weights()
    counted = [rows for rows in (slice(0, 4), slice(4, 8), slice(8, 10)) if sum(row_weights[rows])]

    history = regression.fit(x, y, batch_size=4, shuffle=False, sample_weight=row_weights)

    assert_weights(regression, by_hand(start, x, y, counted, row_weights))
    assert np.isfinite(history.history["loss"]).all()


def test_a_weight_of_two_is_the_row_twice(regression, line):
    x, y = line
    twice = [0, 0, *range(1, 10)]

    weighted = regression.restarted().train_on_batch(x, y, [2, *[1] * 9])
    kernel = regression.weights()["kernel"]
    repeated = regression.restarted().train_on_batch(x[twice], y[twice])

    assert weighted == pytest.approx(repeated, rel=1e-5)
    np.testing.assert_allclose(kernel, regression.weights()["kernel"], rtol=1e-5)


def test_a_row_without_weight_may_hold_anything(regression, line):
    x, y = line
    garbage_x, garbage_y = x.copy(), y.copy()
    garbage_x[3], garbage_y[3] = 1e18, -1e30
    row_weights = [1, 1, 1, 0, 1, 1, 1, 1, 1, 1]

    clean = regression.restarted().train_on_batch(x, y, row_weights)
    expected = regression.numbers()
    dirty = regression.restarted().train_on_batch(garbage_x, garbage_y, row_weights)

    assert dirty == clean
    np.testing.assert_array_equal(regression.numbers(), expected)


def test_evaluation_is_the_weighted_mean_over_any_batches(regression, line):
    x, y = line
    row_weights = np.array([1, 2, 0.5, 0, 3, 1, 1, 0, 0, 2])
    weights = regression.restarted().weights()

    found = [regression.evaluate(x, y, row_weights, batch_size=size) for size in (1, 4, 100)]

    error = (x @ weights["kernel"] + weights["bias"])[:, 0] - y
    expected = {"loss": np.average(error**2, weights=row_weights), "mae": np.average(abs(error), weights=row_weights)}
    assert found == [pytest.approx(expected, rel=1e-5)] * 3


@pytest.mark.parametrize("weighted", [False, True])
def test_training_reports_what_evaluation_finds_where_nothing_moves(classifier, line, rng, weighted):
    x, _ = line
    y = np.array([0, 2, 1, -1, 1, 0, -1, 2, 2, 0])
    row_weights = rng.uniform(0, 2, 10) if weighted else None
    classifier.restarted(**{"optimizer/learning_rate": 0})
    # A constraint acts even where no gradient does; start from weights that it leaves alone.
    classifier.fit(x, y, batch_size=4, sample_weight=row_weights)

    history = classifier.fit(x, y, batch_size=4, sample_weight=row_weights).history
    scores = classifier.evaluate(x, y, row_weights, batch_size=3)

    assert {name: values[0] for name, values in history.items()} == pytest.approx(scores, rel=1e-5)


def test_the_loss_has_the_penalties_of_weights_and_activity(classifier, line):
    x, _ = line
    y = np.array([0, 2, 1, 2, 1, 0, 1, 2, 2, 0])
    first, last = classifier.restarted().weights("dense"), classifier.weights("dense_1")

    found = classifier.evaluate(x, y)["loss"]

    hidden = np.tanh(x @ first["kernel"] + first["bias"])
    logits = hidden @ last["kernel"] + last["bias"]
    surprise = np.log(np.exp(logits).sum(axis=1)) - logits[range(10), y]
    penalty = 0.01 * (first["kernel"] ** 2).sum() + 0.01 * abs(hidden).sum() / 10
    assert found == pytest.approx(surprise.mean() + penalty, rel=1e-5)


def test_what_the_loss_ignores_counts_in_no_metric(classifier, line):
    x, _ = line
    y = np.array([0, 2, 1, 2, 1, 0, 1, 2, 2, 0])
    some = np.where(np.arange(10) < 6, y, -1)
    classifier.restarted()

    assert classifier.evaluate(x, some)["accuracy"] == pytest.approx(classifier.evaluate(x[:6], y[:6])["accuracy"])


def test_constraints_hold_after_every_step(classifier, line):
    x, _ = line

    assert (classifier.restarted().weights("dense_1")["kernel"] < 0).any()
    classifier.fit(x, [0, 1, 2, 0, 1, 2, 0, 1, 2, 0], epochs=3)

    assert (classifier.weights("dense_1")["kernel"] >= 0).all()
    assert (classifier.weights("dense_1")["kernel"] > 0).any()


def test_metrics_see_probabilities_where_the_loss_takes_logits(dense, trainee, line):
    x, _ = line
    y = np.array([0, 1, 0, 1, 1, 0, 1, 1, 0, 0])
    names = ["accuracy", "auc", "crossentropy"]
    asked = [lm.losses.BinaryCrossentropy(from_logits=True), "binary_crossentropy"]

    found = [
        trainee(dense(1, activation), loss, metrics=names).evaluate(x, y)
        for activation, loss in zip([None, "sigmoid"], asked, strict=True)
    ]

    assert found[0] == pytest.approx(found[1], rel=1e-6)
    assert found[0]["crossentropy"] == pytest.approx(found[0]["loss"], rel=1e-5)


def test_frozen_layers_stay_bit_by_bit_and_others_move(trainee, line):
    x, y = line
    model = lm.Sequential([lm.Input((3,)), lm.layers.Dense(4), lm.layers.Dense(1)]).build(seed=1)
    frozen = trainee(model, optimizer="adam", frozen=frozenset({"dense"}))
    before, moving = frozen.weights("dense"), frozen.weights("dense_1")

    frozen.fit(x, y, epochs=2)

    for name in ("kernel", "bias"):
        np.testing.assert_array_equal(frozen.weights("dense")[name], before[name])
        assert (frozen.weights("dense_1")[name] != moving[name]).all()


def test_several_outputs_add_up_with_their_shares(two_by_two, trainee, rng):
    x = [rng.normal(size=(6, 2)), rng.normal(size=(6, 3))]
    y = {"price": rng.normal(size=6), "kind": [0, 1, 2, 0, 1, 2]}
    losses = ["mse", "sparse_categorical_crossentropy"]
    several = trainee(two_by_two, losses, loss_weights=[0.25, 2.0], metrics={"kind": "accuracy"})

    scores = several.evaluate(x, y, sample_weight={"price": [1, 2, 3, 4, 5, 6], "kind": None})

    assert list(scores) == ["loss", "price/loss", "kind/loss", "kind/accuracy"]
    assert scores["loss"] == pytest.approx(0.25 * scores["price/loss"] + 2 * scores["kind/loss"], rel=1e-6)


def test_bytes_are_widened_a_batch_at_a_time(regression, rng):
    x = rng.integers(0, 4, (10, 3)).astype(np.uint8)
    rows = training.to_rows(regression.plan, x, np.ones(10))

    assert rows.block().inputs[0].dtype == np.uint8
    assert regression.restarted().evaluate(x, np.ones(10)) == regression.evaluate(x.astype(np.float32), np.ones(10))


class Shouting(lm.Layer):
    """A layer that prints what it is called on while training."""

    silent: bool = False

    def call(self, weights, x, context):
        if context.training and not self.silent:
            print(f"sum {float(lm.ops.sum(lm.ops.stop_gradient(x))):.3f}")  # without it x is shown, but is no float
        return x


def test_debugging_runs_the_same_steps_in_python(trainee, line, capsys):
    x, y = line

    def trained(layer, *, debug):
        model = lm.Sequential([lm.Input((3,)), lm.layers.Dropout(0.5), lm.layers.Dense(1), layer]).build(seed=1)
        own = trainee(model, optimizer="adam", options={"debug": debug})
        return own.fit(x, y, batch_size=4, epochs=2, validation_split=0.2).history, own.numbers()

    history, weights = trained(Shouting(silent=True), debug=False)
    debugged_history, debugged_weights = trained(Shouting(), debug=True)

    np.testing.assert_allclose(debugged_weights, weights, atol=1e-6)
    assert debugged_history == {name: pytest.approx(values, rel=1e-5) for name, values in history.items()}
    assert capsys.readouterr().out.count("sum ") == 4
