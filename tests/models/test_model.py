import numpy as np
import pytest

import lamina as lm
from lamina import ops
from lamina.errors import ArgumentError, DataError, ShapeError
from lamina.layers import Concatenate, Dense, Dropout, Layer, Weight

pandas = pytest.importorskip("pandas", reason="frames are read where pandas is installed")

X = np.linspace(-1, 1, 24, dtype=np.float32).reshape(6, 4)
Y = X @ np.array([[1.0], [-2.0], [0.5], [3.0]], np.float32)


def compiled(*layers, loss="mse", metrics=None):
    model = lm.Sequential([lm.Input((4,)), *(layers or [Dense(1)])])
    model.compile(lm.optimizers.SGD(0.05), loss, metrics=metrics)
    return model


@pytest.fixture
def two_by_two():
    """A compiled model with two inputs and two outputs."""
    left, right = lm.Input((4,), name="left"), lm.Input((4,), name="right")
    joined = Concatenate()([left, right])
    price, kind = Dense(1, name="price")(joined), Dense(3, activation="softmax", name="kind")(joined)
    model = lm.Model([left, right], [price, kind])
    model.compile("sgd", {"price": "mse", "kind": "sparse_categorical_crossentropy"}, metrics={"kind": "accuracy"})
    return model


def test_training_makes_the_loss_smaller_and_keeps_its_record():
    model = compiled()

    history = model.fit(X, Y, epochs=20, verbose=0, seed=0)

    assert history.history["loss"][-1] < history.history["loss"][0] / 2
    assert model.history is history


def test_the_same_seed_gives_the_same_weights():
    first, second = compiled(Dropout(0.5), Dense(1)), compiled(Dropout(0.5), Dense(1))

    for model in (first, second):
        model.fit(X, Y, epochs=3, batch_size=2, verbose=0, seed=11)

    np.testing.assert_array_equal(first.predict(X), second.predict(X))


def test_scores_are_a_dictionary_and_change_nothing():
    model = compiled(metrics=["mean_absolute_error"])
    before = model.predict(X)

    scores = model.evaluate(X, Y)

    assert scores["loss"] == pytest.approx(np.mean((before - Y) ** 2), rel=1e-5)
    assert scores["mean_absolute_error"] == pytest.approx(np.mean(np.abs(before - Y)), rel=1e-5)
    np.testing.assert_array_equal(model.predict(X), before)


def test_the_batch_size_of_evaluate_changes_no_score():
    model = compiled(metrics=["mean_absolute_error"])

    whole, pieces = model.evaluate(X, Y), model.evaluate(X, Y, batch_size=4)

    assert pieces == pytest.approx(whole, rel=1e-5)


@pytest.mark.parametrize("batch_size", [1, 4, 6, 1000])
def test_the_batch_size_of_predict_changes_no_prediction(batch_size):
    model = compiled()

    np.testing.assert_allclose(model.predict(X, batch_size=batch_size), model.predict(X), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    "x", [X, X[:4], X.astype(np.float64), X.tolist(), X[:1]], ids=["float32", "four", "float64", "list", "row"]
)
def test_predictions_belong_to_the_caller(x):
    model = compiled()

    for _ in range(2):  # the second may take the fast lane
        predictions = model.predict(x)
        assert predictions.dtype == np.float32
        predictions += 1
        assert (model.predict(x) != predictions).all()


def test_data_without_rows_is_refused():
    with pytest.raises(DataError, match="x: expected at least one row, got none"):
        compiled().predict(X[:0])


def test_several_inputs_and_outputs_go_by_position_or_by_name(two_by_two):
    numbers, kinds = Y[:, 0], np.array([0, 1, 2] * 2)

    by_name = two_by_two.fit({"right": X, "left": X}, {"kind": kinds, "price": numbers}, verbose=0)
    by_position = two_by_two.evaluate([X, X], [numbers, kinds])

    assert list(by_name.history) == list(by_position) == ["loss", "price/loss", "kind/loss", "kind/accuracy"]
    price, kind = two_by_two.predict((X, X))
    assert (price.shape, kind.shape) == ((6, 1), (6, 3))


def test_the_class_of_each_row_has_its_label():
    model = compiled(Dense(3, activation="softmax"), loss="categorical_crossentropy")
    model.set_weights({"kernel": np.eye(4)[:, :3], "bias": np.zeros(3)}, layer="dense")
    assert model.predict_classes(np.eye(4)[:3]).tolist() == [0, 1, 2]

    model.fit(X, ["a", "b", "c"] * 2, verbose=0)
    model.set_weights({"kernel": np.eye(4)[:, :3], "bias": np.zeros(3)}, layer="dense")

    assert model.predict_classes(np.eye(4)[:3]).tolist() == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("activation", "loss"),
    [
        ("sigmoid", "binary_crossentropy"),
        (None, lm.losses.BinaryCrossentropy(from_logits=True)),
        ("tanh", "hinge"),
    ],
)
def test_one_output_means_yes_where_it_is_on_the_side_of_yes(activation, loss):
    model = compiled(Dense(1, activation=activation), loss=loss)
    model.set_weights({"kernel": [[1], [0], [0], [0]], "bias": [0]}, layer="dense")

    assert model.predict_classes([[-0.3, 0, 0, 0], [0.3, 0, 0, 0]]).tolist() == [0, 1]


def test_each_of_several_outputs_has_its_classes_and_numbers_stay_numbers(two_by_two):
    price, kind = two_by_two.predict([X, X])

    numbers, classes = two_by_two.predict_classes([X, X])

    np.testing.assert_array_equal(numbers, price)
    np.testing.assert_array_equal(classes, kind.argmax(axis=1))


def test_outputs_that_are_questions_of_their_own_have_an_answer_each():
    model = compiled(Dense(3, activation="sigmoid"), loss="binary_crossentropy")
    model.set_weights({"kernel": np.eye(4)[:, :3], "bias": np.zeros(3)}, layer="dense")

    assert model.predict_classes([[1, -1, 1, 0], [-1, -1, -1, 0]]).tolist() == [[1, 0, 1], [0, 0, 0]]


def test_classes_are_read_from_a_model_that_is_not_compiled():
    model = lm.Sequential([lm.Input((4,)), Dense(2), Dense(1)])
    scores = lm.Model(model.inputs, model.output_of("dense"))

    assert model.predict_classes(X).shape == scores.predict_classes(X).shape == (6,)
    np.testing.assert_array_equal(scores.predict_classes(X), scores.predict(X).argmax(axis=1))
    np.testing.assert_array_equal(model.predict_classes(X), model.predict(X)[:, 0] > 0.5)


def test_one_step_on_a_batch_is_one_step_of_fit():
    by_batch, by_fit = compiled().build(seed=2), compiled().build(seed=2)

    scores = by_batch.train_on_batch(X, Y)
    history = by_fit.fit(X, Y, batch_size=6, shuffle=False, verbose=0)

    assert scores["loss"] == pytest.approx(history.history["loss"][0])
    np.testing.assert_allclose(by_batch.predict(X), by_fit.predict(X), rtol=1e-6)


def test_a_batch_needs_a_weight_to_train():
    model = compiled()
    model.freeze()

    with pytest.raises(
        ArgumentError, match=r"^train_on_batch: expected at least one weight .*\n  Fix: call model\.unfreeze"
    ):
        model.train_on_batch(X, Y)


def test_testing_on_a_batch_is_evaluating_it():
    model = compiled()

    assert model.test_on_batch(X, Y) == model.evaluate(X, Y)


def test_a_model_called_on_arrays_predicts():
    model = compiled(Dense(3, activation="relu"), Dropout(0.5), Dense(1))

    np.testing.assert_allclose(model(X), model.predict(X), rtol=1e-6)


def test_a_model_called_in_training_drops_out_anew_each_time():
    model = compiled(Dropout(0.5))

    first, second = (np.asarray(model(np.ones((6, 4)), training=True)) for _ in range(2))

    assert set(np.unique(first)) <= {0.0, 2.0}
    assert (first != second).any()


class Scaled(Layer):
    """Multiplies by a number that is learned, and starts at the number it was given."""

    start: float = 1.0

    def weights(self, input_shape):
        return {"factor": Weight((), lm.initializers.Constant(self.start))}

    def call(self, weights, x, context):
        return x * weights["factor"]


def test_layers_losses_and_metrics_of_ones_own_are_trained_with():
    def half_squared(y_true, y_pred):
        return ops.mean((y_true - y_pred) ** 2, axis=-1) / 2

    def largest_error(y_true, y_pred):
        return ops.max(ops.abs(y_true - y_pred), axis=-1)

    model = lm.Sequential([lm.Input((1,)), Scaled(0.5)])
    model.compile(lm.optimizers.SGD(0.5), half_squared, metrics=[largest_error])
    x = np.array([[1.0], [-1.0]])

    history = model.fit(x, 3 * x, epochs=30, verbose=0)

    assert model.get_weights("scaled")["factor"] == pytest.approx(3, abs=1e-3)
    assert history.history["loss"][0] == pytest.approx(2.5**2 / 2)
    assert history.history["largest_error"][0] == pytest.approx(2.5)


@pytest.mark.parametrize("verb", ["fit", "evaluate", "predict"])
def test_silence_is_kept(verb, capsys):
    model = compiled()

    getattr(model, verb)(*((X,) if verb == "predict" else (X, Y)), verbose=0)

    assert capsys.readouterr() == ("", "")


def test_evaluate_and_predict_say_a_line_when_asked_to(capsys):
    model = compiled().build(seed=0)

    loss = model.evaluate(X, Y, verbose=1)["loss"]
    model.predict(X[:1], verbose="auto")
    model.predict(X[:1], verbose=2)

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("6 rows  ")
    assert lines[0].endswith(f" s  loss {loss:.4f}")
    assert [line[:7] for line in lines[1:]] == ["1 row  "] * 2


@pytest.mark.parametrize("verb", ["fit", "evaluate", "predict"])
def test_another_verbosity_is_refused(verb):
    with pytest.raises(ArgumentError, match=rf"{verb}\(verbose\): expected 'auto', 0, 1 or 2, got 3"):
        getattr(compiled(), verb)(X, verbose=3)


def test_the_names_of_other_books_are_explained():
    with pytest.raises(ArgumentError, match=r"fit\(nb_epoch\).*\n  Fix: write epochs instead of nb_epoch"):
        compiled().fit(X, Y, nb_epoch=3)


def test_a_shape_that_does_not_fit_names_the_layer():
    with pytest.raises(ShapeError, match=r"dense \(Dense\): expected an input of shape \(batch, 4\), got \(6, 3\)"):
        compiled().fit(X[:, :3], Y, verbose=0)


def test_a_network_written_as_code_is_refused():
    with pytest.raises(ArgumentError, match=r"Mine\.call: expected a network that is built by calling layers"):

        class Mine(lm.Model):
            def call(self, x):
                return x


def test_a_subclass_may_build_its_own_network():
    class Small(lm.Model):
        def __init__(self, units):
            image = lm.Input((4,))
            super().__init__(image, Dense(units)(image), name="small")

    assert Small(3).predict(X).shape == (6, 3)


def test_the_columns_of_a_frame_are_told_apart_by_name():
    frame = pandas.DataFrame(X, columns=["a", "b", "c", "d"])
    model = compiled()
    model.fit(frame, Y, verbose=0, validation_data=(frame[["d", "c", "b", "a"]], Y))
    other = frame[["c", "a", "d", "b"]]

    assert model.columns == ("a", "b", "c", "d")
    np.testing.assert_array_equal(model.predict(other), model.predict(X))
    np.testing.assert_array_equal(model(other), model(X))
    assert model.evaluate(other, Y) == model.evaluate(X, Y)
    with pytest.raises(DataError, match="got a frame without 'd'"):
        model.predict(frame[["a", "b", "c"]])
