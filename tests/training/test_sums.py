import numpy as np
import pytest

import lamina as lm
from lamina import ops
from lamina.metrics import Sum
from lamina.training._sums import Tally


class Largest(lm.metrics.Metric):
    """A metric whose values do not add up."""

    def merge(self, first, second):
        return {"largest": ops.maximum(first["largest"], second["largest"])}


def nothing():
    return {"loss": Sum.zero(), "matrix": {"cells": Sum.zero((2, 3))}}


def step(tally, carried, loss, cells):
    """Carry the sums through a step that adds to them."""
    before = tally.before(carried)
    found = {"loss": before["loss"] + loss, "matrix": {"cells": before["matrix"]["cells"] + cells}}
    return tally.after(carried, found)


@pytest.mark.parametrize("metrics", [[], [lm.metrics.MeanSquaredError()], [Largest()]])
def test_a_tally_adds_up_what_each_step_adds(metrics):
    tally, cells = Tally(nothing(), metrics), ops.arange(6.0).reshape(2, 3)

    found = tally.tree(step(tally, step(tally, tally.start(), 1.5, cells), 2.0, cells))

    assert float(found["loss"].value) == 3.5
    assert found["matrix"]["cells"].value.tolist() == [[0.0, 2.0, 4.0], [6.0, 8.0, 10.0]]


def test_a_tally_loses_nothing_to_rounding():
    tally = Tally(nothing(), [])

    carried = step(tally, tally.start(), 2.0**24, 0.0)
    found = tally.tree(step(tally, step(tally, carried, 1.0, 1.0), 1.0, 1.0))

    assert float(found["loss"].value) == 2.0**24 + 2


def test_only_what_adds_up_is_carried_as_one_array():
    counts = {"count": np.zeros(())}

    assert Tally(nothing(), [lm.metrics.MeanSquaredError()]).start().high.shape == (7,)
    assert Tally(nothing(), [Largest()]).start().keys() == nothing().keys()
    assert Tally(counts, []).start() is counts
