import numpy as np
import pytest

import lamina as lm
from lamina import ops
from lamina.errors import ArgumentError, DataError, ShapeError
from lamina.layers import Embedding, Flatten, Input

TABLE = [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]


def model_of(input_dim, *, dtype="int32"):
    return lm.Sequential([lm.Input((2,), dtype=dtype), Embedding(input_dim, 1), Flatten(), lm.layers.Dense(1)])


def test_numbers_are_replaced_by_their_vectors(call):
    output = call(Embedding(3, 2), np.array([[2, 0]]), weights={"embeddings": TABLE})

    assert output.tolist() == [[[4, 5], [0, 1]]]


def test_the_table_has_a_row_for_each_number():
    declared = Embedding(1000, 64).weights((None, 7))

    assert declared["embeddings"].shape == (1000, 64)
    assert declared["embeddings"].initializer == "uniform"


@pytest.mark.parametrize(("shape", "output"), [((), (4,)), ((7,), (7, 4)), ((None, 3), (None, 3, 4))])
def test_the_size_of_a_vector_is_appended(shape, output):
    assert Embedding(10, 4)(Input(shape, dtype="int32")).shape == (None, *output)


@pytest.mark.parametrize("number", [3, 1000, -1])
def test_a_computed_number_without_a_vector_gives_nan(number, call):
    output = call(Embedding(3, 2), np.array([[1, number]]), weights={"embeddings": TABLE})

    np.testing.assert_array_equal(output, [[[2, 3], [np.nan, np.nan]]])


def test_data_beyond_the_table_is_refused_before_training():
    model = model_of(10)
    model.compile("adam", "mse")

    sentence = r"x: expected whole numbers from 0 to 9 for Embedding\(10, 1\), got 12 in row 1, column 0"
    with pytest.raises(DataError, match=sentence + r".\n  Fix: make room for it with Embedding\(input_dim=13\)"):
        model.fit([[1, 2], [12, 3]], [0, 1])


@pytest.mark.parametrize(("number", "got"), [(-1, "-1 in row 1, column 0"), (2.5, "2.5 in row 1, column 0")])
def test_data_that_cannot_be_looked_up_is_refused(number, got):
    model = model_of(10, dtype="float32")

    with pytest.raises(DataError, match=f"got {got}.\n  Fix: number what is looked up 0, 1, 2"):
        model.predict([[1, 2], [number, 3], [1, 2]])


def test_all_readers_of_an_input_are_asked():
    x = lm.Input((), dtype="int32")
    joined = lm.layers.Add()([Embedding(10, 1)(x), Embedding(5, 1)(x)])

    with pytest.raises(DataError, match=r"from 0 to 4 for Embedding\(5, 1\), got 7 in row 0"):
        lm.Model(x, joined).predict([7, 1])


@pytest.mark.parametrize(
    ("arguments", "place"), [((0, 4), "input_dim"), ((10, 0), "output_dim"), ((10.0, 4), "input_dim")]
)
def test_sizes_are_positive(arguments, place):
    with pytest.raises(ArgumentError, match=rf"Embedding\({place}\): expected a positive integer"):
        Embedding(*arguments)


def test_zero_may_stand_for_padding(call):
    output = call(Embedding(3, 2, mask_zero=True), np.array([[2, 0], [1, 1]]), weights={"embeddings": TABLE})

    assert output.tolist() == [[[4, 5], [0, 1]], [[2, 3], [2, 3]]]
    assert call.run.output_masks[0].tolist() == [[True, False], [True, True]]


def test_zero_is_a_number_like_others_unless_it_is_said():
    assert not Embedding(3, 2)(Input((2,), dtype="int32")).masked


@pytest.mark.parametrize(("mask_zero", "found"), [(False, [True, False, True]), (True, [False, False, True])])
def test_a_mask_that_comes_with_the_numbers_is_kept(mask_zero, found):
    given = ops.asarray([True, False, True])

    assert Embedding(3, 2, mask_zero=mask_zero).output_mask(ops.asarray([0, 1, 2]), given).tolist() == found


@pytest.mark.parametrize("verb", ["predict", "fit"])
def test_a_row_of_padding_alone_is_refused_with_its_number(verb):
    model = lm.Sequential([Input((3,), dtype="int32"), Embedding(5, 2, mask_zero=True), lm.layers.Dense(1)])
    model.compile("sgd", "mse")

    sentence = r"x: expected at least one step in each row that .* does not mask, got nothing but 0 in row 1"
    with pytest.raises(DataError, match=sentence + ".\n  Fix: remove rows without content"):
        getattr(model, verb)([[1, 0, 2], [0, 0, 0]], *([np.zeros((2, 3))] if verb == "fit" else []))


@pytest.mark.parametrize("shape", [(), (3, 2)])
def test_padding_is_a_matter_of_sequences(shape):
    with pytest.raises(ShapeError, match=r"expected an input of shape \(batch, time\).*\n  Fix: write mask_zero=False"):
        Embedding(10, 4, mask_zero=True)(Input(shape, dtype="int32"))


def test_whether_zero_is_padding_is_yes_or_no():
    with pytest.raises(ArgumentError, match=r"Embedding\(mask_zero\): expected True or False"):
        Embedding(10, 4, mask_zero=1)
