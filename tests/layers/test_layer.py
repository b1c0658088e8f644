import numpy as np
import pytest

import lamina as lm
from lamina import activations, ops
from lamina.errors import ArgumentError, StageError
from lamina.layers import LSTM, Attention, Concatenate, Dense, Dropout, Flatten, Input, Layer, Setting


class Scale(Layer):
    """Multiply by a factor."""

    factor: Setting = 2.0
    activation: activations.ActivationLike = None

    def call(self, weights, x, context):
        return activations.get(self.activation)(x * self.factor)


class Residual(Layer):
    """Add to the input what another layer makes of it."""

    inner: Layer

    def weights(self, input_shape):
        return lm.layers.parts(inner=self.inner.weights(input_shape))

    def call(self, weights, x, context):
        return x + context.call("inner", self.inner, weights, x)


def test_annotated_fields_are_the_constructor_and_the_repr():
    assert repr(Scale(3.0)) == "Scale(factor=3.0)"
    assert repr(Scale(activation="relu", name="last")) == "Scale(activation='relu', name='last')"


def test_a_layer_of_ones_own_works_in_a_model():
    model = lm.Sequential([lm.Input((2,)), Scale(3.0, "relu")])

    assert model.predict([[1.0, -2.0]]).tolist() == [[3.0, 0.0]]


def test_names_in_fields_of_a_layer_of_ones_own_are_checked():
    with pytest.raises(ArgumentError, match=r"Scale\(activation\).*\n  Fix: did you mean 'relu'"):
        Scale(activation="rleu")


def test_settings_of_layers_in_layers_can_change():
    model = lm.Sequential([lm.Input((50,)), Residual(Dropout(0.5))])
    model.compile("sgd", "mse")
    x = np.ones((4, 50))

    model.set(**{"residual/inner/rate": 0.0})

    assert model.train_on_batch(x, 2 * x)["loss"] == 0


def test_a_replaced_layer_is_another_layer():
    layer = Dense(3, "relu")

    other = layer.replace(units=4)

    assert (other.units, other.activation, layer.units) == (4, "relu", 3)


@pytest.mark.parametrize("inputs", [np.zeros((2, 3)), [[1.0, 2.0]], [], None, "x", [np.zeros(3)]], ids=str)
def test_a_layer_is_called_on_symbols_alone(inputs):
    with pytest.raises(
        StageError, match=r"Dense\(3\): expected a symbolic tensor.*\n  Fix: put the layer into a model"
    ):
        Dense(3)(inputs)


def test_one_input_is_not_several():
    x = Input((3,))

    with pytest.raises(ArgumentError, match=r"Dense\(3\): expected one symbol, got a list of 2"):
        Dense(3)([x, x])


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda x: LSTM(2)(x, mask=x),
            r"LSTM\(2\): expected a sequence and .*, got 'mask'\.\n  Fix: leave it out: a mask",
        ),
        (lambda x: Dense(3)(x, training=True), r"Dense\(3\): expected one symbol .*\n  Fix: leave it out: fit trains"),
        (
            lambda x: Dense(3)(x, activation="relu"),
            r"Fix: write it where the layer is made: Dense\(\.\.\., activation='r",
        ),
        (lambda x: Attention()(x, x, mask=x), r"Attention\(\): expected query, .*\n  Fix: leave it out: a mask"),
    ],
)
def test_a_call_takes_inputs_alone(call, sentence):
    with pytest.raises(ArgumentError, match=sentence):
        call(Input((4, 3)))


@pytest.mark.parametrize("call", [Flatten, lambda x: Concatenate([x, x]), lambda x: Dense(3, x)])
def test_a_symbol_is_no_argument(call):
    with pytest.raises(ArgumentError, match=r"got a symbol among the arguments.\n  Fix: write \w+\(...\)\(x\)"):
        call(Input((3,)))


@pytest.mark.parametrize("name", ["a b", "a/b", "../a", "", "1a", 3, "a" * 101])
def test_names_are_plain(name):
    with pytest.raises(ArgumentError, match=r"Flatten\(name\): expected a plain name"):
        Flatten(name=name)


def test_a_layer_stays_as_it_was_made():
    layer = Dropout(0.5)

    with pytest.raises(ArgumentError, match=r"Dropout\(rate\): .*\n  Fix: make another one, as in replace\(rate=0.1\)"):
        layer.rate = 0.1
    with pytest.raises(ArgumentError, match=r"Fix: write model.freeze\("):
        layer.trainable = False


def test_a_constructor_in_keras_style_is_explained():
    with pytest.raises(
        ArgumentError, match="Mine: expected arguments as annotated fields .*, got an __init__ of its own"
    ):

        class Mine(Layer):
            def __init__(self, units):
                self.units = units


def test_a_call_in_keras_style_is_explained():
    with pytest.raises(
        ArgumentError, match=r"Mine.call: expected call\(self, weights, x, context\), got call\(self, x\)"
    ):

        class Mine(Layer):
            def call(self, x):
                return x


def test_a_layer_without_a_formula_is_explained():
    class Mine(Layer):
        pass

    with pytest.raises(ArgumentError, match=r"^Mine\.call: expected call\(.* with the formula of the layer, got none"):
        lm.Sequential([lm.Input((1,)), Mine()]).predict([[1.0]])


def test_a_subclass_of_a_layer_adds_to_it():
    class Squared(Scale):
        power: int = 2

        def call(self, weights, x, context):
            return super().call(weights, x, context) ** self.power

    model = lm.Sequential([lm.Input((1,)), Squared(3.0, power=2)])

    assert model.predict([[2.0]]).tolist() == [[36.0]]


def test_a_layer_may_compute_with_whole_numbers():
    class Parity(Layer):
        input_dtype = "int32"

        def call(self, weights, x, context):
            return ops.asarray(x % 2, "float32")

    assert lm.Sequential([lm.Input((2,)), Parity()]).predict([[3, 4]]).tolist() == [[1.0, 0.0]]


@pytest.mark.parametrize(("rule", "found"), [("pass", [True, True, False]), ("use", [False] * 3)])
def test_only_what_passes_masks_gives_one_without_saying_so(rule, found):
    layer = type("Mine", (Scale,), {"masking": rule})()

    assert [layer.gives_mask(masked) for masked in (True, (False, True), (False, False))] == found


def test_the_mask_of_several_inputs_is_what_they_share():
    first, second = np.array([[True, True, False]]), np.array([[True, False, False]])

    assert Scale().output_mask(None, first) is first
    assert Scale().output_mask(None, (first, None, second)).tolist() == [[True, False, False]]


def test_a_layer_may_refuse_a_mask_with_a_fix_of_its_own():
    with pytest.raises(ArgumentError, match=r"Scale\(\): .* got one with a mask.\n  Fix: sort the rows."):
        Scale().refuse_mask("sort the rows.")


def test_a_layer_of_ones_own_can_use_masks():
    class MeanOverTime(Layer):
        masking = "use"

        def output_shape(self, input_shape):
            return (input_shape[0], *input_shape[2:])

        def call(self, weights, x, context):
            real = ops.ones(x.shape[:2]) if context.mask is None else context.mask
            return ops.sum(x * real[..., None], axis=1) / ops.sum(real, axis=1, keepdims=True)

    model = lm.Sequential([lm.Input((3, 1)), lm.layers.Masking(), MeanOverTime(), Dense(1)])

    assert not model.outputs[0].masked
    assert lm.Model(model.inputs, model.output_of("mean_over_time")).predict([[[2], [4], [0]]]).tolist() == [[3]]


def test_a_layer_says_one_of_three_things_of_masks():
    with pytest.raises(ArgumentError, match=r"Mine.masking: expected .*'pass'.*, got 'ignore'"):
        type("Mine", (Scale,), {"masking": "ignore"})
