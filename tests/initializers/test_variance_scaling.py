import numpy as np
import pytest

from lamina import initializers
from lamina.errors import ArgumentError
from lamina.initializers._variance_scaling import fans


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((), (1, 1)),
        ((7,), (7, 7)),
        ((3, 5), (3, 5)),
        ((4, 3, 5), (12, 20)),
        ((3, 3, 16, 32), (144, 288)),
        ((2, 2, 2, 3, 5), (24, 40)),
    ],
    ids=str,
)
def test_connections_of_dense_and_convolution_kernels(shape, expected):
    assert fans(shape) == expected


@pytest.mark.parametrize("shape", [(), (7,), (3, 5), (4, 3, 5), (3, 3, 16, 32), (0, 5)], ids=str)
def test_keras_counts_the_same_connections(shape):
    random_initializers = pytest.importorskip("keras.src.initializers.random_initializers")

    assert fans(shape) == random_initializers.compute_fans(shape)


@pytest.mark.parametrize(
    ("initializer", "limit"),
    [
        (initializers.GlorotUniform(seed=1), np.sqrt(6 / (144 + 288))),
        (initializers.HeUniform(seed=1), np.sqrt(6 / 144)),
        (initializers.LecunUniform(seed=1), np.sqrt(3 / 144)),
        (initializers.VarianceScaling(1.0, "fan_out", "uniform", seed=1), np.sqrt(3 / 288)),
    ],
    ids=repr,
)
def test_the_kernel_of_a_convolution_counts_each_place(initializer, limit):
    values = initializer((3, 3, 16, 32))

    assert 0.99 * limit < np.abs(values).max() <= limit * (1 + 1e-6)


@pytest.mark.parametrize("kind", [initializers.GlorotNormal, initializers.HeNormal, initializers.LecunNormal])
def test_nothing_lies_beyond_two_deviations(kind):
    values = kind(seed=1)((100, 100))

    beyond = np.abs(values) > 2 * values.std() / 0.87962566103423978 * 1.02

    assert not beyond.any()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"scale": 0.0}, r"VarianceScaling\(scale\): expected a finite number above 0, got 0.0"),
        ({"mode": "fan_inn"}, r"VarianceScaling\(mode\): .* got 'fan_inn'.\n  Fix: did you mean 'fan_in'"),
        ({"distribution": "gauss"}, r"VarianceScaling\(distribution\): expected 'truncated_normal', .* got 'gauss'"),
        ({"seed": -1}, r"VarianceScaling\(seed\): expected an integer of at least 0, got -1"),
    ],
)
def test_arguments_are_checked(arguments, message):
    with pytest.raises(ArgumentError, match=message):
        initializers.VarianceScaling(**arguments)
