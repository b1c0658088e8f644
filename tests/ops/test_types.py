"""Types of floating numbers: told apart, changed, and kept at 64 bits without a change for anybody else."""

import threading

import jax
import numpy as np
import pytest

from lamina import ops


def test_casting_changes_floating_numbers_alone():
    tree = {"a": np.ones(2, np.float32), "b": [np.arange(3), np.array([True])]}

    cast = ops.cast(tree, "bfloat16")

    assert [leaf.dtype.name for leaf in ops.tree_leaves(cast)] == ["bfloat16", "int64", "bool"]
    assert ops.cast(tree, "float32")["a"] is tree["a"]


@pytest.mark.parametrize(
    ("dtype", "wide", "is_half"),
    [
        ("float16", "float32", True),
        ("bfloat16", "float32", True),
        ("float32", "float32", False),
        ("float64", "float64", False),
    ],
)
def test_a_wide_type_has_32_bits_or_more(dtype, wide, is_half):
    assert ops.wide(dtype) == wide
    assert ops.is_half(np.ones(1, dtype)) is is_half
    assert not ops.is_half(np.ones(1, "int16"))


def test_64_bits_stay_on_the_device_and_nobody_else_gets_them():
    double, single = ops.device_put((np.array([1 / 3]), np.array([1 / 3], np.float32)))

    assert (double.dtype, single.dtype) == ("float64", "float32")
    assert float(double[0]) == 1 / 3
    assert jax.numpy.ones(1).dtype == "float32"


def test_double_precision_is_for_one_thread_and_ends():
    seen = []

    with ops.double_precision():
        thread = threading.Thread(target=lambda: seen.append(jax.numpy.ones(1).dtype.name))
        thread.start()
        thread.join()
        seen.append(ops.ones(1).dtype.name)
    seen.append(ops.ones(1).dtype.name)

    assert seen == ["float32", "float64", "float32"]
