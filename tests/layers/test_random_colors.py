import numpy as np
import pytest

from lamina.errors import ArgumentError, ShapeError
from lamina.layers import Input, RandomBrightness, RandomContrast

TWO = np.array([100.0, 200.0], np.float32).reshape(1, 1, 2, 1)


def test_brightness_is_a_share_of_the_range_of_values(call):
    output = call(RandomBrightness((0.1, 0.1)), TWO, training=True)

    np.testing.assert_allclose(output.ravel(), [125.5, 225.5])


def test_contrast_moves_values_away_from_their_mean_or_towards_it(call):
    stronger = call(RandomContrast((0.0, 0.4)), np.repeat(TWO, 200, axis=0), training=True)[..., 0]

    distances = stronger[:, 0, 1] - stronger[:, 0, 0]
    np.testing.assert_allclose(stronger.mean(axis=(1, 2)), 150, rtol=1e-5)
    assert 100 <= distances.min() < 102
    assert 138 < distances.max() <= 140


def test_one_number_weakens_contrast_as_well_as_it_strengthens_it(call):
    output = call(RandomContrast(0.4), np.repeat(TWO, 200, axis=0), training=True)

    distances = output[:, 0, 1, 0] - output[:, 0, 0, 0]
    assert 60 <= distances.min() < 63
    assert 137 < distances.max() <= 140


def test_channels_have_contrasts_of_their_own(call):
    gray_and_flat = np.array([[0.0, 5.0], [10.0, 5.0]], np.float32).reshape(1, 1, 2, 2)

    output = call(RandomContrast((0.0, 1.0)), gray_and_flat, training=True)

    assert (output[..., 1] == 5.0).all()


@pytest.mark.parametrize("layer", [RandomBrightness((0.9, 1.0)), RandomContrast((0.0, 1.0))], ids=repr)
def test_values_stay_in_their_range(layer, call):
    extremes = np.array([0.0, 255.0], np.float32).reshape(1, 1, 2, 1)

    assert call(layer, extremes, training=True).max() == 255
    assert call(layer.replace(value_range=(0, 1)), extremes / 255, training=True).max() == 1


@pytest.mark.parametrize("layer", [RandomBrightness(0.3), RandomContrast(0.5)], ids=repr)
def test_each_picture_has_its_own_amount_and_none_outside_of_training(layer, call):
    pictures = np.repeat(TWO, 6, axis=0)

    output = call(layer, pictures, training=True)

    assert len(np.unique(output[:, 0, 0, 0])) == 6
    assert call(layer, pictures).tolist() == pictures.tolist()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: RandomBrightness(1.5),
            r"RandomBrightness\(factor\): expected a finite number of at least -1 and of at most",
        ),
        (
            lambda: RandomContrast(-0.5),
            r"RandomContrast\(factor\): expected a finite number of at least 0 and of at most 1",
        ),
        (
            lambda: RandomContrast(0.5, value_range=255),
            r"expected the darkest and the brightest value, got 255.\n  Fix",
        ),
        (lambda: RandomBrightness(0.5, value_range=(1, 0)), r"value_range\): expected the darkest and the brightest"),
        (lambda: RandomBrightness(0.5, value_range=(0, float("inf"))), r"value_range\): expected a finite number"),
        (lambda: RandomBrightness(0.5, seed=-1), r"RandomBrightness\(seed\): expected"),
        (lambda: RandomContrast(0.5, seed=-1), r"RandomContrast\(seed\): expected"),
    ],
)
def test_ranges_that_are_none_are_refused(make, message):
    with pytest.raises(ArgumentError, match=message):
        make()


@pytest.mark.parametrize("layer", [RandomBrightness(0.5), RandomContrast(0.5)], ids=repr)
def test_what_has_no_channels_is_refused(layer):
    with pytest.raises(ShapeError, match=r"\(batch, height, width, channels\)"):
        layer(Input((28, 28)))
