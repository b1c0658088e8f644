import numpy as np
import optax
import pytest

from lamina import optimizers
from lamina._core.config import settings_of
from lamina._core.portable import encode
from lamina.errors import ArgumentError, FormatError
from lamina.optimizers import AverageWeights, ClipNorm, FromOptax


def test_it_makes_the_steps_of_optax(steps):
    ours = optimizers.get([ClipNorm(1.0), optax.sgd(0.1, momentum=0.9), AverageWeights()])

    weights = steps(ours, [1.0, 1.0], [[3.0, 4.0], [0.3, 0.4]])

    np.testing.assert_allclose(weights, [[0.94, 0.92], [0.856, 0.808]], rtol=1e-6)


def test_its_numbers_are_out_of_reach():
    optimizer = FromOptax(optax.adam(0.1))

    assert optimizer.learning_rate is None
    assert list(settings_of(optimizer)) == []
    assert repr(optimizer) == "FromOptax(...)"


def test_it_cannot_be_written_to_a_file():
    optimizer = FromOptax(optax.adam(0.1))

    with pytest.raises(FormatError, match=r"FromOptax\(optax_transformation\): expected what a file can carry"):
        encode(optimizer, where="model")


@pytest.mark.parametrize("value", [optax.adam, "adam", (1, 2)])
def test_anything_else_is_refused(value):
    with pytest.raises(ArgumentError, match=r"FromOptax\(optax_transformation\): .*\n  Fix: call the function"):
        FromOptax(value)
