import jax
import numpy as np
import pytest

import lamina as lm
from lamina import ops
from lamina._core.config import settings_of, with_settings
from lamina.errors import ArgumentError, ShapeError
from lamina.layers import (
    ELU,
    Add,
    AlphaDropout,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    GaussianNoise,
    Graph,
    Identity,
    Input,
    Layer,
    LayerNormalization,
    LeakyReLU,
    Rescaling,
    Reshape,
    Run,
    TimeDistributed,
    apply,
)


class Twin(Layer):
    """Give two outputs."""

    def output_shape(self, input_shape):
        return input_shape, (*input_shape[:-1], 1)

    def call(self, weights, x, context):
        return x, x[..., :1]


class Liar(Layer):
    """Promise another shape than it gives."""

    promise: tuple[int, ...]

    def output_shape(self, input_shape):
        return None, *self.promise

    def call(self, weights, x, context):
        return x


def outputs_of(graph, arrays, *inputs, layers=None):
    found = apply(graph, arrays, [ops.asarray(x) for x in inputs], Run(training=False), layers=layers)
    return [np.asarray(output).tolist() for output in found]


def test_values_flow_from_inputs_to_outputs():
    a, b = Input((2,)), Input((2,))
    doubled = Rescaling(2.0)(a)
    graph = Graph([a, b], [Add()([doubled, b]), doubled])

    assert outputs_of(graph, {}, np.ones((1, 2)), np.full((1, 2), 5.0)) == [[[7, 7]], [[2, 2]]]


def test_a_layer_may_have_several_outputs():
    x = Input((3,))
    same, first = Twin()(x)

    assert outputs_of(Graph([x], [first, same]), {}, np.array([[1.0, 2, 3]])) == [[[1]], [[1, 2, 3]]]


def test_a_shared_layer_uses_the_same_weights_at_each_place():
    x = Input((1,))
    dense = Dense(1, use_bias=False)
    graph = Graph([x], [dense(dense(x))])

    assert outputs_of(graph, {"dense": {"kernel": np.array([[3.0]])}}, np.ones((1, 1))) == [[[9]]]


def test_layers_can_be_put_in_the_place_of_the_own_ones():
    x = Input((1,))
    graph = Graph([x], [Rescaling(2.0)(x)])

    assert outputs_of(graph, {}, np.ones((1, 1)), layers={"rescaling": Rescaling(5.0)}) == [[[5]]]


def test_numbers_are_converted_to_what_a_layer_computes_with():
    x = Input((2,), dtype="float32")
    graph = Graph([x], [Embedding(3, 1)(Flatten()(x))])

    table = {"embedding": {"embeddings": np.array([[10.0], [20.0], [30.0]], "float32")}}
    assert outputs_of(graph, table, np.array([[2.0, 0.0]], "float32")) == [[[[30], [10]]]]


class Noting(Layer):
    """Tell the type of its input, and leave it as it is."""

    input_dtype = None
    tell: object

    def call(self, weights, x, context):
        self.tell(x.dtype.name)
        return x


class Above(Layer):
    """Say which numbers are above 0."""

    def output_dtype(self, input_dtype):
        return "bool"

    def call(self, weights, x, context):
        return x > 0


@pytest.mark.parametrize(
    ("layer", "dtype"),
    [
        (AlphaDropout(0.5), "bfloat16"),
        (Dropout(0.5), "bfloat16"),
        (ELU(0.5), "bfloat16"),
        (GaussianNoise(0.1), "bfloat16"),
        (LeakyReLU(0.1), "bfloat16"),
        (TimeDistributed(Dropout(0.5)), "bfloat16"),
        (LayerNormalization(), "float32"),
        (Embedding(9, 4), "float32"),
        (Reshape((4,)), "float32"),
        (TimeDistributed(Reshape((2, 1))), "float32"),
        (Above(), "bool"),
    ],
    ids=str,
)
def test_a_layer_gives_the_type_it_computes_in_though_its_settings_are_arrays(layer, dtype):
    x, seen = Input((2, 2)), []
    graph = Graph([x], [Identity()(Noting(seen.append)(layer(x)))])
    path = graph.steps[0].path
    arrays = {path: {name: np.ones(own.shape, "float32") for name, own in graph.declared().get(path, {}).items()}}
    layers = {path: with_settings(layer, {name: np.float32(value) for name, value in settings_of(layer)})}

    run = Run(training=True, dtype="bfloat16")
    jax.eval_shape(lambda x: apply(graph, arrays, [x], run, layers=layers), np.ones((3, 2, 2), "float32"))

    assert seen == [dtype]


@pytest.mark.parametrize("promise", [(4,), (3, 1), ()])
def test_a_broken_promise_names_the_layer(promise):
    model = lm.Sequential([lm.Input((3,)), Liar(promise)])

    sentence = r"liar \(Liar\): expected an output of shape .*, as its output_shape says, got \(1, 3\)"
    with pytest.raises(ShapeError, match=sentence):
        model.predict([[1.0, 2.0, 3.0]])


def test_an_error_says_in_which_layer_it_happened():
    class Broken(Layer):
        def call(self, weights, x, context):
            return x + ()[0]

    model = lm.Sequential([lm.Input((3,)), Broken(name="broken")])

    with pytest.raises(IndexError) as caught:
        model.predict([[1.0, 2.0, 3.0]])
    assert any(
        note.startswith("This happened in the layer broken (Broken(name='broken'))") for note in caught.value.__notes__
    )


class Asking(Layer):
    """Do in its call whatever it is told."""

    does: object

    def call(self, weights, x, context):
        return self.does(weights, x)


@pytest.mark.parametrize("does", [lambda _, x: np.tanh(x), lambda _, x: x if x.sum() > 0 else -x])
def test_asking_for_values_while_compiling_is_explained(does):
    model = lm.Sequential([Input((2,)), Asking(does)])

    with pytest.raises(ArgumentError, match=r"asking \(Asking\): expected array functions of lamina\.ops"):
        model.predict([[1.0, 2.0]])


def test_a_weight_that_was_not_declared_is_named():
    graph = Graph([x := Input((2,))], [Asking(lambda weights, x: x @ weights["kernel"])(x)])

    with pytest.raises(ArgumentError, match=r"expected a weight .* \(it declares none\), got 'kernel'\.\n"):
        outputs_of(graph, {}, np.ones((1, 2)))


class Lasting(Layer):
    """Make a mask of its own: each row is as long as its first number says."""

    masking = "use"

    def gives_mask(self, masked):
        return True

    def output_mask(self, x, mask):
        return ops.arange(x.shape[1]) < x[:, :1, 0]

    def call(self, weights, x, context):
        return x


def test_the_masks_of_the_outputs_are_left_in_the_run():
    x, run = Input((3, 1)), Run(training=False)
    made = Lasting()(x)

    apply(Graph([x], [Dense(1)(made), x]), {"dense": {"kernel": np.ones((1, 1)), "bias": 0}}, [np.ones((1, 3, 1))], run)

    first, second = run.output_masks
    assert first.tolist() == [[True, False, False]]
    assert second is None


def test_a_layer_that_joins_inputs_sees_the_mask_of_each():
    class Reader(Layer):
        many_inputs = True
        masking = "use"

        def output_shape(self, input_shape):
            return input_shape[0]

        def call(self, weights, x, context):
            assert context.mask[1] is None
            return x[0] * context.mask[0][..., None]

    x = Input((2, 1))

    assert outputs_of(Graph([x], [Reader()([Lasting()(x), x])]), {}, np.ones((1, 2, 1))) == [[[[1], [0]]]]
