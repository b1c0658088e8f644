import numpy as np
import pytest

import lamina as lm
from lamina import layers
from lamina.errors import ArgumentError
from lamina.visualize import filter_values, filters


def of(layer, shape):
    return lm.Sequential([lm.Input(shape), layer]).build(seed=1)


def test_a_filter_is_a_picture_with_the_channels_of_its_input():
    model = of(layers.Conv2D(5, (3, 2), name="conv"), (8, 8, 4))

    values = filter_values(model, "conv")

    kernel = model.get_weights("conv")["kernel"]
    assert values.shape == (5, 3, 2, 4)
    np.testing.assert_array_equal(values[3], kernel[..., 3])


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (layers.DepthwiseConv2D(3, depth_multiplier=2, name="conv"), (8, 3, 3, 1)),
        (layers.SeparableConv2D(7, 3, name="conv"), (4, 3, 3, 1)),
        (layers.Conv2DTranspose(5, 3, name="conv"), (5, 3, 3, 4)),
    ],
    ids=repr,
)
def test_other_convolutions_have_filters_too(layer, shape):
    assert filter_values(of(layer, (8, 8, 4)), "conv").shape == shape


def test_a_filter_of_a_sequence_has_a_line_for_each_channel():
    model = of(layers.Conv1D(5, 3, name="conv"), (9, 4))

    values = filter_values(model, "conv")

    np.testing.assert_array_equal(values[2, :, :, 0], model.get_weights("conv")["kernel"][:, :, 2].T)


@pytest.mark.parametrize(("shape", "channels"), [((4, 5), 1), ((4, 5, 3), 3)])
def test_units_that_read_pixels_are_pictures(shape, channels):
    model = lm.Sequential([lm.Input(shape), layers.Flatten(), layers.Dense(2, name="units")]).build(seed=1)

    values = filter_values(model, "units")

    assert values.shape == (2, 4, 5, channels)
    np.testing.assert_array_equal(values[1].ravel(), model.get_weights("units")["kernel"][:, 1])


@pytest.mark.parametrize(
    ("layer", "shape", "pictures", "caption"),
    [
        (layers.Conv2D(10, 3, name="conv"), (8, 8, 1), 10, "conv: 10 filters of 3 × 3"),
        (layers.Conv2D(70, 3, name="conv"), (8, 8, 3), 64, "conv: 64 of 70 filters of 3 × 3"),
        (layers.Conv2D(3, 3, name="conv"), (8, 8, 20), 48, "conv: 3 filters downwards, 16 of 20 channels across"),
        (layers.Conv2D(1, 3, name="conv"), (8, 8, 2), 2, "conv: 1 filter downwards, 2 channels across"),
    ],
)
def test_the_figure_shows_filters_and_says_how_many(layer, shape, pictures, caption):
    axis, *bars = filters(of(layer, shape), "conv").axes

    assert len(axis.images) == pictures
    assert axis.get_title(loc="left") == caption
    assert len(bars) == (shape[-1] != 3)


def test_zero_is_white_and_colours_are_even_on_both_sides():
    model = of(layers.Conv2D(2, 1, name="conv"), (8, 8, 1))
    model.set_weights({"kernel": [[[[0.5, -2.0]]]]}, layer="conv")

    positive, negative = filters(model, "conv").axes[0].images

    assert positive.get_clim() == negative.get_clim() == (-2.0, 2.0)
    assert negative.get_array().item() == -2.0


def test_in_colour_zero_is_grey():
    model = of(layers.Conv2D(1, 1, name="conv"), (8, 8, 3))
    model.set_weights({"kernel": [[[[0.0], [4.0], [-2.0]]]]}, layer="conv")

    (picture,) = filters(model, "conv").axes[0].images

    assert np.ravel(picture.get_array()).tolist() == [0.5, 1.0, 0.25]


@pytest.mark.parametrize("layer", [layers.Dense(3, name="other"), layers.Conv3D(2, 1, name="other")], ids=repr)
def test_a_layer_without_filters_is_refused(layer):
    model = of(layer, (4, 4, 4, 2))

    with pytest.raises(
        ArgumentError, match=rf"expected a convolution .*, got other \({type(layer).__name__}\).\n  Fix: "
    ):
        filters(model, "other")


def test_a_wrong_name_is_said(convnet):
    with pytest.raises(ArgumentError, match="did you mean 'conv2d'"):
        filters(convnet, "conv2")
