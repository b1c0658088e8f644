import numpy as np
import pytest

from lamina import initializers
from lamina.errors import ArgumentError, ShapeError


@pytest.mark.parametrize("shape", [(5, 5), (8, 3), (1, 1), (2, 2, 3, 4)], ids=str)
def test_columns_are_orthogonal_and_of_length_gain(shape):
    values = initializers.Orthogonal(gain=3.0, seed=1)(shape)

    matrix = values.reshape(-1, shape[-1]).astype("float64")
    np.testing.assert_allclose(matrix.T @ matrix, 9 * np.eye(shape[-1]), atol=1e-5)


def test_rows_are_orthogonal_where_there_are_fewer():
    values = initializers.Orthogonal(seed=1)((3, 8)).astype("float64")

    np.testing.assert_allclose(values @ values.T, np.eye(3), atol=1e-6)


def test_no_direction_is_preferred():
    corners = [initializers.Orthogonal(seed=seed)((2, 2))[0] for seed in range(400)]

    np.testing.assert_allclose(np.mean(corners, axis=0), [0.0, 0.0], atol=0.1)


def test_one_dimension_is_refused():
    with pytest.raises(ShapeError, match=r"Orthogonal: expected a shape of at least two dimensions, got \(3,\)"):
        initializers.Orthogonal()((3,))


def test_the_gain_is_checked():
    with pytest.raises(ArgumentError, match=r"Orthogonal\(gain\): expected a finite number, got nan"):
        initializers.Orthogonal(np.nan)
