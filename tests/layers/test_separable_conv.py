import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError
from lamina.layers import Conv1D, DepthwiseConv1D, Input, SeparableConv1D, SeparableConv2D


def test_channels_are_convolved_first_and_mixed_then(call):
    depthwise = np.array([[1, 10], [2, 20]]).reshape(2, 2, 1)
    weights = {"depthwise_kernel": depthwise, "pointwise_kernel": [[[1, 0], [1, 2]]], "bias": [0, 0.5]}

    output = call(SeparableConv1D(2, 2), [[[1, 1], [0, 1]]], weights=weights)

    assert output.tolist() == [[[1 + 30, 60.5]]]


def test_it_is_two_convolutions(call, rng):
    x, depthwise, pointwise = rng.normal(size=(2, 7, 3)), rng.normal(size=(3, 3, 2)), rng.normal(size=(1, 6, 4))
    bias = rng.normal(size=4)
    layer = SeparableConv1D(4, 3, 2, "causal", depth_multiplier=2, activation="relu")

    found = call(layer, x, weights={"depthwise_kernel": depthwise, "pointwise_kernel": pointwise, "bias": bias})

    first = call(DepthwiseConv1D(3, 2, "causal", 2, use_bias=False), x, weights={"kernel": depthwise})
    wanted = call(Conv1D(4, 1, activation="relu"), first, weights={"kernel": pointwise, "bias": bias})
    np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("layer", "row", "kernels", "output"),
    [
        (SeparableConv1D(5, 3, dilation_rate=2), (9, 6), [(3, 6, 1), (1, 6, 5)], (5, 5)),
        (SeparableConv2D(5, 3, 2, "same", depth_multiplier=2), (9, 9, 6), [(3, 3, 6, 2), (1, 1, 12, 5)], (5, 5, 5)),
    ],
    ids=repr,
)
def test_weights_are_laid_out_as_in_keras(layer, row, kernels, output):
    declared = layer.weights((None, *row))

    assert [weight.shape for weight in declared.values()] == [*kernels, (5,)]
    assert list(declared) == ["depthwise_kernel", "pointwise_kernel", "bias"]
    assert layer(Input(row)).shape == (None, *output)


def test_there_is_at_least_one_kernel_for_each_channel():
    with pytest.raises(ArgumentError, match=r"SeparableConv2D\(depth_multiplier\): expected a positive integer, got 0"):
        SeparableConv2D(8, 3, depth_multiplier=0)


def test_the_names_of_older_scripts_still_stand_for_it():
    assert lm.layers.SeparableConvolution1D is SeparableConv1D
    assert lm.layers.SeparableConvolution2D is SeparableConv2D
