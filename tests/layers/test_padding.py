import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError, ShapeError
from lamina.layers import Cropping1D, Cropping2D, Cropping3D, Input, ZeroPadding1D, ZeroPadding2D, ZeroPadding3D

PADDING = [ZeroPadding1D, ZeroPadding2D, ZeroPadding3D]
CROPPING = [Cropping1D, Cropping2D, Cropping3D]

each_amount = pytest.mark.parametrize(
    ("rank", "amount", "edges"),
    [
        (1, 2, ((2, 2),)),
        (1, (1, 2), ((1, 2),)),
        (1, ((1, 2),), ((1, 2),)),
        (2, 1, ((1, 1), (1, 1))),
        (2, (1, 2), ((1, 1), (2, 2))),
        (2, ((1, 0), (0, 2)), ((1, 0), (0, 2))),
        (3, 1, ((1, 1), (1, 1), (1, 1))),
        (3, (0, 1, 2), ((0, 0), (1, 1), (2, 2))),
        (3, (1, (0, 1), 0), ((1, 1), (0, 1), (0, 0))),
    ],
)


@each_amount
def test_zeros_are_put_around(rank, amount, edges, call, rng):
    x = rng.normal(size=(2, *(2, 3, 4)[:rank], 2)).astype("float32")

    output = call(PADDING[rank - 1](amount), x)

    np.testing.assert_array_equal(output, np.pad(x, ((0, 0), *edges, (0, 0))))


@each_amount
def test_cropping_undoes_padding(rank, amount, edges, call, rng):
    x = rng.normal(size=(2, *(2, 3, 4)[:rank], 2)).astype("float32")

    np.testing.assert_array_equal(call(CROPPING[rank - 1](amount), call(PADDING[rank - 1](amount), x)), x)


def test_defaults_are_those_of_keras():
    shapes = [kind()(Input((*(5,) * kind.rank, 1))).shape[1:-1] for kind in [*PADDING, *CROPPING]]

    assert shapes == [(7,), (7, 7), (7, 7, 7), (3,), (5, 5), (3, 3, 3)]


def test_whole_numbers_stay_whole_and_unknown_sizes_unknown():
    padded = ZeroPadding2D(1)(Input((None, 4, 1), dtype="int32"))

    assert (padded.shape, padded.dtype) == ((None, None, 6, 1), "int32")
    assert Cropping1D(9)(Input((None, 1))).shape == (None, None, 1)


@pytest.mark.parametrize("amount", [-1, (1, -1), (1, 2, 3), ((1, 2, 3), 1), "1", 1.5, None, (True, 1)])
@pytest.mark.parametrize(("kind", "field"), [(ZeroPadding2D, "padding"), (Cropping2D, "cropping")])
def test_amounts_are_counts_for_each_axis(kind, field, amount):
    sentence = rf"{kind.__name__}\({field}\): expected a number of at least 0, or 2 of them, or 2 pairs .*, got"
    with pytest.raises(ArgumentError, match=sentence):
        kind(amount)


def test_a_sequence_has_one_pair():
    with pytest.raises(
        ArgumentError, match=r"\(padding\): expected a number of at least 0, or a pair \(before, after\)"
    ):
        ZeroPadding1D((1, 2, 3))


@pytest.mark.parametrize("kind", CROPPING)
def test_something_is_left(kind):
    with pytest.raises(
        ShapeError, match=r"expected an input of which something is left after cropping .*\n  Fix: crop le"
    ):
        kind(2)(Input((*(4,) * kind.rank, 1)))


@pytest.mark.parametrize("kind", [*PADDING, *CROPPING])
def test_the_axes_are_there(kind):
    with pytest.raises(ShapeError, match=r"expected an input of shape \(batch, "):
        kind(1)(Input(()))


def test_something_is_left_of_images_whose_size_was_not_known_before():
    model = lm.Sequential([Input((None, None, 1)), Cropping2D(2)])

    with pytest.raises(ShapeError, match=r"something is left after cropping .*, got \(1, 3, 9, 1\)\.\n  Fix: crop le"):
        model.predict(np.zeros((1, 3, 9, 1)))
