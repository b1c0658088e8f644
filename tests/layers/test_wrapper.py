import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError, DataError
from lamina.layers import Conv1D, Dense, Dropout, Embedding, Input, Int8, LowRank, Masking


def test_shapes_and_types_are_those_of_the_inner_layer():
    words = Int8(Embedding(9, 4))(Input((3,), dtype="int32"))

    assert (words.shape, words.dtype) == ((None, 3, 4), "float32")
    assert LowRank(Dense(5), 2)(words).shape == (None, 3, 5)


def test_a_mask_is_made_and_passed_on_as_by_the_inner_layer(rng):
    tokens = np.array([[1, 2, 0], [3, 0, 0]])
    plain = lm.Sequential([Input((3,), dtype="int32"), Embedding(9, 4, mask_zero=True), Dense(5), lm.layers.LSTM(2)])
    adapted = lm.models.add_low_rank(plain, rank=2)
    small = lm.models.quantize(plain, "embedding", "dense")

    assert [bool(symbol.masked) for symbol in (small.output_of("embedding"), small.output_of("dense"))] == [True, True]
    np.testing.assert_array_equal(adapted.predict(tokens), plain.predict(tokens))
    np.testing.assert_allclose(small.predict(tokens), plain.predict(tokens), atol=1e-3)


def test_a_mask_that_the_inner_layer_cannot_honour_is_refused():
    sequence = Masking()(Input((5, 3)))

    with pytest.raises(ArgumentError, match=r"^Conv1D.*expected an input of which every step is real"):
        Int8(Conv1D(2, 3))(sequence)


def test_data_is_checked_by_the_inner_layer():
    model = lm.Sequential([Input((2,), dtype="int32"), Int8(Embedding(9, 4))])

    with pytest.raises(DataError, match=r"whole numbers from 0 to 8 for Embedding"):
        model.predict([[0, 9]])


@pytest.mark.parametrize(
    ("wrapper", "layer", "message"),
    [
        (LowRank, Conv1D(2, 3), r"^LowRank\(layer\): expected a layer of the kind Dense, got Conv1D\(2, 3\)"),
        (LowRank, LowRank(Dense(4)), r"^LowRank\(layer\): expected a layer of the kind Dense, got LowRank"),
        (Int8, Dropout(0.5), r"^Int8\(layer\): expected a layer of the kind Dense, Conv1D.*, got Dropout\(0\.5\)"),
        (Int8, Int8(Dense(4)), r"^Int8\(layer\): .*\n  Fix: leave this layer as it is\."),
        (Int8, type("Own", (Dense,), {})(4), r"^Int8\(layer\): expected a layer of the kind Dense.*got Own\(4\)"),
        (Int8, 4, r"^Int8\(layer\): expected a layer of the kind Dense.*got 4"),
    ],
    ids=str,
)
def test_layers_of_other_kinds_are_refused(wrapper, layer, message):
    with pytest.raises(ArgumentError, match=message):
        wrapper(layer)
