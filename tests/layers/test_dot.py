import jax
import numpy as np
import pytest

from lamina.errors import ArgumentError, ShapeError
from lamina.layers import Dot, Input


def test_vectors_give_one_number_for_each_row(call):
    assert call(Dot(1), [[1.0, 2.0], [0.0, 1.0]], [[3.0, 4.0], [5.0, 6.0]]).tolist() == [[11], [6]]


@pytest.mark.parametrize(
    ("axes", "formula"),
    [((2, 1), "bij,bjk->bik"), ((1, 2), "bji,bkj->bik"), (1, "bji,bjk->bik"), (-1, "bij,bkj->bik")],
)
def test_axes_that_are_left_stand_in_order(axes, formula, call, rng):
    sizes = dict(zip("bijk", (2, 3, 4, 5), strict=True))
    first, second = (rng.normal(size=[sizes[a] for a in word]) for word in formula.split("->")[0].split(","))

    output = call(Dot(axes), first, second)

    np.testing.assert_allclose(output, np.einsum(formula, first, second), rtol=1e-4, atol=1e-5)


def test_normalized_it_is_the_cosine(call):
    output = call(Dot(1, normalize=True), [[1.0, 0.0], [2.0, 2.0], [0.0, 0.0]], [[3.0, 4.0], [5.0, 5.0], [1.0, 1.0]])

    np.testing.assert_allclose(output, [[0.6], [1], [0]], rtol=1e-6)


def test_the_gradient_of_the_cosine_is_finite_at_the_zero_vector():
    layer = Dot(1, normalize=True)
    zeros = np.zeros((1, 3), "float32")

    gradient = jax.grad(lambda x: layer.call({}, (x, zeros + 1), None).sum())(zeros)

    assert np.isfinite(gradient).all()


@pytest.mark.parametrize("axes", [0, (1, 0), "last", 1.0, ()])
def test_axes_are_after_the_batch(axes):
    with pytest.raises(ArgumentError, match=r"Dot\(axes\): expected an axis after the batch"):
        Dot(axes)


def test_there_are_two_inputs_and_an_axis_for_each():
    with pytest.raises(ArgumentError, match=r"Dot\(axes\): expected one axis, or one for each of the two inputs"):
        Dot((1, 2, 3))
    with pytest.raises(ArgumentError, match=r"Dot\(1\): expected two symbols, got a list of 1"):
        Dot(1)([Input((2,))])


def test_sizes_along_the_axes_are_the_same():
    with pytest.raises(ShapeError, match=r"axis 1 of the first input and axis 2 of the second, got \(None, 3\) and"):
        Dot((1, 2))([Input((3,)), Input((5, 4))])
