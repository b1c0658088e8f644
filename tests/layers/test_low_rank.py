import numpy as np
import pytest

from lamina.errors import ArgumentError
from lamina.layers import Dense, Input, LowRank


def test_a_value_by_hand(call):
    weights = {"layer.kernel": [[1, 0], [0, 1]], "layer.bias": [10, 20], "a": [[1], [2]], "b": [[3, 4]]}

    plain = call(LowRank(Dense(2), 1), [[1, 1]], weights=weights)
    stronger = call(LowRank(Dense(2), 1, alpha=2.0), [[1, 1]], weights=weights)

    assert plain.tolist() == [[1 + 9 + 10, 1 + 12 + 20]]
    assert stronger.tolist() == [[1 + 18 + 10, 1 + 24 + 20]]


def test_the_activation_comes_after_the_sum(call, rng):
    x, kernel, a, b = (rng.normal(size=size) for size in ((6, 4), (4, 5), (4, 2), (2, 5)))
    layer = LowRank(Dense(5, activation="tanh", use_bias=False), 2, alpha=3.0)

    output = call(layer, x, weights={"layer.kernel": kernel, "a": a, "b": b})

    np.testing.assert_allclose(output, np.tanh(x @ (kernel + 1.5 * a @ b)), rtol=1e-4, atol=1e-6)


def test_the_penalty_is_on_the_output_of_the_whole(call):
    weights = {"layer.kernel": [[1]], "layer.bias": [0], "a": [[1]], "b": [[2]]}

    output = call(LowRank(Dense(1, activity_regularizer="l2"), 1), [[1], [1]], weights=weights, training=True)

    assert output.tolist() == [[3], [3]]
    assert call.penalty == pytest.approx(0.01 * 9)


def test_only_the_two_matrices_are_trained():
    declared = LowRank(Dense(5, kernel_regularizer="l2"), 2).weights((None, 4))

    assert {name: (weight.shape, weight.trainable) for name, weight in declared.items()} == {
        "layer.kernel": ((4, 5), False),
        "layer.bias": ((5,), False),
        "a": ((4, 2), True),
        "b": ((2, 5), True),
    }
    assert declared["layer.kernel"].regularizer == "l2"


def test_merged_arrays_give_the_same(call, rng):
    x = rng.normal(size=(6, 4))
    sizes = {"layer.kernel": (4, 5), "layer.bias": (5,), "a": (4, 2), "b": (2, 5)}
    arrays = {name: rng.normal(size=size).astype("float32") for name, size in sizes.items()}
    layer = LowRank(Dense(5, activation="relu"), 2, alpha=0.5)

    merged = layer.merged(arrays)

    assert {name: (array.shape, array.dtype.name) for name, array in merged.items()} == {
        "kernel": ((4, 5), "float32"),
        "bias": ((5,), "float32"),
    }
    np.testing.assert_allclose(
        call(layer.layer, x, weights=merged), call(layer, x, weights=arrays), rtol=1e-5, atol=1e-5
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"rank": 0}, r"^LowRank\(rank\): expected a positive integer, got 0"),
        ({"rank": 2.0}, r"^LowRank\(rank\): expected a positive integer, got 2\.0"),
        ({"alpha": 0.0}, r"^LowRank\(alpha\): expected a finite number above 0, got 0\.0"),
    ],
)
def test_numbers_out_of_range_are_refused(arguments, message):
    with pytest.raises(ArgumentError, match=message):
        LowRank(Dense(5), **arguments)


@pytest.mark.parametrize(("features", "units"), [(3, 9), (9, 3)])
def test_a_rank_above_the_smaller_side_is_refused(features, units):
    assert LowRank(Dense(units), 3)(Input((features,))).shape == (None, units)

    with pytest.raises(
        ArgumentError, match=rf"^narrow \(LowRank\): rank: expected at most 3, .* {features} by {units}, "
    ):
        LowRank(Dense(units), 4, name="narrow")(Input((features,)))
