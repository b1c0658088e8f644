"""`linear` is a matrix product in value and in both gradients, whatever the shape."""

import numpy as np
import pytest

from lamina import ops

SHAPES = [((5, 7), (7, 3)), ((4, 6), (6, 1)), ((4, 6), (6, 100)), ((2, 3, 6), (6, 4)), ((6,), (6, 4)), ((0, 6), (6, 4))]


def pair(rng, shapes):
    return tuple(ops.asarray(rng.normal(size=shape).astype(np.float32)) for shape in shapes)


@pytest.mark.parametrize("shapes", SHAPES, ids=str)
def test_value_and_gradients_are_those_of_the_product(rng, shapes):
    x, kernel = pair(rng, shapes)
    reference = np.matmul(np.asarray(x, np.float64), np.asarray(kernel, np.float64))

    found = ops.linear(x, kernel)
    gradients = ops.grad(lambda *both: ops.sum(ops.sin(ops.linear(*both))), argnums=(0, 1))(x, kernel)
    expected = ops.grad(lambda *both: ops.sum(ops.sin(ops.matmul(*both))), argnums=(0, 1))(x, kernel)

    np.testing.assert_allclose(found, reference, atol=1e-5)
    for mine, plain in zip(gradients, expected, strict=True):
        np.testing.assert_allclose(mine, plain, atol=1e-5)


def test_it_can_be_differentiated_twice_and_mapped(rng):
    x, kernel = pair(rng, ((5, 7), (7, 3)))

    def slope(product):
        first = ops.grad(lambda k: ops.sum(product(x, k) ** 3))
        return ops.grad(lambda k: ops.sum(first(k) ** 2))(kernel)

    np.testing.assert_allclose(slope(ops.linear), slope(ops.matmul), rtol=1e-4)
    several = ops.stack([kernel, 2 * kernel])
    np.testing.assert_allclose(
        ops.vmap(ops.grad(lambda k: ops.sum(ops.linear(x, k) ** 2)))(several),
        ops.vmap(ops.grad(lambda k: ops.sum(ops.matmul(x, k) ** 2)))(several),
        rtol=1e-4,
    )
