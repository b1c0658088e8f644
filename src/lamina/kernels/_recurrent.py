"""Recurrent layers over all time steps at once.

On a CPU a native kernel takes rows of the batch through all steps, many rows in each thread; the gradient of the inputs
is left to XLA, which does not compute it where nobody asks for it, as for the first layer of a network.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import jax
import jax.numpy as jnp
from jax import Array
from jax.nn import sigmoid
from jax.numpy import tanh

from lamina.kernels import _recurrent_native as native
from lamina.kernels import _recurrent_twin as twin
from lamina.kernels._halves import in_float32
from lamina.kernels._library import is_native
from lamina.kernels._recurrent_twin import Function, States, Weights

Whole: TypeAlias = tuple[Array, Array, Array]

USUAL = (tanh, sigmoid)
"""The activations that the native kernels have."""


@in_float32
def simple_rnn(
    x: Array,
    weights: Weights,
    states: States,
    *,
    mask: Array | None = None,
    kept: Array | None = None,
    activations: tuple[Function] = USUAL[:1],
) -> tuple[Array, States]:
    """Return all outputs and the last state of ``h = activation(x @ kernel + h @ recurrent_kernel + bias)``.

    Args:
        x: of shape (batch, time, features).
        weights: the kernel (features, units), the recurrent kernel (units, units), and the bias (units,) or None.
        states: the state h before the first step, (batch, units).
        mask: which steps are real, booleans of shape (batch, time); a step left out keeps the states and repeats the
            output before it. None when all are.
        kept: what h is multiplied by before each product, (batch, units): a dropout mask. None for none.
        activations: the activation.
    """
    return twin.simple_rnn(x, weights, states, mask, kept, activations)


@in_float32
def lstm(
    x: Array,
    weights: Weights,
    states: States,
    *,
    mask: Array | None = None,
    kept: Array | None = None,
    activations: tuple[Function, Function] = USUAL,
) -> tuple[Array, States]:
    """Return all outputs and the last states (h, c) of the long short-term memory.

    With ``i, f, g, o = x @ kernel + h @ recurrent_kernel + bias``, one quarter each, and the activations a and s:
    ``c = s(f) · c + s(i) · a(g)``, ``h = s(o) · a(c)``.

    Args:
        x: of shape (batch, time, features).
        weights: the kernel (features, 4 · units), the recurrent kernel (units, 4 · units), and the bias (4 · units,) or
            None.
        states: h and c before the first step, each of shape (batch, units).
        mask: as for `simple_rnn`.
        kept: as for `simple_rnn`.
        activations: a and s, tanh and the sigmoid by default.
    """
    kernel, recurrent_kernel, bias = weights
    if activations != USUAL or not is_native(x, kernel, recurrent_kernel, *states):
        return twin.lstm(x, weights, states, mask, kept, activations)
    bias = jnp.zeros(kernel.shape[1:], kernel.dtype) if bias is None else bias
    outputs, c = _lstm(x, (kernel, recurrent_kernel, bias), states, mask, kept)
    return outputs, (outputs[:, -1], c)


@in_float32
def gru(
    x: Array,
    weights: Weights,
    states: States,
    *,
    reset_after: bool = True,
    mask: Array | None = None,
    kept: Array | None = None,
    activations: tuple[Function, Function] = USUAL,
) -> tuple[Array, States]:
    """Return all outputs and the last state of the gated recurrent unit.

    With ``z, r, p = x @ kernel + bias[0]`` and ``z', r', q = h @ recurrent_kernel + bias[1]``, one third each, and the
    activations a and s: ``z = s(z + z')``, ``r = s(r + r')``, ``h = z · h + (1 - z) · a(p + r · q)``. Where the reset
    gate comes before the product, r · h is multiplied to get q, and there is one bias.

    Args:
        x: of shape (batch, time, features).
        weights: the kernel (features, 3 · units), the recurrent kernel (units, 3 · units), and the bias, (2, 3 · units)
            or (3 · units,), or None.
        states: h before the first step, (batch, units).
        reset_after: whether the reset gate comes after the product.
        mask: as for `simple_rnn`.
        kept: as for `simple_rnn`.
        activations: a and s, tanh and the sigmoid by default.
    """
    kernel, recurrent_kernel, bias = weights
    if activations != USUAL or not is_native(x, kernel, recurrent_kernel, *states):
        form = twin.gru if reset_after else twin.gru_reset_before
        return form(x, weights, states, mask, kept, activations)
    biases = (2, *kernel.shape[1:]) if reset_after else kernel.shape[1:]
    bias = jnp.zeros(biases, kernel.dtype) if bias is None else bias
    outputs = _gru(x, (kernel, recurrent_kernel, bias), states[0], mask, kept)
    return outputs, (outputs[:, -1],)


@jax.custom_vjp
def _lstm(x: Array, weights: Whole, states: States, mask: Array | None, kept: Array | None) -> tuple[Array, Array]:
    outputs, c, _, _ = native.lstm(x, weights, states, mask, kept, saves=False)
    return outputs, c


def _lstm_forward(
    x: Array, weights: Whole, states: States, mask: Array | None, kept: Array | None
) -> tuple[tuple[Array, Array], Any]:
    outputs, c, *saved = native.lstm(x, weights, states, mask, kept, saves=True)
    return (outputs, c), (x, weights, states, mask, kept, (outputs, *saved))


def _lstm_backward(given: Any, slopes: tuple[Array, Array]) -> tuple[Any, ...]:
    x, (kernel, recurrent_kernel, _), states, mask, kept, saved = given
    sums, *weights, h, c = native.lstm_gradient(slopes, x, recurrent_kernel, states, mask, kept, saved)
    return _input_slopes(sums, kernel), tuple(weights), (h, c), None, None


@jax.custom_vjp
def _gru(x: Array, weights: Whole, h: Array, mask: Array | None, kept: Array | None) -> Array:
    outputs: Array = native.gru(x, weights, h, mask, kept, saves=False)[0]
    return outputs


def _gru_forward(x: Array, weights: Whole, h: Array, mask: Array | None, kept: Array | None) -> tuple[Array, Any]:
    outputs, *saved = native.gru(x, weights, h, mask, kept, saves=True)
    return outputs, (x, weights, h, mask, kept, (outputs, *saved))


def _gru_backward(given: Any, slopes: Array) -> tuple[Any, ...]:
    x, weights, h, mask, kept, saved = given
    sums, *own, h = native.gru_gradient(slopes, x, weights, h, mask, kept, saved)
    return _input_slopes(sums, weights[0]), tuple(own), h, None, None


def _input_slopes(sums: Array, kernel: Array) -> Array:
    """Return the slopes of the inputs from those of the sums, which lie step by step."""
    return jnp.swapaxes(sums @ kernel.T, 0, 1)


_lstm.defvjp(_lstm_forward, _lstm_backward)
_gru.defvjp(_gru_forward, _gru_backward)
