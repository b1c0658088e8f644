import numpy as np
import pytest

from lamina import ops
from lamina.layers import Graph, Input, Run, apply


class Call:
    """Calls a layer on arrays as a model would, and remembers the run of the last call."""

    def __call__(self, layer, *inputs, weights=None, training=False, key=0, rows=None, frozen=False):
        inputs = [np.asarray(x, None if np.asarray(x).dtype.kind == "i" else "float32") for x in inputs]
        symbols = [Input(x.shape[1:], dtype="int32" if x.dtype.kind == "i" else "float32") for x in inputs]
        graph = Graph(symbols, [layer(symbols if layer.many_inputs else symbols[0])])
        (self.path,) = graph.layers()
        self.run = Run(
            training=training,
            key=ops.random.key(np.array([0, key], "uint32")),
            rows=None if rows is None else np.asarray(rows),
            frozen=frozenset([self.path] if frozen else []),
        )
        arrays = {name: np.asarray(array, "float32") for name, array in (weights or {}).items()}
        (output,) = apply(graph, {self.path: arrays}, [ops.asarray(x) for x in inputs], self.run)
        return np.asarray(output)

    @property
    def moved(self):
        return {name: np.asarray(value) for name, value in self.run.moved.get(self.path, {}).items()}

    @property
    def penalty(self):
        return float(sum(self.run.penalties))


@pytest.fixture
def call():
    """Return a function that calls a layer on arrays, with the arrays of its weights."""
    return Call()
