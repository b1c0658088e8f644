import numpy as np

import lamina as lm
from lamina import ops
from lamina.metrics import Sum
from lamina.training._sums import additions, can_be_packed, pack, unpack


class Largest(lm.metrics.Metric):
    """A metric whose values do not add up."""

    def merge(self, first, second):
        return {"largest": ops.maximum(first["largest"], second["largest"])}


def tree():
    return {"loss": Sum.zero() + 2.0**24, "matrix": {"cells": Sum.zero((2, 3)) + ops.arange(6.0).reshape(2, 3)}}


def test_sums_survive_packing():
    packed = pack(tree())

    restored = unpack(packed, tree())

    assert packed.high.shape == (7,)
    for before, after in zip(ops.tree_leaves(tree()), ops.tree_leaves(restored), strict=True):
        np.testing.assert_array_equal(before, after)


def test_packed_sums_lose_no_more_than_sums_do():
    packed = pack(tree())
    step = {"loss": Sum.zero() + 1.0, "matrix": {"cells": Sum.zero((2, 3)) + 1.0}}

    found = unpack(packed + additions(step) + additions(step), tree())

    assert float(found["loss"].value) == 2.0**24 + 2
    assert found["matrix"]["cells"].value.tolist() == [[2.0, 3.0, 4.0], [5.0, 6.0, 7.0]]


def test_only_what_adds_up_is_packed():
    assert can_be_packed(tree(), [lm.metrics.MeanSquaredError()])
    assert not can_be_packed(tree(), [Largest()])
    assert not can_be_packed({"count": ops.zeros(())}, [])
