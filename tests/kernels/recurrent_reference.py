"""Recurrent layers in float64 NumPy, one step after the other, from the formulas as they are documented."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st

from lamina.kernels import gru, lstm, simple_rnn


class Kind(NamedTuple):
    """A recurrent layer: its function, the parts of its kernels, its states, and the rows of its bias."""

    name: str
    function: Callable[..., Any]
    gates: int
    states: int
    biases: int = 0

    def shapes(self, features, units):
        """Return the shapes of kernel, recurrent kernel and bias."""
        width = self.gates * units
        return (features, width), (units, width), (self.biases, width) if self.biases else (width,)


KINDS = (
    Kind("simple_rnn", simple_rnn, 1, 1),
    Kind("lstm", lstm, 4, 2),
    Kind("gru", gru, 3, 1, 2),
    Kind("gru, reset before", functools.partial(gru, reset_after=False), 3, 1),
)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def step(kind, x, weights, states, kept):
    """Return the states after one step."""
    kernel, recurrent_kernel, bias = weights
    h = states[0]
    own, inner = (bias[0], bias[1]) if kind.biases else (bias, 0)
    now, inner = x @ kernel + own, (h * kept) @ recurrent_kernel + inner
    if kind.name == "simple_rnn":
        return (np.tanh(now + inner),)
    if kind.name == "lstm":
        i, f, g, o = np.split(now + inner, 4, axis=-1)
        c = sigmoid(f) * states[1] + sigmoid(i) * np.tanh(g)
        return sigmoid(o) * np.tanh(c), c
    (z, r, p), (own_z, own_r, q) = np.split(now, 3, axis=-1), np.split(inner, 3, axis=-1)
    z, r = sigmoid(z + own_z), sigmoid(r + own_r)
    if kind.name == "gru":
        return (z * h + (1 - z) * np.tanh(p + r * q),)
    return (z * h + (1 - z) * np.tanh(p + (r * h * kept) @ np.split(recurrent_kernel, 3, axis=-1)[2]),)


def recurrence(kind, x, weights, states, *, mask=None, kept=None):
    """Return all outputs and the last states."""
    mask, kept = np.ones(x.shape[:2], bool) if mask is None else mask, 1.0 if kept is None else kept
    outputs = []
    for time in range(x.shape[1]):
        after = step(kind, x[:, time], weights, states, kept)
        states = tuple(np.where(mask[:, time, None], new, old) for new, old in zip(after, states, strict=True))
        outputs.append(states[0])
    return np.stack(outputs, axis=1), states


class Layer(NamedTuple):
    """A layer drawn at random: its kind, the arrays that it can be differentiated by, mask, dropout, and slopes."""

    kind: Kind
    arrays: Any
    options: dict[str, Any]
    slopes: Any

    def value(self, function, arrays):
        """Return one number of what a function makes of arrays: the products with the slopes, summed up."""
        outputs, states = function(*arrays, **self.options)
        return sum((a * b).sum() for a, b in zip((outputs, *states), self.slopes, strict=True))


@st.composite
def recurrent_layers(draw, kinds=KINDS):
    """Draw a layer of any size, some with masks, dropout, both or neither."""
    kind, seed = draw(st.sampled_from(kinds)), draw(st.integers(0, 2**32 - 1))
    rows, time, features, units = (draw(st.integers(1, most)) for most in (9, 5, 9, 36))
    rng = np.random.default_rng(seed)

    def normal(*shape):
        return (rng.normal(size=shape) / 2).astype("float32")

    weights = tuple(normal(*shape) for shape in kind.shapes(features, units))
    states = tuple(normal(rows, units) for _ in range(kind.states))
    return Layer(
        kind,
        (normal(rows, time, features), weights, states),
        {
            "mask": rng.random((rows, time)) < 0.6 if draw(st.booleans()) else None,
            "kept": 2 * rng.integers(2, size=(rows, units)).astype("float32") if draw(st.booleans()) else None,
        },
        (normal(rows, time, units), *(normal(rows, units) for _ in range(kind.states))),
    )
