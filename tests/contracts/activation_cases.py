"""One line for each activation and setting: what `test_activations.py` holds every one of them to.

A reference is the formula once more, in NumPy, for an array of float64.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import special

from lamina import activations

SELU_ALPHA, SELU_SCALE = 1.6732632423543772848, 1.0507009873554804934


@dataclass(frozen=True)
class Case:
    """An activation, its arguments, its reference, and twice the largest input whose output float32 can hold."""

    activation: Callable
    reference: Callable
    arguments: dict[str, Any] = field(default_factory=dict)
    largest: float = 3e38

    def __call__(self, x):
        return self.activation(x, **self.arguments)

    @property
    def label(self):
        return f"{self.activation.__name__}({', '.join(f'{name}={value}' for name, value in self.arguments.items())})"


def elu(x, alpha=1.0):
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


def gelu_by_tanh(x):
    return x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))) / 2


def relu6(x):
    return np.clip(x, 0, 6)


def sparse_plus(x):
    return np.select([x <= -1, x < 1], [0 * x, (x + 1) ** 2 / 4], x)


def sparsemax(x, axis=-1):
    """Find the threshold by bisection, as no sorting is needed for that."""
    low, high = x.max(axis, keepdims=True) - 1, x.max(axis, keepdims=True)
    for _ in range(100):
        middle = (low + high) / 2
        too_low = np.maximum(x - middle, 0).sum(axis, keepdims=True) > 1
        low, high = np.where(too_low, middle, low), np.where(too_low, high, middle)
    return np.maximum(x - high, 0)


CASES = [
    Case(activations.celu, elu),
    Case(activations.celu, lambda x: 2 * elu(x / 2), {"alpha": 2.0}),
    Case(activations.elu, elu),
    Case(activations.elu, lambda x: elu(x, 0.3), {"alpha": 0.3}),
    Case(activations.exponential, np.exp, largest=170.0),
    Case(activations.gelu, lambda x: x * special.ndtr(x)),
    Case(activations.gelu, gelu_by_tanh, {"approximate": True}),
    Case(activations.hard_shrink, lambda x: np.where(np.abs(x) > 0.5, x, 0)),
    Case(activations.hard_shrink, lambda x: np.where(np.abs(x) > 1.5, x, 0), {"threshold": 1.5}),
    Case(activations.hard_sigmoid, lambda x: relu6(x + 3) / 6),
    Case(activations.hard_silu, lambda x: x * relu6(x + 3) / 6),
    Case(activations.hard_tanh, lambda x: np.clip(x, -1, 1)),
    Case(activations.leaky_relu, lambda x: np.where(x > 0, x, 0.2 * x)),
    Case(activations.leaky_relu, lambda x: np.where(x > 0, x, 0.01 * x), {"negative_slope": 0.01}),
    Case(activations.linear, lambda x: x),
    Case(activations.log_sigmoid, special.log_expit),
    Case(activations.log_softmax, lambda x: special.log_softmax(x, axis=-1)),
    Case(activations.log_softmax, lambda x: special.log_softmax(x, axis=0), {"axis": 0}),
    Case(activations.mish, lambda x: x * np.tanh(np.log1p(np.exp(x)))),
    Case(activations.relu, lambda x: np.maximum(x, 0)),
    Case(activations.relu, lambda x: np.where(x > 0, x, 0.1 * x), {"negative_slope": 0.1}),
    Case(activations.relu, lambda x: np.clip(x, 0, 2), {"max_value": 2.0}),
    Case(activations.relu, lambda x: np.where(x > 1, x, 0.5 * (x - 1)), {"negative_slope": 0.5, "threshold": 1.0}),
    Case(activations.relu6, relu6),
    Case(activations.selu, lambda x: SELU_SCALE * elu(x, SELU_ALPHA)),
    Case(activations.sigmoid, special.expit),
    Case(activations.silu, lambda x: x * special.expit(x)),
    Case(activations.soft_shrink, lambda x: np.sign(x) * np.maximum(np.abs(x) - 0.5, 0)),
    Case(activations.soft_shrink, lambda x: np.sign(x) * np.maximum(np.abs(x) - 1.5, 0), {"threshold": 1.5}),
    Case(activations.softmax, lambda x: special.softmax(x, axis=-1)),
    Case(activations.softmax, lambda x: special.softmax(x, axis=0), {"axis": 0}),
    Case(activations.softplus, lambda x: np.log1p(np.exp(x))),
    Case(activations.softsign, lambda x: x / (1 + np.abs(x))),
    Case(activations.sparse_plus, sparse_plus),
    Case(activations.sparse_sigmoid, lambda x: np.clip((x + 1) / 2, 0, 1)),
    Case(activations.sparsemax, sparsemax),
    Case(activations.sparsemax, lambda x: sparsemax(x, 0), {"axis": 0}),
    Case(activations.squareplus, lambda x: (x + np.sqrt(x**2 + 4)) / 2),
    Case(activations.squareplus, lambda x: (x + np.sqrt(x**2 + 1)) / 2, {"b": 1.0}),
    Case(activations.step, lambda x: np.heaviside(x, 0)),
    Case(activations.tanh, np.tanh),
    Case(activations.tanh_shrink, lambda x: x - np.tanh(x)),
]
