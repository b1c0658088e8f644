"""What the tests of optimizers share."""

import operator

import numpy as np
import pytest

from lamina import ops


@pytest.fixture
def steps():
    """Return a function that makes one step for each gradient, and gives the weights after each; lists are arrays."""

    def run(optimizer, weights, gradients):
        transformation = optimizer.transformation()
        weights = on_device(weights)
        state = transformation.init(weights)
        passed = []
        for gradient in gradients:
            changes, state = transformation.update(on_device(gradient), state, weights)
            weights = ops.tree_map(operator.add, weights, changes)
            passed.append(ops.tree_map(np.asarray, weights))
        return passed

    return run


def on_device(tree):
    def is_array(item):
        return isinstance(item, list)

    return ops.tree_map(lambda values: ops.asarray(values, "float32"), tree, is_leaf=is_array)
