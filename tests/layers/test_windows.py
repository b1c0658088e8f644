import re

import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError, LaminaWarning, ShapeError
from lamina.layers import (
    AveragePooling1D,
    AveragePooling2D,
    Conv1D,
    Conv1DTranspose,
    Conv2D,
    Conv2DTranspose,
    Conv3D,
    DepthwiseConv1D,
    DepthwiseConv2D,
    Input,
    MaxPooling1D,
    MaxPooling2D,
    MaxPooling3D,
    SeparableConv1D,
    SeparableConv2D,
    SpatialDropout2D,
)


@pytest.mark.parametrize("size", ["3", 0, -1, 2.5, True, None, (3, 0), (3, "3")])
def test_a_size_is_a_positive_integer_along_each_axis(size):
    with pytest.raises(ArgumentError, match=r"Conv2D\(kernel_size\): expected a positive integer, got"):
        Conv2D(8, size)


@pytest.mark.parametrize("size", [(), (3,), (3, 3, 3)])
def test_there_are_as_many_sizes_as_axes(size):
    sentence = r"Conv2D\(strides\): expected one number, or a tuple of 2, one for each axis, got .*such as \(1, 1\)\."
    with pytest.raises(ArgumentError, match=rf"(?s){sentence}"):
        Conv2D(8, 3, size)


@pytest.mark.parametrize("kind", [Conv2D, Conv2DTranspose])
def test_strides_and_dilation_are_not_both_above_one(kind):
    sentence = rf"{kind.__name__}\(dilation_rate\): expected 1 beside strides above 1, got \(1, 2\) beside strides=2\."
    with pytest.raises(ArgumentError, match=sentence):
        kind(8, 3, strides=2, dilation_rate=(1, 2))


@pytest.mark.parametrize(
    ("layer", "shape", "sentence"),
    [
        (
            Conv2D(8, 3),
            (28, 28),
            r"Conv2D\(8, 3\): expected an input of shape \(batch, height, width, channels\), got \(None, 28, 28\)\.\n"
            r"  Fix: add an axis for the channels: x\[..., None\] with Input\(\(28, 28, 1\)\), or Reshape\(\(28, 28, 1",
        ),
        (Conv2D(8, 3), (None, 28), r"x\[..., None\] with Input\(\(None, 28, 1\)\)\.$"),
        (SpatialDropout2D(0.5), (28, 28), r"x\[..., None\] with Input\(\(28, 28, 1\)\), or Reshape"),
        (MaxPooling1D(), (28,), r"of shape \(batch, time, features\).*\n.*x\[..., None\] with Input\(\(28, 1\)\)"),
        (Conv2D(8, 3), (10, 28, 28, 3), r"wrap it, TimeDistributed\(Conv2D\(...\)\), if the first axis"),
        (Conv3D(8, 3), (28, 28), r"\(batch, depth, height, width, channels\).*\n  Fix: reshape the data, or use"),
    ],
)
def test_an_input_without_the_axes_is_refused_with_how_to_add_them(layer, shape, sentence):
    with pytest.raises(ShapeError, match=sentence):
        layer(Input(shape))


def test_the_number_of_channels_must_be_known():
    with pytest.raises(
        ShapeError, match=r"expected an input with a known number of channels.*\n  Fix: state their num"
    ):
        Conv1D(8, 3)(Input((28, None)))


@pytest.mark.parametrize(
    ("layer", "shape", "covered"),
    [
        (Conv2D(8, 5), (28, 4, 1), "5 × 5"),
        (Conv1D(8, 3, dilation_rate=4), (8, 1), "9"),
        (AveragePooling2D((7, 1)), (6, 6, 1), "7 × 1"),
    ],
)
def test_a_window_larger_than_the_input_is_refused(layer, shape, covered):
    with pytest.raises(
        ShapeError, match=rf"expected an input that its window of {covered} fits into, got .*\n  Fix: giv"
    ):
        layer(Input(shape))


@pytest.mark.parametrize(
    "layer", [Conv2D(8, 5), DepthwiseConv2D(5), SeparableConv2D(8, 5), MaxPooling2D(5), AveragePooling2D(5)], ids=str
)
def test_so_is_one_where_sizes_are_known_with_the_data(layer):
    model = lm.Sequential([Input((None, None, 1)), layer])

    with pytest.raises(
        ShapeError, match=rf"^{re.escape(repr(layer))}: .* its window of 5 × 5 fits into, got \(4, 3, 9"
    ):
        model.predict(np.zeros((4, 3, 9, 1)))


def test_a_window_of_any_size_fits_where_it_is_padded():
    assert Conv2D(8, 5, padding="same")(Input((2, 2, 1))).shape == (None, 2, 2, 8)


def test_sizes_may_be_unknown():
    assert Conv2D(8, 5)(Input((None, 28, 1))).shape == (None, None, 24, 8)
    assert AveragePooling2D()(Input((None, None, 3))).shape == (None, None, None, 3)


@pytest.mark.parametrize(
    "layer",
    [Conv2D(8, 1), Conv2DTranspose(8, 1), DepthwiseConv2D(1), SeparableConv2D(8, 1), MaxPooling2D(1)],
)
@pytest.mark.parametrize("shape", [(3, 100, 100), (1, 28, 28), (4, 120, 160), (3, 48, 64), (3, 99, 50)])
def test_images_with_their_channels_first_are_noticed(layer, shape):
    with pytest.warns(
        LaminaWarning, match=r"which looks like \(batch, channels, height, width\)\.\n  Fix: move the cha"
    ):
        layer(Input(shape))


@pytest.mark.parametrize("layer", [Conv3D(8, 1), MaxPooling3D(1)], ids=str)
@pytest.mark.parametrize("shape", [(1, 28, 28, 28), (3, 16, 112, 112), (4, 64, 64, 64)])
def test_so_are_volumes(layer, shape):
    fix = re.escape(f"move the channels to the end: np.moveaxis(x, 1, -1) with Input({(*shape[1:], shape[0])}).")
    with pytest.warns(
        LaminaWarning, match=rf"which looks like \(batch, channels, depth, height, width\)\.\n  Fix: {fix}"
    ):
        layer(Input(shape))


@pytest.mark.parametrize(
    "layer",
    [Conv1D(8, 1), Conv1DTranspose(8, 1), DepthwiseConv1D(1), SeparableConv1D(8, 1), AveragePooling1D(1)],
    ids=str,
)
@pytest.mark.parametrize("shape", [(1, 1000), (4, 100)])
def test_so_are_sequences(layer, shape):
    fix = re.escape(f"move the features to the end: np.moveaxis(x, 1, -1) with Input({shape[::-1]}).")
    with pytest.warns(LaminaWarning, match=rf"which looks like \(batch, features, time\)\.\n  Fix: {fix}") as caught:
        lm.Sequential([Input(shape), layer])

    assert caught[0].filename == __file__


def test_a_network_may_make_sequences_as_short_and_wide():
    Conv1D(8, 1)(Conv1D(100, 1)(Input((4, 1))))


def test_an_input_of_other_axes_is_an_error_alone():
    with pytest.raises(ShapeError, match=r"Conv1D\(8, 3\): expected an input of shape \(batch, time, features\)"):
        Conv1D(8, 3)(Input((3, 100, 100)))


def test_the_warning_points_to_the_line_that_calls_the_layer():
    with pytest.warns(LaminaWarning, match=r"np\.moveaxis\(x, 1, -1\) with Input\(\(100, 100, 3\)\)") as caught:
        Conv2D(8, 3)(Input((3, 100, 100)))

    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    "shape",
    [(100, 100, 3), (3, 100, 1), (1, 50, 32), (4, 32, 256), (3, 3, 512), (3, 32, 64), (3, 15, 16), (1, 1, 1280)],
)
def test_other_images_are_left_alone(shape):
    Conv2D(8, 1)(Input(shape))


@pytest.mark.parametrize("shape", [(64, 64, 64, 1), (2, 64, 64, 64), (3, 16, 64, 64), (4, 8, 8, 8), (1, 8, 200, 100)])
def test_other_volumes_are_left_alone(shape):
    Conv3D(8, 1)(Input(shape))


@pytest.mark.parametrize("shape", [(100, 4), (5, 300), (4, 99), (None, 300), (1, 1)])
def test_other_sequences_are_left_alone(shape):
    Conv1D(8, 1)(Input(shape))
