import numpy as np
import pytest

from lamina import ops
from lamina.errors import ArgumentError
from lamina.layers import Dense, Embedding, Flatten, Input, Layer, connect
from lamina.layers._symbol import compatible, is_shape


class Shaped(Layer):
    """Say that the output has a given shape."""

    promise: object

    def output_shape(self, input_shape):
        return self.promise

    def call(self, weights, x, context):
        return x


def test_a_symbol_says_where_it_comes_from():
    x = Input((3,))

    assert repr(x) == "<symbol of shape (None, 3), float32>"
    assert repr(Dense(2)(x)) == "<symbol of shape (None, 2), float32, from Dense(2)>"


def test_types_follow_the_layers():
    tokens = Input((3,), dtype="int32")

    assert Flatten()(tokens).dtype == "int32"
    assert Embedding(5, 2)(tokens).dtype == "float32"
    assert Dense(1)(tokens).dtype == "float32"


@pytest.mark.parametrize(
    ("use", "sentence"),
    [
        (lambda x: x if x else None, "a Python condition on it"),
        (lambda x: np.exp(x), "an array function applied to it"),
        (lambda x: ops.exp(x), "an array function applied to it"),
        (lambda x: x + 1, r"arithmetic on it.\n  Fix: write Add\(\)\(\[a, b\]\)"),
        (lambda x: 2 * x, "arithmetic on it"),
        (lambda x: x @ x, "arithmetic on it"),
        (lambda x: x[:, 0], "a part of it taken"),
    ],
)
def test_what_symbols_cannot_do_is_explained(use, sentence):
    with pytest.raises(ArgumentError, match=f"a symbolic tensor: expected to be passed to a layer, got {sentence}"):
        use(Input((3,)))


def test_symbols_are_no_sequences():
    with pytest.raises(TypeError):
        list(Input((3,)))


@pytest.mark.parametrize(
    ("promise", "shapes"),
    [((None, 4), [(None, 4)]), (((None, 4), (None,)), [(None, 4), (None,)]), ((None, np.int64(4)), [(None, 4)])],
)
def test_a_layer_promises_one_shape_or_several(promise, shapes):
    made = connect(Shaped(promise), Input((3,)))

    assert [symbol.shape for symbol in (made if isinstance(made, tuple) else [made])] == shapes


@pytest.mark.parametrize("promise", [4, "4", (), ((None, 4), 4), (None, 4.5), None])
def test_any_other_promise_is_refused(promise):
    with pytest.raises(ArgumentError, match=r"Shaped.output_shape: expected a tuple of sizes with the batch first"):
        Shaped(promise)(Input((3,)))


@pytest.mark.parametrize(
    ("wanted", "given", "found"),
    [
        ((None, 3), (7, 3), True),
        ((None, 3), (7, None), True),
        ((None, 3), (7, 4), False),
        ((None, 3), (7, 3, 1), False),
    ],
)
def test_an_unknown_size_fits_every_size(wanted, given, found):
    assert compatible(wanted, given) is found


def test_one_shape_is_told_from_several():
    assert is_shape((None, 3))
    assert is_shape(())
    assert not is_shape(((None, 3),))


def test_a_symbol_says_whether_a_mask_comes_with_it():
    made = Embedding(5, 2, mask_zero=True)(Input((3,), dtype="int32"))

    assert made.masked
    assert repr(made).startswith("<symbol of shape (None, 3, 2), float32, masked, from Embedding(5, 2")
