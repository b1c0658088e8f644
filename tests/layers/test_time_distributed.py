import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError, ShapeError
from lamina.layers import GRU, BatchNormalization, Dense, Dropout, Embedding, Input, Layer, Masking, TimeDistributed


def test_each_step_goes_through_the_layer(call, rng):
    x, kernel = rng.normal(size=(2, 4, 3)), rng.normal(size=(3, 5))

    output = call(TimeDistributed(Dense(5)), x, weights={"layer.kernel": kernel, "layer.bias": np.zeros(5)})

    np.testing.assert_allclose(output, x @ kernel, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("layer", "shape", "output"),
    [
        (lm.layers.Flatten(), (4, 3, 2), (4, 6)),
        (lm.layers.Reshape((2, 3)), (4, 6), (4, 2, 3)),
        (GRU(5), (None, 7, 3), (None, 5)),
        (Embedding(10, 3), (4, 2), (4, 2, 3)),
    ],
    ids=str,
)
def test_the_time_stays_behind_the_batch(layer, shape, output):
    assert TimeDistributed(layer)(Input(shape)).shape == (None, *output)


def test_a_layer_of_several_outputs_gives_all_of_them(rng):
    x = Input((4, 7, 3))
    model = lm.Model(x, list(TimeDistributed(GRU(5, return_sequences=True, return_state=True))(x)))

    sequences, states = model.predict(rng.normal(size=(2, 4, 7, 3)))

    assert sequences.shape == (2, 4, 7, 5)
    np.testing.assert_array_equal(sequences[:, :, -1], states)


def test_whole_numbers_stay_whole_numbers(call):
    output = call(
        TimeDistributed(Embedding(3, 1)), np.array([[[0, 2], [1, 1]]]), weights={"layer.embeddings": [[5], [6], [7]]}
    )

    assert output[..., 0].tolist() == [[[5, 7], [6, 6]]]


def test_steps_that_are_not_real_count_nothing_in_a_mean(call):
    x = Input((3, 1))
    model = lm.Model(x, TimeDistributed(BatchNormalization(momentum=0.0, epsilon=1e-9))(Masking(9.0)(x)))
    model.compile("sgd", "mse")

    model.train_on_batch([[[1.0], [9.0], [3.0]], [[5.0], [9.0], [9.0]]], np.zeros((2, 3, 1)))

    assert model.get_weights("time_distributed")["layer.moving_mean"].tolist() == [3.0]


def test_rows_that_fill_up_a_batch_count_nothing_either(call):
    weights = {
        f"layer.{name}": [value]
        for name, value in zip(["gamma", "beta", "moving_mean", "moving_variance"], [1, 0, 0, 1], strict=True)
    }

    call(
        TimeDistributed(BatchNormalization(momentum=0.0)),
        [[[1], [3]], [[50], [70]]],
        weights=weights,
        training=True,
        rows=[True, False],
    )

    assert call.moved["layer.moving_mean"].tolist() == [2.0]


def test_each_step_drops_its_own_numbers(call):
    output = call(TimeDistributed(Dropout(0.5)), np.ones((1, 50, 3)), training=True)

    assert not np.array_equal(output, output[:, :1].repeat(50, axis=1))


def test_the_mask_of_the_steps_passes_on():
    assert TimeDistributed(Dense(2))(Masking()(Input((4, 3)))).masked
    assert TimeDistributed(GRU(2))(Masking()(Input((4, 5, 3)))).masked


@pytest.mark.parametrize("layer", [None, "dense", lm.layers.Add(), Dense, lm.Sequential([lm.Input((3,)), Dense(1)])])
def test_what_is_no_layer_of_one_input_is_refused(layer):
    with pytest.raises(
        ArgumentError, match=r"TimeDistributed\(layer\): expected a layer of one input, got .*\n  Fix: write one"
    ):
        TimeDistributed(layer)


def test_something_is_behind_the_time():
    with pytest.raises(
        ShapeError, match=r"expected an input of shape \(batch, time, ...\) with something at each step"
    ):
        TimeDistributed(Dense(2))(Input((4,)))


def test_data_is_checked_as_the_layer_would():
    model = lm.Sequential([lm.Input((2, 2), dtype="int32"), TimeDistributed(Embedding(3, 1))])

    with pytest.raises(lm.errors.DataError, match=r"whole numbers from 0 to 2 for Embedding\(3, 1\), got 7"):
        model.predict(np.array([[[0, 1], [2, 7]]]))


class Halves(Layer):
    """Both halves of the features, neither with a mask of its own."""

    masking = "use"

    def output_shape(self, input_shape):
        return ((*input_shape[:-1], 2), (*input_shape[:-1], 2))

    def gives_mask(self, masked):
        return masked, masked

    def call(self, weights, x, context):
        return x[..., :2], x[..., 2:]


def test_a_layer_that_only_passes_masks_makes_none():
    first, second = TimeDistributed(Halves())(Input((3, 4)))

    assert first.shape == second.shape == (None, 3, 2)


@pytest.mark.parametrize("layer", [Masking(), Embedding(5, 3, mask_zero=True)], ids=str)
def test_a_mask_within_a_step_is_refused(layer):
    with pytest.raises(
        ArgumentError,
        match=r"^TimeDistributed\(layer\): expected a layer that makes no mask.*\n  Fix: mask whole steps",
    ):
        TimeDistributed(layer)


def test_an_error_of_the_layer_says_that_its_shapes_are_those_of_a_step():
    fix = r"add an axis for the channels: x\[\.\.\., None\] with Input\(\(28, 28, 1\)\), or Reshape\(\(28, 28, 1\)\)"

    with pytest.raises(ShapeError, match=rf"(?s)got \(None, 28, 28\)\.\n  Fix: {fix}.*\n  In TimeDistributed, these"):
        TimeDistributed(lm.layers.Conv2D(4, 3))(Input((10, 28, 28)))


def test_an_error_of_its_own_is_of_the_whole_sequence():
    with pytest.raises(ShapeError, match=r"got \(None, 10\)\.\n  Fix: use the layer without TimeDistributed\.$"):
        TimeDistributed(Dense(4))(Input((10,)))
