"""The twin of the convolution equals a reference in float64, whatever the shapes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.reference import check_convolutions, convolutions
from lamina.kernels import Window
from lamina.kernels import _convolution_twin as twin


@settings(max_examples=5, deadline=None)
@given(st.lists(convolutions(), min_size=20, max_size=20))
def test_outputs_and_gradients_are_those_of_the_reference(cases):
    check_convolutions(twin, cases)


def test_bias_and_activation_come_last():
    x, kernel = np.ones((1, 1, 2, 1), "float32"), np.array([[[[3.0, -3.0]]]], "float32")

    y = twin.forward(x, kernel, np.array([-1.0, 5.0], "float32"), Window(), "relu")

    assert y.tolist() == [[[[2, 2], [2, 2]]]]


@pytest.mark.parametrize("rows", [6, 7])
def test_images_are_worked_on_in_blocks(rows, rng, monkeypatch):
    x, kernel = (rng.normal(size=shape).astype("float32") for shape in ((rows, 4, 4, 2), (2, 2, 2, 3)))
    dy = rng.normal(size=(rows, 3, 3, 3)).astype("float32")
    whole = twin.forward(x, kernel, None, Window(), "linear"), twin.kernel_gradient(x, dy, Window(), kernel.shape)

    monkeypatch.setattr(twin, "BLOCK", 3 * 9 * 8)  # the rows of three images

    assert twin._block_of(rows, 9 * 8) == {6: 3, 7: 1}[rows]
    parts = twin.forward(x, kernel, None, Window(), "linear"), twin.kernel_gradient(x, dy, Window(), kernel.shape)
    for found, wanted in zip(parts, whole, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-5)


def test_sums_of_short_numbers_are_kept_in_long_ones():
    x, kernel = np.ones((1, 1, 1, 1600), "bfloat16"), np.ones((1, 1, 1600, 1), "bfloat16")

    y = twin.forward(x, kernel, None, Window(), "linear")

    assert y.dtype == "bfloat16"
    assert y.item() == 1600


def test_an_empty_batch_has_an_empty_output():
    x, kernel = np.ones((0, 4, 4, 1), "float32"), np.ones((2, 2, 1, 3), "float32")

    assert twin.forward(x, kernel, None, Window(), "linear").shape == (0, 3, 3, 3)
    assert not twin.kernel_gradient(x, np.ones((0, 3, 3, 3), "float32"), Window(), kernel.shape).any()
