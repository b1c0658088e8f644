"""Products of halves: summed in float32, rounded once, forward and backward; other types as JAX has them."""

import numpy as np
import pytest

from lamina import ops

ONES = 4096  # ones of bfloat16 that are added up one after the other end at 256


@pytest.mark.parametrize(
    ("product", "shapes"),
    [
        (lambda a, b: ops.matmul(a, b), [(3, 5), (5, 4)]),
        (lambda a, b: ops.matmul(a, b), [(2, 3, 5), (5, 4)]),
        (lambda a, b: ops.matmul(a, b), [(2, 3, 5), (2, 5, 4)]),
        (lambda a, b: ops.matmul(a, b), [(5,), (5, 4)]),
        (lambda a, b: ops.matmul(a, b), [(1, 3, 5), (2, 5, 4)]),
        (lambda a, b: ops.tensordot(a, b, 1), [(2, 3, 5), (5, 4)]),
        (lambda a, b: ops.tensordot(a, b, ((1, -1), (1, 0))), [(2, 3, 5), (5, 3, 4)]),
        (lambda a, b: ops.tensordot(a, b, (1, 0)), [(2, 3), (3, 4)]),
        (lambda a, b: ops.einsum("bqhd,bvhd->bhqv", a, b), [(2, 3, 2, 4), (2, 5, 2, 4)]),
        (lambda a, b: ops.einsum("...i,io->...o", a, b), [(2, 3), (3, 4)]),
        (lambda a, b: ops.einsum("ij,k->ik", a, b), [(2, 3), (4,)]),
        (lambda a, b: ops.linear(a, b), [(6, 5), (5, 4)]),
    ],
)
@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_value_and_slopes_are_those_of_float32_rounded(product, shapes, dtype, rng):
    narrow = [ops.asarray(rng.normal(size=shape), dtype) for shape in shapes]
    exact = [array.astype("float32") for array in narrow]

    def value(factors):
        return ops.sum(ops.sin(product(*factors).astype("float32")))

    found, slopes = product(*narrow), ops.grad(value)(narrow)

    rounding = 2e-2 if dtype == "bfloat16" else 2e-3
    assert found.dtype == dtype
    np.testing.assert_allclose(found.astype("float32"), product(*exact), rtol=rounding, atol=rounding)
    for slope, expected in zip(slopes, ops.grad(value)(exact), strict=True):
        assert slope.dtype == dtype
        np.testing.assert_allclose(slope.astype("float32"), expected, rtol=10 * rounding, atol=10 * rounding)


@pytest.mark.parametrize(
    "product",
    [ops.matmul, ops.linear, lambda a, b: ops.tensordot(a, b, 1), lambda a, b: ops.einsum("ri,io->ro", a, b)],
)
def test_thousands_of_products_are_all_counted(product):
    row, column = ops.ones((1, ONES), "bfloat16"), ops.ones((ONES, 1), "bfloat16")

    assert float(product(row, column)[0, 0]) == ONES
    assert float(ops.grad(lambda x: product(row * x, column)[0, 0])(ops.ones((), "bfloat16"))) == pytest.approx(
        ONES, rel=0.01
    )


def test_halves_can_be_differentiated_twice_and_mapped(rng):
    x, kernel = (ops.asarray(rng.normal(size=(4, 4)), "bfloat16") for _ in range(2))

    def curvature(kernel, product):
        slope = ops.grad(lambda k: ops.sum(product(x, k).astype("float32") ** 3))
        return ops.grad(lambda k: ops.sum(slope(k).astype("float32") ** 2))(kernel)

    found = ops.vmap(lambda k: curvature(k, ops.matmul))(ops.stack([kernel, kernel]))

    exact = curvature(kernel.astype("float32"), lambda a, b: ops.matmul(a.astype("float32"), b))
    np.testing.assert_allclose(found[0].astype("float32"), exact, atol=0.05 * float(ops.max(ops.abs(exact))))
    np.testing.assert_array_equal(found[0].astype("float32"), found[1].astype("float32"))


def test_other_types_are_multiplied_as_they_are(rng):
    x, kernel = rng.normal(size=(3, 5)).astype("float32"), rng.normal(size=(5, 4)).astype("float32")

    np.testing.assert_allclose(ops.matmul(x, kernel), x @ kernel, rtol=1e-5)
    np.testing.assert_allclose(ops.tensordot(x, kernel, axes=1), x @ kernel, rtol=1e-5)
    assert ops.matmul(x.astype("float16"), kernel).dtype == "float32"
