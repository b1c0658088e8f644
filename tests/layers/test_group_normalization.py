import numpy as np
import pytest

from lamina.errors import ArgumentError, ShapeError
from lamina.layers import GroupNormalization, Input, LayerNormalization


def normalized(x, axes, epsilon=1e-3):
    return (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + epsilon)


def test_each_group_of_channels_is_normalised_by_itself(call, rng):
    x = 3 * rng.normal(size=(2, 5, 4, 6)) + np.arange(6)
    gamma, beta = rng.normal(size=6), rng.normal(size=6)

    output = call(GroupNormalization(3), x, weights={"gamma": gamma, "beta": beta})

    wanted = normalized(x.reshape(2, 5, 4, 3, 2), (1, 2, 4)).reshape(x.shape) * gamma + beta
    np.testing.assert_allclose(output, wanted, rtol=1e-4, atol=1e-5)


def test_minus_one_stands_for_a_group_of_each_channel(call, rng):
    x = rng.normal(size=(2, 5, 6))

    output = call(GroupNormalization(-1, center=False, scale=False), x)

    np.testing.assert_allclose(output, normalized(x, 1), rtol=1e-4, atol=1e-5)


def test_one_group_of_all_is_a_normalised_row(call, rng):
    x = rng.normal(size=(2, 5, 6))

    output = call(GroupNormalization(1, center=False, scale=False), x)

    np.testing.assert_allclose(output, call(LayerNormalization((1, 2), center=False, scale=False), x), rtol=1e-5)


@pytest.mark.parametrize("axis", [1, -2])
def test_the_channels_may_be_another_axis(axis, call, rng):
    x = rng.normal(size=(2, 4, 3))

    output = call(GroupNormalization(2, axis, center=False, scale=False), x)

    np.testing.assert_allclose(output, normalized(x.reshape(2, 2, 2, 3), (2, 3)).reshape(x.shape), rtol=1e-4, atol=1e-5)


def test_a_constant_row_is_finite(call):
    assert call(GroupNormalization(1, center=False, scale=False), [[7, 7]]).tolist() == [[0, 0]]


def test_weights_are_those_of_the_channels():
    assert {name: each.shape for name, each in GroupNormalization(2).weights((None, 5, 4)).items()} == {
        "gamma": (4,),
        "beta": (4,),
    }


@pytest.mark.parametrize(
    "arguments",
    [{"groups": 0}, {"groups": -2}, {"groups": 1.5}, {"axis": 0}, {"axis": (1, 2)}, {"epsilon": 0}, {"center": 1}],
    ids=str,
)
def test_arguments_out_of_range_are_refused(arguments):
    with pytest.raises(ArgumentError, match=rf"GroupNormalization\({next(iter(arguments))}\): expected"):
        GroupNormalization(**arguments)


def test_groups_divide_the_channels():
    sentence = r"expected an input whose channels fall into 32 groups, got \(None, 48\)\.\n  Fix: .* that divides 48"
    with pytest.raises(ShapeError, match=sentence):
        GroupNormalization()(Input((48,)))
