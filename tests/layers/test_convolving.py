import numpy as np
import pytest

from lamina import activations
from lamina.errors import ArgumentError
from lamina.layers import Conv1D, Conv1DTranspose, Conv2D, DepthwiseConv1D, SeparableConv1D

KINDS = [Conv1D, Conv1DTranspose, SeparableConv1D]


@pytest.mark.parametrize("activation", ["relu", "sigmoid", "tanh", "gelu", activations.softplus, np.square])
def test_an_activation_is_the_same_fused_or_not(activation, call, rng):
    x, kernel, bias = rng.normal(size=(2, 6, 3)), rng.normal(size=(3, 3, 4)), rng.normal(size=4)
    weights = {"kernel": kernel, "bias": bias}

    found = call(Conv1D(4, 3, activation=activation), x, weights=weights)

    plain = call(Conv1D(4, 3), x, weights=weights)
    np.testing.assert_allclose(found, activations.get(activation)(plain), rtol=1e-5, atol=1e-6)


def test_the_penalty_is_on_what_comes_out(call):
    layer = Conv1D(1, 1, activation="relu", use_bias=False, activity_regularizer="l1")

    call(layer, [[[1], [-1]], [[3], [2]]], weights={"kernel": [[[1]]]})

    assert call.penalty == pytest.approx(0.01 * (1 + 3 + 2) / 2)


@pytest.mark.parametrize("kind", [*KINDS, DepthwiseConv1D])
def test_a_bias_may_be_left_out(kind):
    arguments = (3,) if kind is DepthwiseConv1D else (8, 3)

    with_bias, without = (list(kind(*arguments, use_bias=wanted).weights((None, 9, 2))) for wanted in (True, False))

    assert with_bias == [*without, "bias"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"padding": "Same"}, r"\(padding\): expected 'valid'.*'same'.*, got 'Same'\.\n  Fix: did you mean 'same'"),
        ({"strides": 0}, r"\(strides\): expected a positive integer, got 0"),
        ({"dilation_rate": (2, 2)}, r"\(dilation_rate\): expected one number, or a tuple of 1"),
        ({"use_bias": 1}, r"\(use_bias\): expected True or False, got 1"),
        ({"filters": 0}, r"\(filters\): expected a positive integer, got 0"),
        ({"activation": "rleu"}, r"\(activation\).*\n  Fix: did you mean 'relu'"),
        (
            {"data_format": "channels_first"},
            r"\(data_format\).*np\.moveaxis\(x, 1, -1\) where they come first, instead of data_format",
        ),
        ({"subsample": 2}, r"\(subsample\).*write strides instead of subsample"),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_mistakes_are_named_with_the_fix(kind, arguments, sentence):
    with pytest.raises(ArgumentError, match=rf"(?s){kind.__name__}{sentence}"):
        kind(**{"filters": 8, "kernel_size": 3, **arguments})


def test_only_what_has_a_time_can_be_causal():
    with pytest.raises(ArgumentError, match=r"Conv2D\(padding\): expected 'valid' or 'same', got 'causal'"):
        Conv2D(8, 3, padding="causal")
