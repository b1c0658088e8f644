import jax
import numpy as np
import pytest

from lamina.errors import ArgumentError, ShapeError
from lamina.regularizers import OrthogonalRegularizer


def mean_cosine(rows):
    """Return the mean |cosine| over all pairs of rows, one pair after the other."""
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return np.mean([abs(unit[i] @ unit[j]) for i in range(len(unit)) for j in range(i)])


def test_the_penalty_by_hand():
    values = np.array([[1.0, 0.0], [0.0, 2.0], [3.0, 3.0]])

    penalty = OrthogonalRegularizer(3.0)(values)

    np.testing.assert_allclose(penalty, 0.0 + 2 / np.sqrt(2), rtol=1e-6)


@pytest.mark.parametrize("shape", [(5, 4), (2, 7), (4, 2)], ids=str)
def test_the_penalty_is_the_mean_over_all_pairs(shape, rng):
    values = rng.normal(size=shape)

    rows = OrthogonalRegularizer(1.0)(values.astype("float32"))
    columns = OrthogonalRegularizer(1.0, "columns")(values.astype("float32"))

    np.testing.assert_allclose(rows, mean_cosine(values), rtol=1e-5)
    np.testing.assert_allclose(columns, mean_cosine(values.T), rtol=1e-5)


@pytest.mark.parametrize("mode", ["rows", "columns"])
def test_keras_gives_the_same(mode, rng):
    keras = pytest.importorskip("keras")
    values = jax.numpy.asarray(rng.normal(size=(5, 4)))

    expected = keras.regularizers.OrthogonalRegularizer(0.3, mode)(values)

    np.testing.assert_allclose(OrthogonalRegularizer(0.3, mode)(values), expected, rtol=1e-5)


@pytest.mark.parametrize("size", [1e-18, 1.0, 1e18])
def test_the_length_of_the_rows_does_not_matter(size):
    values = np.array([[1.0, 0.0], [1.0, 1.0]], "float32")

    penalty = OrthogonalRegularizer(1.0)(size * values)

    np.testing.assert_allclose(penalty, 0.0 if size < 1e-6 else np.sqrt(0.5), atol=1e-6)


def test_one_row_alone_has_no_penalty():
    assert OrthogonalRegularizer()(np.ones((1, 3), "float32")) == 0.0


def test_orthogonal_rows_are_left_as_they_are():
    gradient = jax.grad(OrthogonalRegularizer())(np.eye(3, dtype="float32"))

    np.testing.assert_array_equal(gradient, np.zeros((3, 3)))


def test_rows_of_zeros_keep_the_gradient_finite():
    values = np.array([[0.0, 0.0], [1.0, 2.0], [2.0, 1.0]], "float32")

    gradient = jax.grad(OrthogonalRegularizer())(values)

    assert np.isfinite(gradient).all()


@pytest.mark.parametrize("shape", [(3,), (3, 3, 2, 4)], ids=str)
def test_what_is_no_matrix_is_refused(shape):
    with pytest.raises(
        ShapeError, match=r"OrthogonalRegularizer: expected a matrix of shape \(rows, columns\), got an array"
    ):
        OrthogonalRegularizer()(np.zeros(shape))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"factor": -1.0}, r"OrthogonalRegularizer\(factor\): expected a finite number of at least 0, got -1.0"),
        (
            {"mode": "row"},
            r"OrthogonalRegularizer\(mode\): expected 'rows' or 'columns', got 'row'.\n  Fix: did you mean 'rows'",
        ),
    ],
)
def test_arguments_are_checked(arguments, message):
    with pytest.raises(ArgumentError, match=message):
        OrthogonalRegularizer(**arguments)
