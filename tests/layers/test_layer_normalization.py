import numpy as np
import pytest

from lamina.errors import ArgumentError, ShapeError
from lamina.layers import Input, LayerNormalization


def test_each_row_is_normalised_by_itself(call):
    output = call(LayerNormalization(epsilon=1e-9), [[1, 3], [10, 50]], weights={"gamma": [1, 2], "beta": [0, 5]})

    np.testing.assert_allclose(output, [[-1, 7], [-1, 7]], rtol=1e-5)


@pytest.mark.parametrize("axis", [1, -1, (1, 2), (2, 3), (-1, 1)])
def test_any_axes_after_the_batch_will_do(axis, call, rng):
    x = rng.normal(size=(2, 3, 4, 5))
    axes = tuple(sorted(a % 4 for a in np.atleast_1d(axis)))
    gamma = rng.normal(size=[x.shape[a] for a in axes])

    output = call(LayerNormalization(axis, center=False), x, weights={"gamma": gamma})

    spread = gamma.reshape([x.shape[a] if a in axes else 1 for a in range(4)])
    wanted = spread * (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + 1e-3)
    np.testing.assert_allclose(output, wanted, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("value", [0.0, 5.0, 1e15])
def test_a_constant_row_becomes_zero(value, call):
    assert call(LayerNormalization(center=False, scale=False), np.full((1, 4), value)).tolist() == [[0, 0, 0, 0]]


def test_weights_have_the_sizes_of_the_axes():
    declared = LayerNormalization((3, 1)).weights((None, 4, None, 6))

    assert {name: weight.shape for name, weight in declared.items()} == {"gamma": (4, 6), "beta": (4, 6)}


@pytest.mark.parametrize("arguments", [{"axis": 0}, {"epsilon": -1}, {"center": None}, {"scale": 2}], ids=str)
def test_arguments_out_of_range_are_refused(arguments):
    with pytest.raises(ArgumentError, match=rf"LayerNormalization\({next(iter(arguments))}\): expected"):
        LayerNormalization(**arguments)


@pytest.mark.parametrize("axis", [2, -2, (1, 1), (1, -1)])
def test_the_axes_exist_and_differ(axis):
    with pytest.raises(ShapeError, match="expected an input with the (axis|different axes) .* after the batch"):
        LayerNormalization(axis)(Input((3,)))
