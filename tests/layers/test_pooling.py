import numpy as np
import pytest

import lamina as lm
from lamina.errors import ArgumentError, ShapeError
from lamina.layers import (
    AveragePooling1D,
    AveragePooling2D,
    AveragePooling3D,
    Input,
    MaxPooling1D,
    MaxPooling2D,
    MaxPooling3D,
)

KINDS = [MaxPooling1D, MaxPooling2D, MaxPooling3D, AveragePooling1D, AveragePooling2D, AveragePooling3D]
IMAGE = np.arange(16.0).reshape(1, 4, 4, 1)


def test_windows_keep_their_largest_number_or_their_mean(call):
    assert call(MaxPooling2D(), IMAGE)[0, ..., 0].tolist() == [[5, 7], [13, 15]]
    assert call(AveragePooling2D(), IMAGE)[0, ..., 0].tolist() == [[2.5, 4.5], [10.5, 12.5]]


def test_windows_move_by_the_strides(call):
    assert call(MaxPooling2D(2, (2, 1)), IMAGE)[0, ..., 0].tolist() == [[5, 6, 7], [13, 14, 15]]


def test_padded_places_do_not_count(call):
    x = -IMAGE[:, :3, :3] - 1

    assert call(MaxPooling2D(2, padding="same"), x)[0, ..., 0].tolist() == [[-1, -3], [-9, -11]]
    assert call(AveragePooling2D(2, padding="same"), x)[0, ..., 0].tolist() == [[-3.5, -5], [-9.5, -11]]


def test_a_volume_is_pooled_along_three_axes(call, rng):
    x = rng.normal(size=(2, 4, 4, 4, 3))
    windows = x.reshape(2, 2, 2, 2, 2, 2, 2, 3)

    np.testing.assert_allclose(call(MaxPooling3D(), x), windows.max((2, 4, 6)), rtol=1e-6)
    np.testing.assert_allclose(call(AveragePooling3D(), x), windows.mean((2, 4, 6)), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("arguments", "sizes"),
    [({}, (4, 3)), ({"padding": "same"}, (4, 4)), ({"strides": 1}, (7, 6)), ({"pool_size": 3}, (2, 2))],
    ids=str,
)
def test_the_output_is_as_large_as_the_window_stops_often(kind, arguments, sizes):
    shapes = [kind(**arguments)(Input((*(length,) * kind.rank, 5))).shape for length in (8, 7)]

    assert shapes == [(None, *(size,) * kind.rank, 5) for size in sizes]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"pool_size": 0}, r"\(pool_size\): expected a positive integer, got 0"),
        ({"strides": -1}, r"\(strides\): expected a positive integer, got -1"),
        ({"padding": "causal"}, r"\(padding\): expected 'valid' or 'same', got 'causal'"),
        ({"pool_length": 2}, r"\(pool_length\).*\n  Fix: write pool_size instead of pool_length"),
    ],
)
def test_mistakes_are_named_with_the_fix(kind, arguments, sentence):
    with pytest.raises(ArgumentError, match=rf"{kind.__name__}{sentence}"):
        kind(**arguments)


def test_a_window_fits_into_its_input():
    with pytest.raises(
        ShapeError, match=r"expected an input that its window of 2 × 2 fits into, got \(None, 1, 4, 3\)"
    ):
        MaxPooling2D()(Input((1, 4, 3)))


def test_short_names_stand_for_the_same():
    short = [f"{kind}Pool{rank}D" for kind in ("Max", "Avg") for rank in (1, 2, 3)]

    assert [getattr(lm.layers, name) for name in short] == KINDS
