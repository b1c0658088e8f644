"""Traps that others fell into, one test each; see also the tests of the part that each belongs to."""

import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError, DataError
from lamina.layers import (
    ActivityRegularization,
    BatchNormalization,
    Dense,
    Dropout,
    LayerNormalization,
    LeakyReLU,
    Rescaling,
    UnitNormalization,
)

X = np.linspace(-1, 1, 24, dtype=np.float32).reshape(6, 4)
ONE_HOT = np.eye(3, dtype=np.float32)[[0, 1, 2, 0, 1, 2]]


def network(*layers, optimizer="sgd", loss="mse", **options):
    model = lm.Sequential([lm.Input((4,)), *layers])
    model.compile(optimizer, loss, **options)
    return model


def test_no_constructor_argument_is_lost_in_a_file(tmp_path):
    model = network(
        Rescaling(0.5, offset=0.1),
        Dense(5, activation="gelu", use_bias=False, kernel_constraint=lm.constraints.MaxNorm(0.5)),
        LeakyReLU(0.3),
        LayerNormalization(epsilon=0.1, center=False),
        ActivityRegularization(l1=0.2),
        Dropout(0.3, seed=4),
        BatchNormalization(momentum=0.5, scale=False),
        Dense(3, kernel_regularizer=lm.regularizers.L1L2(0.1, 0.2)),
        optimizer=[lm.optimizers.ClipNorm(0.5), lm.optimizers.SGD(0.1, momentum=0.7, nesterov=True)],
        loss=lm.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.2),
        metrics=[lm.metrics.TopKCategoricalAccuracy(k=2)],
    )
    model.fit(X, ONE_HOT, batch_size=4, verbose=0, seed=1)
    model.save(tmp_path / "model.safetensors")

    loaded = lm.load(tmp_path / "model.safetensors")

    assert loaded.evaluate(X, ONE_HOT) == model.evaluate(X, ONE_HOT)
    histories = [each.fit(X, ONE_HOT, epochs=2, batch_size=4, verbose=0).history for each in (model, loaded)]
    assert histories[0] == histories[1]
    np.testing.assert_array_equal(loaded.predict(X), model.predict(X))


def test_weights_of_models_inside_models_are_in_the_file(tmp_path):
    inner = lm.Sequential([Dense(3), BatchNormalization()], name="inner")
    model = network(lm.Sequential([inner], name="middle"), Dense(3))
    model.fit(X, ONE_HOT, verbose=0)
    model.save(tmp_path / "model.safetensors")

    loaded = lm.load(tmp_path / "model.safetensors")

    np.testing.assert_array_equal(loaded.predict(X), model.predict(X))


def test_alpha_prices_false_alarms_and_beta_prices_misses():
    loss = lm.losses.Tversky(alpha=1.0, beta=0.0)

    false_alarm, miss = loss([[1.0, 0.0]], [[1.0, 1.0]]), loss([[1.0, 1.0]], [[1.0, 0.0]])

    assert float(false_alarm) == pytest.approx(0.5)
    assert float(miss) == pytest.approx(0.0)


def test_label_smoothing_spreads_over_the_classes_of_each_step():
    y_true, y_pred = np.eye(3)[[[0, 1]]], np.full((1, 2, 3), [0.7, 0.2, 0.1])
    smoothed = y_true * 0.7 + 0.1

    loss = lm.losses.CategoricalCrossentropy(label_smoothing=0.3)(y_true, y_pred)

    assert float(loss) == pytest.approx(-(smoothed * np.log(y_pred)).sum(-1).mean(), rel=1e-5)


@pytest.mark.parametrize("metric", [lm.metrics.FBetaScore(beta=2.0), lm.metrics.F1Score(), lm.metrics.R2Score()])
def test_a_row_of_weight_2_counts_in_every_score_as_the_row_twice(metric):
    model = network(Dense(3, activation="sigmoid"), metrics=[metric]).build(seed=5)
    weights = np.array([2, 1, 1, 1, 1, 2], np.float32)
    twice = np.repeat(np.arange(6), weights.astype(int))

    weighted = model.evaluate(X, ONE_HOT, sample_weight=weights)
    repeated = model.evaluate(X[twice], ONE_HOT[twice])

    for name, value in repeated.items():
        np.testing.assert_allclose(weighted[name], value, rtol=1e-5)


def test_booleans_are_targets_like_0_and_1():
    answers = X[:, 0] > 0
    model = network(Dense(1, activation="sigmoid"), loss="binary_crossentropy", metrics=["accuracy"]).build(seed=0)

    assert model.evaluate(X, answers) == model.evaluate(X, answers.astype(int))


def test_rows_that_fill_up_a_batch_do_not_move_averages():
    def build():
        return network(BatchNormalization(), Dense(3)).build(seed=3)

    whole, pieces = build(), build()
    whole.fit(X, ONE_HOT, batch_size=4, shuffle=False, verbose=0)
    for part in (slice(0, 4), slice(4, 6)):
        pieces.train_on_batch(X[part], ONE_HOT[part])

    for name, array in whole.get_weights("batch_normalization").items():
        np.testing.assert_allclose(array, pieces.get_weights("batch_normalization")[name], rtol=1e-5, err_msg=name)


def test_the_best_epoch_is_that_of_this_training():
    model = network(Dense(3), optimizer=lm.optimizers.SGD(0.1))
    model.fit(X, ONE_HOT, epochs=20, verbose=0)
    best_before = model.history.best()["loss"]
    model.set_weights({"kernel": np.full((4, 3), 9.0)}, layer="dense")

    again = model.fit(X, ONE_HOT, epochs=2, verbose=0)

    assert again.best()["loss"] > best_before
    assert again.best()["epoch"] == 1


def test_reported_values_are_means_over_rows_and_not_over_batches(capsys):
    model = network(Dense(3), optimizer=lm.optimizers.SGD(0.0))
    y = np.concatenate([np.zeros((4, 3)), np.full((2, 3), 10.0)])

    history = model.fit(X, y, batch_size=4, shuffle=False, verbose=2)

    loss = model.evaluate(X, y)["loss"]
    assert history.history["loss"] == [pytest.approx(loss, rel=1e-6)]
    assert f"loss {loss:.4f}" in capsys.readouterr().out


def test_no_rows_are_no_training():
    with pytest.raises(DataError, match="x: expected at least one row, got none"):
        network(Dense(3)).fit(X[:0], ONE_HOT[:0], verbose=0)


def test_a_small_part_for_validation_is_never_rounded_to_nothing():
    history = network(Dense(3)).fit(X, ONE_HOT, validation_split=0.01, verbose=0)

    assert history.params["validation_rows"] == 1
    with pytest.raises(DataError, match=r"fit\(validation_split\): expected at least one row"):
        network(Dense(3)).fit(X[:1], ONE_HOT[:1], validation_split=0.01, verbose=0)


@pytest.mark.parametrize("layer", [UnitNormalization(), LayerNormalization(), BatchNormalization()])
def test_normalising_nothing_gives_no_nan(layer):
    model = network(Dense(4, use_bias=False), layer, Dense(3))

    model.fit(np.zeros((6, 4), np.float32), ONE_HOT, epochs=2, verbose=0)

    assert all(np.isfinite(array).all() for own in model.get_weights().values() for array in own.values())


def test_the_cosine_of_a_zero_vector_gives_no_nan():
    model = network(Dense(3, kernel_initializer="zeros"), loss="cosine_similarity")

    model.fit(X, ONE_HOT, verbose=0)

    assert np.isfinite(model.get_weights("dense")["kernel"]).all()


def test_freezing_after_compile_is_not_ignored():
    model = network(Dense(3, name="kept"), Dense(3, name="trained"))
    model.fit(X, ONE_HOT, verbose=0)
    before = model.get_weights()

    model.freeze("kept")
    model.fit(X, ONE_HOT, verbose=0)

    after = model.get_weights()
    np.testing.assert_array_equal(after["kept"]["kernel"], before["kept"]["kernel"])
    assert (after["trained"]["kernel"] != before["trained"]["kernel"]).any()


def test_a_flag_on_a_layer_that_nobody_would_read_is_refused():
    with pytest.raises(ArgumentError, match=r"write model\.freeze\("):
        Dense(3).trainable = False


def test_layers_of_one_kind_keep_their_moving_values_apart():
    model = network(BatchNormalization(momentum=0.0), Rescaling(10.0), BatchNormalization(momentum=0.0), Dense(3))

    model.fit(X + 5, ONE_HOT, verbose=0)

    first, second = (
        model.get_weights(name)["moving_mean"] for name in ("batch_normalization", "batch_normalization_1")
    )
    np.testing.assert_allclose(first, (X + 5).mean(axis=0), rtol=1e-5)
    np.testing.assert_allclose(second, 0, atol=1e-4)


def test_two_layers_that_drop_out_do_not_drop_the_same():
    image = lm.Input((100,))
    model = lm.Model(image, [Dropout(0.5)(image), Dropout(0.5)(image)])

    first, second = model(np.ones((1, 100)), training=True)

    assert (np.asarray(first) != np.asarray(second)).any()


def test_epochs_go_on_counting_after_a_pause():
    class Epochs(lm.callbacks.Callback):
        def __init__(self):
            self.seen = []

        def on_epoch_begin(self, epoch):
            self.seen.append(("begin", epoch))

        def on_epoch_end(self, epoch, logs):
            self.seen.append(("end", epoch))

    epochs, model = Epochs(), network(Dense(3))

    history = model.fit(X, ONE_HOT, epochs=5, initial_epoch=3, callbacks=[epochs], verbose=0)

    assert epochs.seen == [("begin", 3), ("end", 3), ("begin", 4), ("end", 4)]
    assert history.epoch == [3, 4]


def test_labels_with_white_space_come_back_as_they_were(tmp_path):
    labels = ["a\n", "a", " a"] * 2
    model = network(Dense(3, activation="softmax"), loss="categorical_crossentropy")
    model.fit(X, labels, verbose=0)
    model.save(tmp_path / "model.safetensors")

    assert lm.load(tmp_path / "model.safetensors").classes.tolist() == sorted(set(labels))
