import numpy as np
import pytest

from lamina import layers
from lamina.errors import DataError
from lamina.layers import Dense, Int8
from lamina.layers._int8 import rounded

EACH_KIND = [
    (Dense(5, activation="tanh"), (4,)),
    (layers.Conv1D(6, 3, groups=2, activation="relu"), (7, 4)),
    (layers.Conv2D(6, (2, 3), padding="same"), (5, 4, 3)),
    (layers.Conv3D(3, 2), (3, 3, 3, 2)),
    (layers.Conv1DTranspose(6, 3), (7, 4)),
    (layers.Conv2DTranspose(5, 2, strides=2), (3, 3, 4)),
    (layers.DepthwiseConv1D(3, depth_multiplier=2), (7, 4)),
    (layers.DepthwiseConv2D(3), (5, 4, 3)),
    (layers.SeparableConv1D(6, 3), (7, 4)),
    (layers.SeparableConv2D(6, 3, use_bias=False), (5, 4, 3)),
    (layers.Embedding(9, 4), (3,)),
]


def test_a_value_by_hand():
    numbers, scale = rounded(np.array([[1.27, -20.0], [-0.5, 25.4]], "float32"), (-1,))

    np.testing.assert_allclose(scale, [[0.01, 0.2]], rtol=1e-6)
    assert numbers.tolist() == [[127, -100], [-50, 127]]
    assert (numbers.dtype, scale.dtype) == ("int8", "float32")


@pytest.mark.parametrize("size", [1e-30, 1e-3, 1.0, 1e30])
@pytest.mark.parametrize("axes", [(-1,), (-2,), (0,), (-2, -1)])
def test_what_is_rounded_is_at_most_half_a_scale_away(axes, size, rng):
    array = (size * rng.normal(size=(3, 4, 5, 6))).astype("float32")

    numbers, scale = rounded(array, axes)

    kept = {axis % 4 for axis in axes}
    assert scale.shape == tuple(count if axis in kept else 1 for axis, count in enumerate(array.shape))
    distance = np.abs(array.astype("float64") - numbers.astype("float64") * scale)
    assert (distance <= (0.5 + 1e-4) * scale).all()
    assert np.abs(numbers.astype(int)).max() == 127


def test_zeros_stay_zeros():
    array = np.zeros((3, 2), "float32")
    array[:, 1] = [0, 5, -5]

    numbers, scale = rounded(array, (-1,))

    np.testing.assert_array_equal(numbers * scale, array)
    assert scale[0, 0] == 1


@pytest.mark.parametrize(("layer", "shape"), EACH_KIND, ids=str)
def test_the_layer_computes_with_the_rounded_numbers(layer, shape, call, rng):
    is_lookup = isinstance(layer, layers.Embedding)
    x = rng.integers(9, size=(2, *shape)) if is_lookup else rng.normal(size=(2, *shape))
    declared = layer.weights((None, *shape))
    arrays = {name: rng.normal(size=weight.shape).astype("float32") for name, weight in declared.items()}
    small = Int8(layer)

    found = small.quantised(arrays, where="here")

    near = {name: found[f"layer.{name}"] for name in arrays}
    near |= {name: near[name] * found[f"layer.{name}_scale"] for name in arrays if name != "bias"}
    expected = call(layer, x, weights=near)
    np.testing.assert_allclose(call(small, x, weights=found), expected, rtol=1e-5, atol=1e-6)
    wanted = small.weights((None, *shape))
    assert {name: (array.shape, array.dtype.name) for name, array in found.items()} == {
        name: (weight.shape, weight.dtype) for name, weight in wanted.items()
    }
    assert not any(weight.trainable for weight in wanted.values())


@pytest.mark.parametrize(
    ("layer", "shape", "scales"),
    [
        (Dense(5), (4,), {"kernel": (1, 5)}),
        (layers.Conv2D(6, 3), (5, 4, 3), {"kernel": (1, 1, 1, 6)}),
        (layers.Conv2DTranspose(6, 3), (5, 4, 3), {"kernel": (1, 1, 6, 1)}),
        (layers.DepthwiseConv2D(3, depth_multiplier=2), (5, 4, 3), {"kernel": (1, 1, 3, 2)}),
        (
            layers.SeparableConv1D(6, 3),
            (7, 4),
            {"depthwise_kernel": (1, 4, 1), "pointwise_kernel": (1, 1, 6)},
        ),
        (layers.Embedding(9, 4), (3,), {"embeddings": (9, 1)}),
    ],
    ids=str,
)
def test_each_output_has_a_scale_of_its_own(layer, shape, scales):
    declared = Int8(layer).weights((None, *shape))

    assert {name: declared[f"layer.{name}_scale"].shape for name in scales} == scales
    assert {declared[f"layer.{name}"].dtype for name in scales} == {"int8"}


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_numbers_that_are_not_finite_are_refused(value):
    kernel = np.array([[1.0, value]], "float32")

    with pytest.raises(DataError, match=r"^code: kernel: expected finite numbers to quantise, got NaN or infinite"):
        Int8(Dense(2)).quantised({"kernel": kernel, "bias": np.zeros(2, "float32")}, where="code")
