"""What holds for every layer in every precision: it runs forward and backward, and moving values keep their type."""

import contextlib

import jax
import numpy as np
import pytest

from contracts.cases import CASES
from lamina import ops
from lamina._core.config import settings_of, with_settings
from lamina.layers import Graph, Identity, Input, Run, apply

ROWS = 5


def network(case):
    """Return a network in which the outputs of the layer are given by others, as those of a network are in float32."""
    symbols = [Input(shape, dtype="int32" if case.tokens else "float32") for shape in case.inputs]
    made = case.layer(symbols if case.layer.many_inputs else symbols[0])
    return Graph(symbols, [Identity()(symbol) for symbol in (made if isinstance(made, tuple) else (made,))])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
@pytest.mark.parametrize("dtype", ["bfloat16", "float64"])
def test_it_gives_wide_outputs_slopes_and_moving_values(case, dtype):
    graph, wide = network(case), ops.wide(dtype)
    path = graph.steps[0].path
    settings = {name: np.float32(value) for name, value in settings_of(case.layer)}
    declared = graph.declared().get(path, {})
    weights = {name: np.ones(weight.shape, weight.typed(wide)) for name, weight in declared.items()}
    inputs = [np.ones((ROWS, *shape), "int32" if case.tokens else wide) for shape in case.inputs]

    def value(weights, settings):
        run = Run(training=True, key=ops.random.key(np.zeros(2, "uint32")), dtype=dtype)
        layers = {path: with_settings(case.layer, settings)}
        outputs = apply(graph, {path: weights}, [ops.asarray(x) for x in inputs], run, layers=layers)
        return sum(map(ops.sum, outputs)), (outputs, run.moved.get(path, {}))

    floating = {name: array for name, array in weights.items() if array.dtype == wide}
    with ops.double_precision() if dtype == "float64" else contextlib.nullcontext():
        slopes, (outputs, moved) = jax.eval_shape(
            lambda: jax.grad(lambda own: value(weights | own, settings), has_aux=True)(floating)
        )

    assert {array.dtype.name for array in (*outputs, *moved.values(), *slopes.values())} == {wide}
