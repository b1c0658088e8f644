import numpy as np
import pytest

import lamina as lm
from lamina import layers, ops
from lamina.errors import ArgumentError, ShapeError
from lamina.layers import Dense, Embedding, Graph, Input, Layer, Masking, Run, apply, connect
from lamina.layers._masks import masked_outputs

LENGTHS = (3, 1, 4)
SEQUENCE = (None, None, 2)


class Own(Layer):
    """A layer whose author said nothing of masks."""

    def call(self, weights, x, context):
        return x


class Smoothed(Layer):
    """Use the mask of the input for the sequence, and give its last step beside it."""

    masking = "use"

    gives: object = True

    def output_shape(self, input_shape):
        return input_shape, (input_shape[0], input_shape[2])

    def gives_mask(self, masked):
        return masked and self.gives

    def call(self, weights, x, context):
        return x, x[:, -1]


class Summed(Layer):
    """Say that steps are kept apart, and lose the features."""

    masking = "pass"

    def output_shape(self, input_shape):
        return input_shape[:-1]

    def call(self, weights, x, context):
        return ops.sum(x, axis=-1)


def padded(rng, features=2):
    """Return sequences of some lengths, and the same as one array filled up with zeros."""
    rows = [rng.normal(size=(length, features)).astype("float32") for length in LENGTHS]
    whole = np.zeros((len(rows), 5, features), "float32")
    for row, sequence in zip(whole, rows, strict=True):
        row[: len(sequence)] = sequence
    return rows, whole


def masked():
    return Masking()(Input((None, 2)))


def output_masks(graph, *inputs, arrays):
    run = Run(training=False)
    apply(graph, arrays, [ops.asarray(x) for x in inputs], run)
    return run.output_masks


@pytest.mark.parametrize(
    "layer",
    [
        layers.Activation("softmax"),
        layers.BatchNormalization(),
        Dense(3, "tanh"),
        layers.Dropout(0.5),
        layers.LayerNormalization(),
        layers.Normalization(mean=1.0, variance=4.0),
        layers.Rescaling(2.0, offset=1.0),
        layers.UnitNormalization(),
    ],
    ids=repr,
)
def test_a_padded_batch_gives_what_its_sequences_give(layer, rng):
    rows, whole = padded(rng)
    model = lm.Sequential([Input((None, 2)), Masking(), layer]).build(seed=1)

    found = model.predict(whole)

    assert model.outputs[0].masked
    for sequence, output in zip(rows, found, strict=True):
        np.testing.assert_allclose(output[: len(sequence)], model.predict(sequence[None])[0], rtol=1e-6)


@pytest.mark.parametrize(
    "layer", [layers.Flatten(), layers.Reshape((4,)), layers.Permute((2, 1)), layers.LayerNormalization(1)], ids=repr
)
def test_layers_that_mix_steps_refuse_a_mask(layer):
    with pytest.raises(
        ArgumentError, match=rf"{type(layer).__name__}.*: expected an input of which every step is real"
    ):
        layer(Masking()(Input((2, 2))))


def test_the_refusal_says_what_to_do():
    with pytest.raises(
        ArgumentError, match=r"got one with a mask.\n  Fix: end the sequence before it, with return_seq"
    ):
        layers.Flatten()(masked())
    with pytest.raises(ArgumentError, match=r"\n  Fix: give it the last axis, axis=-1, so that each step is computed"):
        layers.UnitNormalization((1, 2))(masked())


def test_a_layer_of_ones_own_refuses_a_mask_until_it_says_what_it_does():
    with pytest.raises(ArgumentError, match=r'Own\(\): .*\n  Fix: write masking = "pass" in the class if it computes'):
        Own()(masked())

    assert type("Stated", (Own,), {"masking": "pass"})()(masked()).masked


def test_without_a_mask_every_layer_is_as_it_was():
    assert not Own()(Input((None, 2))).masked
    assert not Smoothed()(Input((4, 2)))[0].masked


@pytest.mark.parametrize(
    ("gives", "found"), [(True, (True, False)), ((True, True), (True, True)), (False, (False, False))], ids=str
)
def test_states_beside_a_sequence_have_no_mask_unless_it_is_said(gives, found):
    shapes = SEQUENCE, (None, 2) if gives is True else SEQUENCE

    assert masked_outputs(Smoothed(gives), (True,), shapes) == found


def test_what_has_no_steps_has_no_mask():
    sentence = r"Summed\(\): expected an output of shape \(batch, time, ...\), as it has a mask, got \(None, None\)"
    with pytest.raises(ArgumentError, match=sentence + '.\n  Fix: keep the steps apart, or write masking = "use"'):
        Summed()(masked())


@pytest.mark.parametrize("flags", [(True, False), (False, True), (True, True)])
def test_what_joins_inputs_has_a_mask_where_one_of_them_has(flags):
    assert masked_outputs(layers.Add(), flags, (SEQUENCE,)) == (True,)
    assert masked_outputs(layers.Add(), (False, False), (SEQUENCE,)) == (False,)


def test_masks_go_through_networks_in_networks_and_shared_layers(rng):
    _, whole = padded(rng)
    inner = lm.Sequential([Input((None, 2)), Dense(2, name="shared"), layers.Dropout(0.1)], name="inner")
    x = Input((None, 2))
    once = inner(Masking()(x))
    graph = lm.Model(x, [inner(once), inner(x)]).build(seed=1).graph

    weights = {"kernel": np.eye(2, dtype="float32"), "bias": np.zeros(2, "float32")}
    twice, plain = output_masks(graph, whole, arrays={"inner/shared": weights})

    assert [symbol.masked for symbol in graph.outputs] == [True, False]
    np.testing.assert_array_equal(twice, np.arange(5) < np.array(LENGTHS)[:, None])
    assert plain is None


def test_a_layer_in_a_network_refuses_a_mask_from_outside():
    inner = lm.Sequential([Input((4, 2)), layers.Flatten()], name="inner")

    with pytest.raises(ArgumentError, match=r"Flatten\(\): expected an input of which every step is real"):
        inner(Masking()(Input((4, 2))))


def test_a_network_with_a_mask_inside_can_be_copied_and_loaded(tmp_path):
    model = lm.Sequential([Input((3,), dtype="int32"), Embedding(5, 2, mask_zero=True), Dense(1)]).build(seed=1)
    model.save(tmp_path / "model.st")

    loaded = lm.load(tmp_path / "model.st")

    assert loaded.outputs[0].masked
    np.testing.assert_array_equal(loaded.predict([[1, 2, 0]]), model.predict([[1, 2, 0]]))


def test_the_slots_with_masks_depend_on_the_inputs():
    x = Input((4, 2))
    graph = Graph([x], [connect(Dense(3), x)])

    assert graph.masked_slots() == frozenset()
    assert graph.masked_slots([True]) == {*graph.input_slots, *graph.output_slots}


def test_a_mask_of_another_shape_than_the_output_is_refused(rng):
    class Halved(Own):
        masking = "pass"

        def output_shape(self, input_shape):
            return (input_shape[0], 2, *input_shape[2:])

        def call(self, weights, x, context):
            return x[:, :2]

    model = lm.Sequential([Input((5, 2)), Masking(), Halved()])

    sentence = r"halved \(Halved\): expected a mask of shape \(4, 2\) for its output, got \(4, 5\)"
    with pytest.raises(ShapeError, match=sentence + ".\n  Fix: return that shape from the method output_mask"):
        model.predict(rng.normal(size=(4, 5, 2)))
