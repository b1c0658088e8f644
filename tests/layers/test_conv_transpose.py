import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError, ShapeError
from lamina.layers import Conv1DTranspose, Conv2D, Conv2DTranspose, Input


def test_each_place_adds_itself_times_the_kernel(call):
    weights = {"kernel": [[[1]], [[10]], [[100]]], "bias": [0.5]}

    output = call(Conv1DTranspose(1, 3, 2), [[[1], [2]]], weights=weights)

    assert output.ravel().tolist() == [1.5, 10.5, 102.5, 20.5, 200.5]


@pytest.mark.parametrize(
    ("layer", "row", "kernel", "output"),
    [
        (Conv1DTranspose(4, 3, 2), (5, 6), (3, 4, 6), (11, 4)),
        (Conv1DTranspose(4, 2, 3), (5, 6), (2, 4, 6), (15, 4)),
        (Conv2DTranspose(4, 3, 2, "same"), (5, 6, 7), (3, 3, 4, 7), (10, 12, 4)),
        (Conv2DTranspose(4, 3, 2, "same", output_padding=(0, 1)), (5, 6, 7), (3, 3, 4, 7), (9, 12, 4)),
        (Conv2DTranspose(4, 2, dilation_rate=(1, 3)), (None, 6, 7), (2, 2, 4, 7), (None, 9, 4)),
    ],
    ids=repr,
)
def test_weights_are_laid_out_as_in_keras(layer, row, kernel, output):
    declared = layer.weights((None, *row))

    assert {name: weight.shape for name, weight in declared.items()} == {"kernel": kernel, "bias": (4,)}
    assert layer(Input(row)).shape == (None, *output)


@pytest.mark.parametrize("size", [(6, 8), (4, 4)])
def test_it_gives_back_the_shape_that_a_convolution_took(size):
    x = Input((*size, 3))

    smaller = Conv2D(8, 3, strides=2, padding="same")(x)

    assert Conv2DTranspose(3, 3, strides=2, padding="same")(smaller).shape == x.shape


def test_images_of_any_size_can_follow_one_another():
    model = lm.Sequential([lm.Input((None, None, 1)), Conv2DTranspose(2, 3, 2)]).build(seed=0)

    assert model.predict(np.ones((1, 2, 3, 1))).shape == (1, 5, 7, 2)


@pytest.mark.parametrize("output_padding", [2, (0, 2), 5])
def test_output_padding_is_below_the_strides(output_padding):
    with pytest.raises(ArgumentError, match=r"Conv2DTranspose\(output_padding\): expected less than strides=2 along"):
        Conv2DTranspose(8, 3, 2, output_padding=output_padding)


@pytest.mark.parametrize("output_padding", [-1, "1", (1, -1)])
def test_output_padding_is_a_count(output_padding):
    with pytest.raises(ArgumentError, match=r"\(output_padding\): expected an integer of at least 0, got"):
        Conv2DTranspose(8, 3, 2, output_padding=output_padding)


def test_something_is_left():
    with pytest.raises(
        ShapeError, match=r"expected an input of which something is left at the output, got \(None, 1, 3\)"
    ):
        Conv1DTranspose(8, 2, 2, "same", output_padding=0)(Input((1, 3)))


def test_the_names_of_older_scripts_still_stand_for_it():
    assert lm.layers.Convolution1DTranspose is Conv1DTranspose
    assert lm.layers.Convolution2DTranspose is Conv2DTranspose
