import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError
from lamina.layers import Add, Dense

X = np.ones((4, 2), np.float32)


def test_a_dictionary_names_inputs_and_outputs():
    a, b = lm.Input((2,)), lm.Input((2,))
    joined = Add()([a, b])

    model = lm.Model({"left": a, "right": b}, {"sum": joined, "score": Dense(1)(joined)})

    assert model.input_names == ["left", "right"]
    assert model.output_names == ["sum", "score"]
    total, _ = model.predict({"right": 2 * X, "left": X})
    assert (total == 3).all()


def test_the_named_symbols_still_belong_to_the_model():
    image = lm.Input((2,))
    model = lm.Model({"image": image}, Dense(3, name="code")(image))

    part = lm.Model(image, model.output_of("code"))

    assert part.input_names == ["image"]


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        (None, r"Model\(inputs\): expected symbolic tensors.*got None"),
        ([], r"Model\(inputs\): expected at least one symbol, got none"),
        (X, r"Model\(inputs\): expected symbolic tensors.*got an array of shape \(4, 2\)"),
        ({"a name": lm.Input((2,))}, r"Model\(inputs\): expected a plain name .* got 'a name'"),
        ({"b": lm.Input((2,), name="a")}, r"expected one name for the input 'b', got also the name 'a'"),
    ],
)
def test_what_is_no_symbol_is_refused(inputs, message):
    output = Dense(1)(lm.Input((2,)))

    with pytest.raises(ArgumentError, match=message):
        lm.Model(inputs, output)


def test_an_output_goes_by_a_plain_name():
    x = lm.Input((2,))

    with pytest.raises(ArgumentError, match=r"^Model\(outputs\): expected a plain name .* got 'a name'"):
        lm.Model(x, {"a name": Dense(1)(x)})


def test_a_layer_given_as_output_is_refused():
    with pytest.raises(ArgumentError, match=r"Model\(outputs\): expected symbolic tensors.*got Dense\(1\)"):
        lm.Model(lm.Input((2,)), Dense(1))
