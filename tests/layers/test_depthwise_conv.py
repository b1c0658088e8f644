import numpy as np
import pytest

from lamina.errors import ArgumentError
from lamina.layers import Conv1D, DepthwiseConv1D, DepthwiseConv2D, Input


def test_each_channel_has_a_kernel_of_its_own(call):
    kernel = np.array([[1, 10], [2, 20]]).reshape(2, 2, 1)  # two steps, two features

    output = call(DepthwiseConv1D(2), [[[1, 1], [1, 1], [0, 1]]], weights={"kernel": kernel, "bias": [0.5, 0]})

    assert output.tolist() == [[[3.5, 30], [1.5, 30]]]


def test_the_outputs_of_a_channel_stand_side_by_side(call):
    weights = {"kernel": [[[[1, 2], [3, 4]]]], "bias": [0] * 4}

    output = call(DepthwiseConv2D(1, depth_multiplier=2), [[[[1, 10]]]], weights=weights)

    assert output.ravel().tolist() == [1, 2, 30, 40]


def test_it_is_a_convolution_with_as_many_groups_as_channels(call, rng):
    x, kernel = rng.normal(size=(2, 7, 3)), rng.normal(size=(3, 3, 2))

    found = call(DepthwiseConv1D(3, 2, "same", 2, use_bias=False), x, weights={"kernel": kernel})

    as_groups = Conv1D(6, 3, 2, "same", groups=3, use_bias=False)
    np.testing.assert_allclose(found, call(as_groups, x, weights={"kernel": kernel.reshape(3, 1, 6)}), rtol=1e-5)


@pytest.mark.parametrize(
    ("layer", "row", "kernel", "output"),
    [
        (DepthwiseConv1D(3, padding="causal"), (9, 6), (3, 6, 1), (9, 6)),
        (DepthwiseConv2D((3, 2), depth_multiplier=4), (9, 9, 6), (3, 2, 6, 4), (7, 8, 24)),
        (DepthwiseConv2D(2, strides=2, dilation_rate=2), (9, 9, 6), (2, 2, 6, 1), (4, 4, 6)),
    ],
    ids=repr,
)
def test_weights_are_laid_out_as_in_keras(layer, row, kernel, output):
    declared = layer.weights((None, *row))

    assert {name: weight.shape for name, weight in declared.items()} == {"kernel": kernel, "bias": output[-1:]}
    assert layer(Input(row)).shape == (None, *output)


def test_there_is_at_least_one_kernel_for_each_channel():
    with pytest.raises(ArgumentError, match=r"DepthwiseConv2D\(depth_multiplier\): expected a positive integer, got 0"):
        DepthwiseConv2D(3, depth_multiplier=0)
