import numpy as np
import pytest

from lamina.errors import ArgumentError, ShapeError
from lamina.layers import Input, UpSampling1D, UpSampling2D, UpSampling3D

KINDS = [UpSampling1D, UpSampling2D, UpSampling3D]


@pytest.mark.parametrize("kind", KINDS)
def test_each_place_is_repeated(kind, call, rng):
    x = rng.normal(size=(2, *(2, 3, 4)[: kind.rank], 2)).astype("float32")
    times = (2, 3, 1)[: kind.rank]

    output = call(kind(times if kind.rank > 1 else 2), x)

    for axis, each in enumerate(times, start=1):
        x = x.repeat(each, axis)
    np.testing.assert_array_equal(output, x)


def test_straight_lines_run_between_the_centres(call):
    x = np.array([0, 4, 8], "float32").reshape(1, 1, 3, 1)

    def line(times):
        return call(UpSampling2D((1, times), interpolation="bilinear"), x).ravel().tolist()

    assert line(1) == [0, 4, 8]
    assert line(2) == [0, 1, 3, 5, 7, 8]
    np.testing.assert_allclose(line(3), [0, 0, 4 / 3, 8 / 3, 4, 16 / 3, 20 / 3, 8, 8], rtol=1e-6)


def test_lines_run_along_both_axes(call):
    x = np.array([[0, 4], [8, 12]], "float32").reshape(1, 2, 2, 1)

    output = call(UpSampling2D(2, interpolation="bilinear"), x)[0, ..., 0]

    np.testing.assert_allclose(output, np.add.outer([0, 2, 6, 8], [0, 1, 3, 4]), rtol=1e-6)


def test_a_single_place_stays_the_same(call):
    assert call(UpSampling2D(3, interpolation="bilinear"), [[[[7]]]]).ravel().tolist() == [7] * 9


def test_defaults_are_those_of_keras():
    shapes = [kind()(Input((*(None, 5, 5)[-kind.rank :], 1))).shape[1:-1] for kind in KINDS]

    assert shapes == [(10,), (10, 10), (None, 10, 10)]


def test_mistakes_are_named():
    with pytest.raises(ArgumentError, match=r"UpSampling1D\(size\): expected a positive integer, got 0"):
        UpSampling1D(0)
    with pytest.raises(
        ArgumentError, match=r"UpSampling2D\(interpolation\): expected 'nearest' or 'bilinear', got 'bicu"
    ):
        UpSampling2D(interpolation="bicubic")
    with pytest.raises(ShapeError, match=r"expected an input of shape \(batch, height, width, channels\)"):
        UpSampling2D()(Input((4, 4)))
