import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError, DataError, ShapeError, StageError
from lamina.layers import BatchNormalization, Concatenate, Dense, Dropout


@pytest.fixture(scope="module")
def compiled():
    """Return a compiled model of two layers, whose weights are all 1."""
    hidden = Dense(2, "relu", kernel_initializer="ones")
    model = lm.Sequential([lm.Input((2,)), hidden, Dense(1, kernel_initializer="ones")], name="small")
    model.compile("sgd", "mse")
    return model


def table(explanation):
    return [line.rstrip() for line in repr(explanation).split("\n")]


def test_it_prints_as_a_table(compiled):
    assert table(compiled.explain([[1.0, 2.0]])) == [
        'Model "small"',
        "Layer             Output shape   Smallest   Mean   Largest   Zeros     Dead   Weights",
        "─────────────────────────────────────────────────────────────────────────────────────",
        "dense (Dense)     (1, 2)                3      3         3      0%   0 of 2         2",
        "dense_1 (Dense)   (1, 1)                6      6         6      0%               1.41",
        "─────────────────────────────────────────────────────────────────────────────────────",
    ]


def test_with_targets_it_has_the_gradient_of_the_loss(compiled):
    first, second = compiled.explain([[1.0, 2.0]], [5.0]).rows

    # The prediction is 6 and the loss (6 - 5)², whose slope is 2; the hidden units are 3, the inputs 1 and 2.
    assert second.gradient_norm == pytest.approx(np.linalg.norm([2 * 3, 2 * 3, 2]))
    assert first.gradient_norm == pytest.approx(np.linalg.norm([2, 2, 4, 4, 2, 2]))
    assert first.ratio == pytest.approx(first.gradient_norm / 2)


def test_it_changes_nothing(compiled):
    before = compiled.get_weights()

    compiled.explain([[1.0, 2.0]], [5.0], training=True)

    np.testing.assert_equal(compiled.get_weights(), before)
    assert int(compiled.state.step) == 0


def test_what_looks_wrong_is_said_in_words(compiled):
    explanation = compiled.explain([[-1.0, -2.0], [-3.0, -4.0]])

    assert explanation.remarks == (
        "dense (Dense): 2 of 2 units are 0 for every row given: dead. "
        'Try a lower learning rate, kernel_initializer="he_normal", or activation="leaky_relu".',
    )
    assert table(explanation)[-1] == explanation.remarks[0]


def test_it_makes_a_frame(compiled):
    pytest.importorskip("pandas", reason="to_frame gives a pandas frame")
    frame = compiled.explain([[1.0, 2.0]], [5.0]).to_frame()

    assert frame["layer"].tolist() == ["dense", "dense_1"]
    assert frame["ratio"].notna().all()


def test_a_model_need_not_be_compiled_nor_know_its_shape():
    model = lm.Sequential([Dense(3, "relu"), Dense(1)])

    rows = model.explain(np.ones((4, 2))).rows

    assert [row.output_shapes for row in rows] == [((4, 3),), ((4, 1),)]
    assert rows[0].gradient_norm is None


def test_for_a_gradient_the_model_must_be_compiled():
    model = lm.Sequential([lm.Input((2,)), Dense(1)])

    with pytest.raises(StageError, match=r"sequential: expected a compiled model.*\n.*call model\.compile"):
        model.explain([[1.0, 2.0]], [1.0])


def test_several_inputs_and_outputs_are_given_as_in_fit():
    left, right = lm.Input((2,), name="left"), lm.Input((1,), name="right")
    joined = Concatenate()([left, right])
    outputs = {"price": Dense(1, name="price")(joined), "kind": Dense(3, activation="softmax", name="kind")(joined)}
    model = lm.Model([left, right], outputs)
    model.compile("sgd", {"price": "mse", "kind": "sparse_categorical_crossentropy"})

    rows = model.explain(
        {"left": np.ones((4, 2)), "right": np.ones((4, 1))}, {"price": np.ones(4), "kind": [0, 1, 2, 0]}
    )

    assert [(row.layer, row.is_output, row.gradient_norm is None) for row in rows.rows] == [
        ("concatenate", False, True),
        ("price", True, False),
        ("kind", True, False),
    ]
    assert rows.rows[2].largest <= 1  # the probabilities, though the loss is computed from logits


def test_one_row_has_a_gradient_behind_a_batch_normalization_too():
    model = lm.Sequential([lm.Input((2,)), Dense(3), BatchNormalization(), Dropout(0.5), Dense(1)])
    model.compile("sgd", "mse")

    explained = model.explain([[1.0, 2.0]], [3.0]).rows[0]
    trained = model.explain([[1.0, 2.0]], [3.0], training=True).rows[0]

    assert explained.gradient_norm > 1e-3
    assert trained.gradient_norm < 1e-6  # over a batch of one row, all that is normalised is 0


def test_frozen_layers_have_no_gradient():
    model = lm.Sequential([lm.Input((2,)), Dense(3), Dense(1)])
    model.freeze("dense")
    model.compile("sgd", "mse")

    rows = model.explain([[1.0, 2.0]], [3.0]).rows

    assert (rows[0].gradient_norm, rows[1].gradient_norm is None) == (None, False)


def test_recurrent_layers_with_masks_are_followed():
    layers = [lm.layers.Masking(), lm.layers.LSTM(3, return_sequences=True), lm.layers.GRU(2), Dense(1)]
    model = lm.Sequential([lm.Input((4, 2)), *layers])
    model.compile("sgd", "mse")
    x = np.ones((2, 4, 2))
    x[:, 2:] = 0

    rows = {row.layer: row for row in model.explain(x, [1.0, 2.0]).rows}

    assert rows["masking"].zeros == 0
    assert rows["lstm"].zeros == 0
    assert rows["gru"].gradient_norm > 0


@pytest.mark.parametrize("precision", ["mixed_bfloat16", "float64"])
def test_a_network_is_followed_in_its_own_precision(precision):
    model = lm.Sequential([lm.Input((2,)), Dense(3, "relu"), Dense(1)])
    model.compile("sgd", "mse", precision=precision)

    rows = model.explain([[1.0, 2.0]], [3.0]).rows

    assert all(row.gradient_norm > 0 for row in rows)


@pytest.mark.parametrize(
    ("arguments", "options", "error", "message"),
    [
        (([[1.0, 2.0]],), {"training": "no"}, ArgumentError, r"explain\(training\): expected True or False, got 'no'"),
        (([[1.0, np.nan]],), {}, DataError, r"x: expected "),
        (([1.0, 2.0],), {}, ShapeError, r"dense \(Dense\): expected an input of shape \(batch, 2\).*\n.*x\[None\]"),
    ],
)
def test_what_cannot_be_followed_is_refused(compiled, arguments, options, error, message):
    with pytest.raises(error, match=f"^{message}"):
        compiled.explain(*arguments, **options)
